/// What a transfer sends.
package enum Content: Sendable {
  /// Made for this request, and small.
  case bytes([UInt8])
  /// Of any size: read as it is sent.
  case file(any ContentFile)
}

/// An open file, of which a transfer never holds more than a window.
package protocol ContentFile: Sendable {
  /// In bytes, when it was opened; no more are sent.
  var size: Int { get }
  /// Exactly `count` bytes, which lie within ``size``.
  func read(at offset: Int, count: Int) throws(ContentError) -> [UInt8]
  /// Asked before the last block: a client that got the parts of two versions must not take them for a file.
  func confirmUnchanged() throws(ContentError)
}

/// Why a file cannot be sent to its end.
package enum ContentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It was written to, or cut, since it was opened.
  case changed
  /// What the kernel says.
  case unreadable(String)

  package var description: String {
    switch self {
    case .changed: "the file changed while it was sent"
    case .unreadable(let reason): "the file cannot be read: \(reason)"
    }
  }
}

extension [UInt8]: ContentFile {
  package var size: Int { count }

  package func read(at offset: Int, count: Int) -> [UInt8] {
    Array(self[offset..<offset + count])
  }

  package func confirmUnchanged() {}
}
