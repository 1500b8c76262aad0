import Foundation
import Testing

/// The state folder as a whole: one daemon has it, and its key and its database belong together.
struct StateFolderTests {
  /// Starts a daemon that is to refuse, beside whatever runs.
  private func refused(_ lab: Lab, state: URL) async throws -> Program.Result {
    try await Program(
      [
        try Daemon.binary, "serve", "--interface", Lab.port, "--state", state.path, "--control",
        lab.folder.appending(path: "other").path,
      ], in: lab.appliance
    ).result(within: 10)
  }

  private func expect(
    _ result: Program.Result, tells words: [String], _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == 1, "\(result.status)", sourceLocation: location)
    for word in words + ["Nothing was started"] {
      #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: location)
    }
  }

  @Test func `a second daemon on the same folder is refused, and the first one's end lets it in`() async throws {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let first = try await Daemon(in: lab, state: state)
      expect(try await refused(lab, state: state), tells: ["Another usher", "serves with the folder", "--state"])
      let link = lab.folder.appending(path: "link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: state)
      expect(try await refused(lab, state: link), tells: ["Another usher"])
      #expect(try await first.usher("status").status == 0)
      // Whether it is asked to end or has no time to.
      try await first.kill()
      let second = try await Daemon(in: lab, state: state)
      try await second.stop()
      let third = try await Daemon(in: lab, state: state)
      try await third.stop()
    }
  }

  @Test func `a key that is gone, cut, or another's is told, and none is made in its place`() async throws {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let daemon = try await Daemon(in: lab, state: state)
      try await daemon.stop()
      let path = state.appending(path: "secret.key")
      let key = try Data(contentsOf: path)

      try FileManager.default.removeItem(at: path)
      expect(try await refused(lab, state: state), tells: ["secret.key is gone", "Put it back"])
      #expect(!FileManager.default.fileExists(atPath: path.path))
      try Data().write(to: path)
      expect(try await refused(lab, state: state), tells: ["is not a key of 32 bytes"])
      try key.dropLast().write(to: path)
      expect(try await refused(lab, state: state), tells: ["is not a key of 32 bytes"])
      try Data(key.reversed()).write(to: path)
      expect(try await refused(lab, state: state), tells: ["is not the key of", "Put the right key back"])
      for (way, told) in UnusableFilesTests.hindrances.dropFirst() {
        let made = try await Program(["sh", "-c", way, "sh", path.path]).result()
        #expect(made.status == 0, "\(made.errors)")
        expect(try await refused(lab, state: state), tells: [told])
        try FileManager.default.removeItem(at: path)
      }
      try key.write(to: path)
      let again = try await Daemon(in: lab, state: state)
      try await again.stop()
    }
  }

  @Test func `a database that is gone, empty, no database, or another's is told, and none is made`() async throws {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let other = lab.folder.appending(path: "state-of-another")
      for folder in [state, other] { try await Daemon(in: lab, state: folder).stop() }
      let path = state.appending(path: "usher.db")
      let kept = try Data(contentsOf: path)

      try FileManager.default.removeItem(at: path)
      expect(try await refused(lab, state: state), tells: ["usher.db is gone", "Put it back"])
      #expect(!FileManager.default.fileExists(atPath: path.path))
      try Data().write(to: path)
      expect(try await refused(lab, state: state), tells: ["usher.db is gone"])
      try Data("rubbish, and not a little of it".utf8).write(to: path)
      expect(try await refused(lab, state: state), tells: ["usher.db", "not a database", "Put back a copy"])
      try Data(contentsOf: other.appending(path: "usher.db")).write(to: path)
      expect(try await refused(lab, state: state), tells: ["is not the key of"])
      for (way, told) in UnusableFilesTests.hindrances.dropFirst() {
        let made = try await Program(["sh", "-c", way, "sh", path.path]).result()
        #expect(made.status == 0, "\(made.errors)")
        expect(try await refused(lab, state: state), tells: [told])
        try FileManager.default.removeItem(at: path)
      }
      try kept.write(to: path)
      let again = try await Daemon(in: lab, state: state)
      try await again.stop()
    }
  }

  @Test func `a database of before there were checks of the key is judged by its credentials, and gets one`()
    async throws
  {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let daemon = try await Daemon(in: lab, state: state)
      let router = try lab.router("210235A1B2C3D4E5F601")
      let journey = try await daemon.journey(of: "210235A1B2C3D4E5F601", within: 60) { $0.reached.contains("secured") }
      #expect(journey.reached.contains("secured"))
      try await router.stop()
      try await daemon.stop()
      let removal =
        "import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); "
        + "print(d.execute(\"DELETE FROM setting WHERE name='key-check'\").rowcount); d.commit()"
      let removed = try await Program(["python3", "-c", removal, state.appending(path: "usher.db").path]).result()
      #expect(removed.output == "1\n", "\(removed.errors)")

      let path = state.appending(path: "secret.key")
      let key = try Data(contentsOf: path)
      try Data(key.reversed()).write(to: path)
      expect(try await refused(lab, state: state), tells: ["is not the key of"])
      try key.write(to: path)
      try await Daemon(in: lab, state: state).stop()
      let again = try await Program(["python3", "-c", removal, state.appending(path: "usher.db").path]).result()
      #expect(again.output == "1\n", "\(again.errors)")
    }
  }

  @Test func `a first start that was cut short anywhere goes on with the next`() async throws {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let daemon = try await Daemon(in: lab, state: state)
      try await daemon.stop()
      let key = state.appending(path: "secret.key")
      let begun = state.appending(path: "secret.key.new")
      #expect(!FileManager.default.fileExists(atPath: begun.path))

      // The key has not got its name.
      try FileManager.default.moveItem(at: key, to: begun)
      try await Daemon(in: lab, state: state).stop()
      #expect(FileManager.default.fileExists(atPath: key.path) && !FileManager.default.fileExists(atPath: begun.path))
      // There is no database yet.
      try FileManager.default.moveItem(at: key, to: begun)
      try FileManager.default.removeItem(at: state.appending(path: "usher.db"))
      try await Daemon(in: lab, state: state).stop()
      #expect(FileManager.default.fileExists(atPath: key.path))
      // What was begun is not the key of this database.
      try FileManager.default.removeItem(at: key)
      try Data(repeating: 7, count: 32).write(to: begun)
      expect(try await refused(lab, state: state), tells: ["secret.key is gone", "Put the right one back"])
    }
  }

  @Test func `what stands in the place of the state folder is told`() async throws {
    try await Lab.with { lab in
      let path = lab.folder.appending(path: "state")
      try Data().write(to: path)
      expect(try await refused(lab, state: path), tells: ["is no folder"])
      try FileManager.default.removeItem(at: path)
      try FileManager.default.createSymbolicLink(atPath: path.path, withDestinationPath: "/nowhere/at-all")
      expect(try await refused(lab, state: path), tells: ["leads to nothing"])
      try FileManager.default.removeItem(at: path)
      try FileManager.default.createDirectory(
        at: path.appending(path: "usher.lock"), withIntermediateDirectories: true)
      expect(try await refused(lab, state: path), tells: ["The lock of the state folder"])
      try FileManager.default.removeItem(at: path.appending(path: "usher.lock"))
      try Data().write(to: path.appending(path: "files"))
      expect(try await refused(lab, state: path), tells: ["The folder of the files that are kept"])
    }
  }
}
