import Foundation
import Testing
import Transport

struct ContentFolderTests {
  /// SHA-256 of `abc` (FIPS 180-4).
  private let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  private func withFolder(_ body: (ContentFolder) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(ContentFolder(path: path))
  }

  private func names(in folder: ContentFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func `a content lies under its digest once it is kept`() throws {
    try withFolder { folder throws in
      for _ in 0..<2 {
        let writer = try folder.begin()
        try writer.write(Array("a".utf8))
        try writer.write(Array("bc".utf8))
        let finished = try writer.finish()
        #expect(finished.digest == digest && finished.size == 3)
        try writer.keep(as: digest)
        #expect(try names(in: folder) == [digest])
      }
      #expect(try folder.open(digest)?.read(at: 1, count: 9) == Array("bc".utf8))
      try folder.remove(digest)
      try folder.remove(digest)
      #expect(try folder.open(digest) == nil)
      #expect(try names(in: folder) == [])
    }
  }

  @Test func `what is not kept is gone with its writer`() throws {
    try withFolder { folder throws in
      do {
        let writer = try folder.begin()
        try writer.write([1])
        #expect(try names(in: folder).count == 1)
      }
      #expect(try names(in: folder) == [])
    }
  }

  @Test func `leftovers of a crash go, and what is missing is told`() throws {
    try withFolder { folder throws in
      let other = String(repeating: "0", count: 64)
      for name in ["x.part", digest, other, "README"] {
        try Data([1]).write(to: URL(filePath: "\(folder.path)/\(name)"))
      }
      let gone = String(repeating: "f", count: 64)
      let result = try folder.removeLeftovers(keeping: [digest, gone])
      #expect(result.removed == 2 && result.missing == [gone])
      #expect(try names(in: folder) == ["README", digest])
    }
  }

  @Test func `no name but a digest leads into the folder`() throws {
    try withFolder { folder throws in
      for name in ["../x", "", "README", digest.uppercased() + "0"] { #expect(try folder.open(name) == nil) }
      #expect(try folder.freeBytes() > 0)
    }
  }
}
