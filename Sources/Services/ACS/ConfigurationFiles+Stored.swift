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

  /// Where a device may put one file, once. `commandKey` tells it from others of the device.
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

  /// The name under which an upload is kept: of its device, and of the request that it answers, so that there is one
  /// file of each request.
  static func name(of device: DeviceID, _ kind: FileKind, key: String) -> FileRecord.Name? {
    let suffix =
      switch kind {
      case .configuration: "cfg"
      case .log: "log"
      case .firmware, .other: "bin"
      }
    let end = "-\(kind.rawValue)-\(key).\(suffix)"
    if let name = readable(device).flatMap({ FileRecord.Name(rawValue: $0 + end) }) { return name }
    return FileRecord.Name(rawValue: digested(device) + end)
  }

  /// The device's name as it is, where it fits into the name of a file and no other device can have the same: the first
  /// dash ends the OUI, and the last begins the serial number.
  private static func readable(_ device: DeviceID) -> String? {
    func isWord(_ text: String) -> Bool { !text.isEmpty && safe(text, longest: 80) == text && !text.contains("-") }
    guard isWord(device.oui), isWord(device.serialNumber), !device.serialNumber.contains("."),
      device.productClass == safe(device.productClass, longest: 80)
    else { return nil }
    return device.name
  }

  /// What of the device's name fits, and a digest that no other device has; the dot in it keeps it apart from names that
  /// are readable.
  private static func digested(_ device: DeviceID) -> String {
    let digest = HashFunctions.crypto.sha256(Array("\(device)".utf8)).prefix(32)
    return "\(safe(device.oui, longest: 6))-\(safe(device.serialNumber, longest: 64)).\(digest)"
  }

  private static func safe(_ key: String, longest: Int = 32) -> String {
    String(
      decoding: key.utf8.prefix(longest).map { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."):
          byte
        default: UInt8(ascii: "_")
        }
      }, as: UTF8.self)
  }
}
