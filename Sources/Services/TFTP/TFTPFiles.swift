import Net
import TFTP
import Transport

/// The files that TFTP serves. One that lies in the folder goes before one that is made: whoever put it there meant it
/// for all that ask for its name, and can take it away again, while one that is made could not be laid aside.
struct TFTPFiles: Sendable {
  /// A file, and whether the router that gets it is further on its way then.
  struct Found {
    let content: Content
    let isBootFile: Bool
  }

  let made: BootFiles

  /// Nil where there is no file of this name.
  func find(_ name: FileName, for address: IPv4Address) throws(Admission.Refusal) -> Found? {
    let isBootFile = made.isBootFile(name.path, for: address)
    do throws(FileError) {
      if let file = try made.folder?.open(name.path) {
        return Found(content: .file(FolderFile(file: file)), isBootFile: isBootFile)
      }
    } catch {
      switch error {
      case .exhausted: throw .exhausted(reason: "\(error)")
      case .notFound, .notPermitted, .notRegular, .folder, .notFolder, .danglingLink, .link, .tooLarge, .system:
        throw .unreadable(reason: "\(error)")
      }
    }
    let bytes =
      name.path == BootFileName.hostNames
      ? made.hostNames(for: address) : made.content(named: name.path, for: address)
    return bytes.map { Found(content: .bytes($0), isBootFile: isBootFile) }
  }
}

/// An open file as a transfer reads it.
private struct FolderFile: ContentFile {
  let file: ServedFile

  var size: Int { file.size }

  func read(at offset: Int, count: Int) throws(ContentError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try file.read(at: offset, count: count)
    } catch {
      throw .unreadable("\(error)")
    }
    guard bytes.count == count else { throw .changed }
    return bytes
  }

  func confirmUnchanged() throws(ContentError) {
    guard !file.hasChanged else { throw .changed }
  }
}
