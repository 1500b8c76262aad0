import Net

/// HMAC-SHA1 (RFC 2104): the code of a message under a key, 20 bytes.
package typealias HMACSHA1 = @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]

/// The datagram that asks a CPE behind a NAT for a session (TR-069 annex G.2.2.3): an HTTP request in one datagram, with
/// a signature in place of a login, and never answered.
package struct UDPConnectionRequest: Hashable, Sendable {
  /// `ts`, seconds since 1970; no CPE takes one that is below the last.
  package var timestamp: Int64
  /// `id`: the copies of a request have the same, and another request has another.
  package var id: String
  /// `un`, the CPE's ConnectionRequestUsername.
  package var username: String
  /// `cn`
  package var nonce: String

  /// What one datagram may have, so that no path needs to part it.
  package static let maximumLength = 1024

  package init(timestamp: Int64, id: String, username: String, nonce: String) {
    self.timestamp = timestamp
    self.id = id
    self.username = username
    self.nonce = nonce
  }

  /// Reads a datagram; `signature` is what it is signed with, in lower case.
  package init(decoding bytes: [UInt8], signature: inout String) throws(UDPConnectionRequestError) {
    guard bytes.count <= Self.maximumLength else { throw .tooLong(bytes.count) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    guard let line = text.split(separator: "\r\n", omittingEmptySubsequences: false).first else { throw .notARequest }
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[0] == "GET", words[2].hasPrefix("HTTP/1.") else { throw .notARequest }
    guard let mark = words[1].firstIndex(of: "?") else { throw .missing("ts") }
    var values: [Substring: String] = [:]
    for pair in words[1][words[1].index(after: mark)...].split(separator: "&") {
      let name = pair.prefix { $0 != "=" }
      guard let value = pair.dropFirst(name.count + 1).percentDecoded else { throw .unreadable(String(name)) }
      guard values.updateValue(value, forKey: name) == nil else { throw .repeated(String(name)) }
    }
    func value(_ name: Substring) throws(UDPConnectionRequestError) -> String {
      guard let value = values[name] else { throw .missing(String(name)) }
      return value
    }
    guard let timestamp = Int64(try value("ts")) else { throw .unreadable("ts") }
    self.timestamp = timestamp
    id = try value("id")
    username = try value("un")
    nonce = try value("cn")
    signature = try value("sig").lowercased()
  }

  /// The datagram for a CPE that is reached at `place`, `host:port`.
  package func encoded(to place: String, password: String, hmac: HMACSHA1) -> [UInt8] {
    let query = [
      "ts=\(timestamp)", "id=\(id.percentEncoded)", "un=\(username.percentEncoded)", "cn=\(nonce.percentEncoded)",
      "sig=\(signature(password: password, hmac: hmac))",
    ]
    return Array("GET http://\(place)?\(query.joined(separator: "&")) HTTP/1.1\r\nHost: \(place)\r\n\r\n".utf8)
  }

  /// `sig`: the code of ts, id, un and cn with nothing between, under the ConnectionRequestPassword.
  package func signature(password: String, hmac: HMACSHA1) -> String {
    Hexadecimal.encode(hmac(Array(password.utf8), Array("\(timestamp)\(id)\(username)\(nonce)".utf8)))
  }
}

/// Why a datagram is no connection request.
package enum UDPConnectionRequestError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooLong(Int)
  case notText
  case notARequest
  case missing(String)
  case repeated(String)
  case unreadable(String)

  package var description: String {
    switch self {
    case .tooLong(let count): "\(count) bytes; a connection request has at most \(UDPConnectionRequest.maximumLength)"
    case .notText: "it is not UTF-8"
    case .notARequest: "it does not begin with the line of a GET"
    case .missing(let name): "it has no \(name)"
    case .repeated(let name): "it has \(name.debugDescription) more than once"
    case .unreadable(let name): "its \(name.debugDescription) cannot be read"
    }
  }
}

extension StringProtocol {
  /// Fit for a value of a query (RFC 3986 section 2.1).
  fileprivate var percentEncoded: String {
    var text = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + Hexadecimal.encode([byte]).uppercased()
      }
    }
    return text
  }

  /// Nil where a percent sign is not followed by two digits, or the bytes are not UTF-8.
  fileprivate var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let decoded = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self)), decoded.count == 1
      else { return nil }
      bytes += decoded
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
