import CLibCurl
import HTTP

/// What arrives for one request, collected by libcurl's callbacks.
final class CurlTransfer {
  /// The headers of one answer: bytes and lines.
  static let maximumHeaderBytes = 64 << 10
  static let maximumHeaderLines = 256

  private(set) var status: Status?
  private(set) var headers = Headers()
  private(set) var body: [UInt8] = []
  /// Whether one of the answers was a 401.
  private(set) var wasChallenged = false
  /// Why the transfer was ended from here.
  private(set) var refusal: CurlError?

  private let limit: Int
  private let receive: (@Sendable ([UInt8]) -> Bool)?
  private let upload: CurlRequest.Upload?
  private let cancellation: CurlCancellation
  private var headerBytes = 0

  init(
    limit: Int, receive: (@Sendable ([UInt8]) -> Bool)?, upload: CurlRequest.Upload?, cancellation: CurlCancellation
  ) {
    self.limit = limit
    self.receive = receive
    self.upload = upload
    self.cancellation = cancellation
  }

  var isCanceled: Bool { cancellation.isCanceled }

  /// A status line begins an answer: the last of several, after 100, 401 or a redirect, is the one that counts.
  func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    let text = String(decoding: line, as: UTF8.self).split { $0.isNewline }.first ?? ""
    if text.hasPrefix("HTTP/") {
      let code = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      guard (100...999).contains(code) else { return refuse(.protocolError("a status line without a status")) }
      status = Status(rawValue: code)
      headers = Headers()
      if status == .unauthorized { wasChallenged = true }
      headerBytes = 0
      body = []
      return true
    }
    headerBytes += line.count
    guard headerBytes <= Self.maximumHeaderBytes, headers.fields.count < Self.maximumHeaderLines else {
      return refuse(
        .protocolError("more than \(Self.maximumHeaderBytes) bytes or \(Self.maximumHeaderLines) lines of headers"))
    }
    if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
      headers.appendToLast(" " + trimmed(text[...]))
      return true
    }
    guard let colon = text.firstIndex(of: ":") else { return true }
    headers.append(String(text[..<colon]), trimmed(text[text.index(after: colon)...]))
    return true
  }

  func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if let receive, status?.isSuccess == true {
      return receive(Array(bytes)) || refuse(.canceled)
    }
    guard body.count + bytes.count <= limit else { return refuse(.tooLarge(limit: limit)) }
    body.append(contentsOf: bytes)
    return true
  }

  /// Fills the room with the next bytes to send; nil ends the transfer.
  func send(into room: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    guard let bytes = upload?.read(room.count), bytes.count <= room.count else {
      refusal = .canceled
      return nil
    }
    _ = room.update(fromContentsOf: bytes)
    return bytes.count
  }

  private func refuse(_ error: CurlError) -> Bool {
    refusal = error
    return false
  }

  private func trimmed(_ text: Substring) -> String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
  }
}

/// A result other than the number of bytes given ends the transfer.
let receiveHeaderLine: curl_write_callback = { bytes, size, count, context in
  receive(bytes, size * count, context) { $0.receiveHeader($1) }
}

let receiveBody: curl_write_callback = { bytes, size, count, context in
  receive(bytes, size * count, context) { $0.receiveBody($1) }
}

/// Other than a number of bytes within the room ends the transfer.
let sendBody: curl_read_callback = { bytes, size, count, context in
  guard let bytes, let context else { return Int(CURL_READFUNC_ABORT) }
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  return bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) {
    transfer.send(into: UnsafeMutableBufferPointer(start: $0, count: size * count)) ?? Int(CURL_READFUNC_ABORT)
  }
}

/// Called about once a second, and more often while bytes flow; other than 0 ends the transfer.
let watchForCancellation: curl_xferinfo_callback = { context, _, _, _, _ in
  guard let context else { return 0 }
  return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().isCanceled ? 1 : 0
}

private func receive(
  _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
  _ take: (CurlTransfer, UnsafeBufferPointer<UInt8>) -> Bool
) -> Int {
  guard let context else { return 0 }
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  guard let bytes else { return count }
  return bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
    take(transfer, UnsafeBufferPointer(start: $0, count: count)) ? count : 0
  }
}
