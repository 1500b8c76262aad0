import CWMP
import HTTP
import Net
import Store
import Transport

/// URLs of the files that are kept, and of those that are to come.
extension ConfigurationFiles {
  static let uploads = "/uploads/"

  /// Download and Upload take no longer ones (TR-069 section A.3.2.8, A.4.1.5).
  static let longestURL = 256

  /// Ends with the file's name where that fits: some routers go by the suffix.
  func url(of file: FileRecord, for device: DeviceID, after request: HTTP.Request, at now: Timestamp) -> String {
    let path = Self.folder + file.digest.prefix(16)
    let named = url(path: "\(path)/\(file.name)", for: device, after: request, at: now)
    return named.utf8.count <= Self.longestURL ? named : url(path: path, for: device, after: request, at: now)
  }

  /// Where a device may put one file, as often as it has to. `commandKey` tells it from others of the device.
  func uploadURL(
    _ kind: FileKind, for device: DeviceID, commandKey: String, after request: HTTP.Request, at now: Timestamp
  ) -> String {
    url(path: "\(Self.uploads)\(kind.rawValue)/\(Self.safe(commandKey))", for: device, after: request, at: now)
  }

  /// What an upload's path says, where it is one of ours: the path is signed, so that nobody chooses it.
  static func upload(path: String) -> (kind: FileKind, key: String)? {
    let parts = path.dropFirst(uploads.count).split(separator: "/", omittingEmptySubsequences: false)
    guard path.hasPrefix(uploads), parts.count == 2, let kind = FileKind(rawValue: String(parts[0])) else { return nil }
    return (kind, String(parts[1]))
  }

  /// The name under which an upload is kept: of its device, and of the request that it answers, so that a router that
  /// tries again puts its file in the place of the first try.
  static func name(of device: DeviceID, _ kind: FileKind, key: String) -> FileRecord.Name? {
    let suffix =
      switch kind {
      case .configuration: "cfg"
      case .log: "log"
      case .firmware, .other: "bin"
      }
    let end = "-\(kind.rawValue)-\(key).\(suffix)"
    return FileRecord.Name(rawValue: "\(device)".prefix(max(0, 255 - end.utf8.count)) + end)
  }

  private static func safe(_ key: String) -> String {
    String(
      decoding: key.utf8.prefix(32).map { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."):
          byte
        default: UInt8(ascii: "_")
        }
      }, as: UTF8.self)
  }
}
