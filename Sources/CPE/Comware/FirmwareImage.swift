/// What the simulated router takes for an image of its system software.
package enum FirmwareImage {
  /// The version that the image brings: its first line, where that is printable text of 64 characters at most, such as
  /// `7.1.064, Release 6749P13`; else its file's name without the extension.
  package static func version(of bytes: [UInt8], fileName: String) -> String {
    let line = bytes.prefix(65).prefix { $0 != 0x0A && $0 != 0x0D }
    if (1...64).contains(line.count), line.allSatisfy({ (0x20...0x7E).contains($0) }) {
      return String(decoding: line, as: UTF8.self)
    }
    let name = fileName.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").last ?? "unknown"
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return String(name) }
    return String(name[..<dot])
  }
}
