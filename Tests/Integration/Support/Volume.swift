import Foundation
import Testing

/// A file system of one test's own: ext4 in an image file, or memory with a limit.
struct Volume {
  let folder: URL
  private let image: URL?

  /// Whether this machine lets us mount an image.
  static let mountsImages: @Sendable () async throws -> Bool = {
    try await run("losetup", "--find").status == 0
  }

  /// A fresh ext4 in an image of so many megabytes.
  static func ext4(_ name: String, megabytes: Int, in lab: Lab) async throws -> Volume {
    let image = lab.folder.appending(path: name + ".image")
    try await must("truncate", "-s", "\(megabytes)M", image.path)
    try await must("mkfs.ext4", "-q", "-F", image.path)
    return try await mount(image, at: name, in: lab)
  }

  /// What a power cut at this moment would leave: the image as the disk has it, nothing synced, mounted elsewhere.
  func cut(_ name: String, in lab: Lab, whenCopied: () -> Void) async throws -> Volume {
    let image = try #require(self.image, "only an image can be cut off")
    let copy = lab.folder.appending(path: name + ".image")
    do {
      defer { whenCopied() }
      try await Self.must("cp", "--sparse=always", image.path, copy.path)
    }
    return try await Self.mount(copy, at: name, in: lab)
  }

  /// Memory, so many megabytes of it.
  static func memory(_ name: String, megabytes: Int, in lab: Lab) async throws -> Volume {
    let folder = lab.folder.appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try await must("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder.path)
    return Volume(folder: folder, image: nil)
  }

  /// Fills what is free with one file.
  func fill() async throws {
    _ = try await run("dd", "if=/dev/zero", "of=\(filler.path)", "bs=4096", "status=none")
  }

  func makeRoom() throws {
    try FileManager.default.removeItem(at: filler)
  }

  /// What the kernel does when it finds an ext4 broken: read-only from now on, and what was not synced is lost.
  func breakDown() async throws {
    try await Self.must("mount", "-o", "remount,abort", folder.path)
  }

  /// Mounts what is on the disk, once nobody uses it: from a copy of it. Whatever was started in a network namespace
  /// meanwhile, by this test or by anybody, has got a mount of its own of the image (`ip netns exec`), and as long as
  /// that one lives, the kernel gives out the same broken file system again.
  func mountAnew() async throws {
    let image = try #require(self.image)
    try await Self.must("umount", folder.path)
    let copy = image.path + ".copy"
    try await Self.must("cp", "--sparse=always", image.path, copy)
    try await Self.must("mv", copy, image.path)
    try await Self.must("mount", "-o", "loop", image.path, folder.path)
  }

  func unmount() async throws {
    try await run("umount", "--lazy", folder.path)
    if let image { try FileManager.default.removeItem(at: image) }
  }

  private var filler: URL { folder.appending(path: "filler") }

  private static func mount(_ image: URL, at name: String, in lab: Lab) async throws -> Volume {
    let folder = lab.folder.appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try await must("mount", "-o", "loop", image.path, folder.path)
    return Volume(folder: folder, image: image)
  }

  private static func must(_ words: String...) async throws {
    let result = try await Program(words).result()
    try #require(result.status == 0, "\(words.joined(separator: " ")): \(result.errors)")
  }
}
