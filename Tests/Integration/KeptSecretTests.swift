import Foundation
import Testing

/// What somebody reads who has the database, and not the key.
@Suite(.serialized)
struct KeptSecretTests {
  private func holds(_ word: String, _ state: URL) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: state.path).filter { $0.hasPrefix("usher.db") }
      .contains { try Data(contentsOf: state.appending(path: $0)).firstRange(of: Data(word.utf8)) != nil }
  }

  private func password(_ daemon: Daemon) async throws -> String {
    try #require(try await daemon.json("credentials").first?["password"] as? String)
  }

  @Test func `the password of first sessions is in no file in the clear, and one that an older version left is sealed`()
    async throws
  {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let first = try await Daemon(in: lab, state: state)
      let made = try await password(first)
      #expect(made.count == 16)
      #expect(try !holds(made, state))
      try await first.stop()

      // As versions of before kept it.
      let word = "lyingintheclear1"
      let change =
        "import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); "
        + "print(d.execute(\"UPDATE setting SET value=? WHERE name='bootstrap-password'\", "
        + "(sys.argv[2].encode(),)).rowcount); d.commit()"
      let changed = try await Program(
        ["python3", "-c", change, state.appending(path: "usher.db").path, word]
      ).result()
      #expect(changed.output == "1\n", "\(changed.errors)")
      #expect(try holds(word, state))
      let second = try await Daemon(in: lab, state: state)
      #expect(try await password(second) == word)
      #expect(try await eventually(within: 20) { try !self.holds(word, state) })
      try await second.kill()
      let third = try await Daemon(in: lab, state: state)
      #expect(try await password(third) == word)
      #expect(try !holds(word, state))
      try await third.stop()
    }
  }
}
