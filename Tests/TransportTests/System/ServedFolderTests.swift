import Foundation
import Testing

@testable import Transport

struct ServedFolderTests {
  private let top = "/tmp/served-\(getpid())-\(Randomness.token(characters: 8))"
  private let folder: ServedFolder

  /// `TOP/secret` lies beside the folder `TOP/root`.
  init() throws {
    folder = ServedFolder(path: top + "/root")
    try FileManager.default.createDirectory(atPath: folder.path + "/sub", withIntermediateDirectories: true)
    try File.replace(top + "/secret", with: [1])
    try File.replace(folder.path + "/file", with: Array(0..<100))
    try File.replace(folder.path + "/sub/file", with: [2, 3])
  }

  private func done() { try? FileManager.default.removeItem(atPath: top) }

  @Test func `a file is read from any place, in subfolders too, and short at its end`() throws {
    defer { done() }
    let file = try #require(try folder.open("file"))
    #expect(file.size == 100)
    #expect(try file.read(at: 10, count: 3) == [10, 11, 12])
    #expect(try file.read(at: 98, count: 10) == [98, 99])
    #expect(try file.read(at: 100, count: 1) == [])
    #expect(try folder.open("sub/file")?.size == 2)
  }

  @Test(arguments: ["none", "none/file", "file/none", String(repeating: "a", count: 256), "", "root"])
  func `a name of nothing is no error`(name: String) throws {
    defer { done() }
    #expect(try folder.open(name) == nil)
  }

  @Test(arguments: ["../secret", "sub/../../secret", "/etc/passwd", "/", "..", "sub/../../root/file"])
  func `no name leads out`(name: String) throws {
    defer { done() }
    #expect(throws: FileError.link(path: name)) { _ = try folder.open(name) }
  }

  @Test(arguments: [
    ("link", "../secret"), ("link", "file"), ("link", "/etc/passwd"), ("link", "/proc/self/root/etc/passwd"),
    ("up/secret", ".."), ("here/file", "sub"),
  ])
  func `no symbolic link is followed`(name: String, target: String) throws {
    defer { done() }
    let link = String(name.prefix { $0 != "/" })
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(link)", withDestinationPath: target)
    #expect(throws: FileError.link(path: name)) { _ = try folder.open(name) }
  }

  @Test func `folders, pipes and devices are no files, and none holds up who asks`() throws {
    defer { done() }
    mkfifo(folder.path + "/pipe", 0o644)
    // The device of /dev/null: major 1, minor 3.
    #expect(mknod(folder.path + "/null", S_IFCHR | 0o644, 1 << 8 | 3) == 0)
    for name in ["sub", "pipe", "null", "."] {
      #expect(throws: FileError.notRegular(path: name)) { _ = try folder.open(name) }
    }
  }

  @Test func `a file that is written to or cut has changed, and one that is replaced has not`() throws {
    defer { done() }
    let file = try #require(try folder.open("file"))
    try File.replace(folder.path + "/file", with: [9])
    #expect(!file.hasChanged)
    #expect(try file.read(at: 0, count: 2) == [0, 1])

    let other = try #require(try folder.open("sub/file"))
    truncate(folder.path + "/sub/file", 1)
    #expect(other.hasChanged)
    #expect(try other.read(at: 0, count: 2) == [2])
  }

  @Test func `a folder that is not there has no files, and says why`() throws {
    defer { done() }
    #expect(folder.problem == nil)
    let none = ServedFolder(path: top + "/none")
    #expect(none.problem == .notFound(path: none.path))
    #expect(try none.open("file") == nil)
    #expect(ServedFolder(path: top + "/secret").problem != nil)
    // Its own name may be a link, and it may come later.
    try FileManager.default.createSymbolicLink(atPath: none.path, withDestinationPath: "root")
    #expect(none.problem == nil)
    #expect(try none.open("file")?.size == 100)
  }
}
