import Foundation
import Testing

@testable import Transport

struct FileTests {
  private let folder = "/tmp/link-\(getpid())-\(Randomness.token(characters: 8))"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  @Test func `what was put in a file is read back, and only its owner may`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/key"
    try File.replace(path, with: [1, 2, 3])
    try File.replace(path, with: [4, 5])
    #expect(try File.read(path, limit: 2) == [4, 5])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key"])
  }

  @Test func `a file of any size up to the limit is read whole, one byte more is refused`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/large"
    let bytes = [UInt8](repeating: 7, count: 200_000)
    try File.replace(path, with: bytes, mode: 0o644)
    #expect(try File.read(path, limit: 200_000) == bytes)
    #expect(throws: FileError.tooLarge(path: path, limit: 199_999)) { _ = try File.read(path, limit: 199_999) }
    try File.replace(path, with: [])
    #expect(try File.read(path, limit: 0) == [])
  }

  @Test func `a file that claims no size is held to the limit all the same`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try File.read("/proc/self/stat", limit: 10_000).isEmpty == false)
    #expect(throws: FileError.tooLarge(path: "/proc/self/stat", limit: 3)) {
      _ = try File.read("/proc/self/stat", limit: 3)
    }
  }

  @Test func `a link to nothing is there, and so is what stands behind one`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let link = folder + "/link"
    symlink("/nowhere/at-all", link)
    for path in [link, link + "/below"] {
      #expect(throws: FileError.danglingLink(path: link)) { _ = try File.readIfThere(path, limit: 1) }
      #expect(throws: FileError.danglingLink(path: link)) { _ = try File.size(path) }
      #expect(!File.isAbsent(path))
    }
    #expect(try File.readIfThere(folder + "/none/below", limit: 1) == nil)
    #expect(try File.size(folder + "/none") == nil)
    #expect(File.isAbsent(folder + "/none/below"))
    #expect(FileError.danglingLink(path: link).cure?.contains(link) == true)
  }

  @Test func `a folder has one lock, which its holder's end gives back`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/lock"
    var lock: FolderLock? = try FolderLock(path)
    #expect(throws: FolderLockError.held(process: Int(getpid()))) { _ = try FolderLock(path) }
    #expect(lock != nil)
    lock = nil
    lock = try FolderLock(path)
    #expect(lock != nil)
    symlink("/nowhere/at-all", folder + "/link")
    #expect(throws: FolderLockError.self) { _ = try FolderLock(folder + "/link") }
  }

  @Test func `what is not there or no file is refused with its reason`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: FileError.notFound(path: folder + "/none")) { _ = try File.read(folder + "/none", limit: 1) }
    #expect(throws: FileError.folder(path: folder)) { _ = try File.read(folder, limit: 1) }
    let file = folder + "/file"
    try File.replace(file, with: [1])
    #expect(throws: FileError.notFolder(path: file)) { _ = try File.read(file + "/below", limit: 1) }
    let pipe = folder + "/pipe"
    mkfifo(pipe, 0o600)
    #expect(throws: FileError.notRegular(path: pipe)) { _ = try File.read(pipe, limit: 1) }
    #expect(throws: FileError.self) { try File.replace(folder + "/none/key", with: [1]) }
  }

  @Test func `a failed replacement leaves the old content and nothing beside it`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/target"
    try FileManager.default.createDirectory(atPath: path + "/inside", withIntermediateDirectories: true)
    #expect(throws: FileError.self) { try File.replace(path, with: [1]) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["target"])
  }
}
