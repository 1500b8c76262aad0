import Foundation
import Testing

/// A file in `Tests/Vectors`: hexadecimal digits, with `#` before a comment.
enum VectorFile {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors")

  static func bytes(of name: String) throws -> [UInt8] {
    let text = try String(contentsOf: folder.appending(path: "\(name).hex"), encoding: .utf8)
    let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().filter { !$0.isWhitespace }
    return try stride(from: 0, to: digits.count, by: 2).map { place in
      let start = digits.index(digits.startIndex, offsetBy: place)
      return try #require(UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16))
    }
  }

  static func text(of name: String) throws -> String { String(decoding: try bytes(of: name), as: UTF8.self) }
}
