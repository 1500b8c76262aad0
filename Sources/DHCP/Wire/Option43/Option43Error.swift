/// Why ACS parameters cannot be written as, or bytes cannot be read as, a dialect of option 43. Offsets count from the
/// start of the option's value; positions in text count from 0.
package enum Option43Error: Error, Hashable, Sendable {
  package enum Field: String, Hashable, Sendable {
    case url = "URL"
    case username = "user name"
    case password
    case serviceProvider = "service provider identifier"
    case provisioningCode = "provisioning code"
    case retryMinimumWait = "CWMP retry minimum wait interval"
    case retryMultiplier = "CWMP retry interval multiplier"
  }

  // What cannot be written.
  case notHTTP(url: String)
  case length(Field, count: Int, allowed: ClosedRange<Int>)
  /// No dialect can escape: blanks, control characters and non-ASCII have no spelling.
  case character(Field, byte: UInt8, at: Int)
  case passwordWithoutUsername
  case number(Field, value: Int, allowed: ClosedRange<Int>)
  /// The ACS sub-option is longer than one option can hold; nothing is known of routers that join split options.
  case tooLong(count: Int, limit: Int)

  // What cannot be read.
  case empty
  case truncated(subOption: UInt8, at: Int, needed: Int)
  case noACSParameters
  case repeated(subOption: UInt8)
  case words(count: Int)
  case notANumber(Field)
  /// A word that the form does not have, or has once.
  case unknownKey(String)
  /// It is for others than CPEs.
  case foreign(Option43Foreign)
}

extension Option43Error: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notHTTP(let url): "the URL \(url) does not begin with http:// or https:// and a host"
    case .length(let field, let count, let allowed):
      "the \(field.rawValue) has \(count) bytes; \(allowed.lowerBound) to \(allowed.upperBound) are allowed"
    case .character(let field, let byte, let position):
      "the \(field.rawValue) has byte 0x\(hexadecimal(byte)) at \(position): only printable ASCII without blanks can be sent"
    case .passwordWithoutUsername: "a password without a user name cannot be written"
    case .number(let field, let value, let allowed):
      "the \(field.rawValue) is \(value); \(allowed.lowerBound) to \(allowed.upperBound) are allowed"
    case .tooLong(let count, let limit): "\(count) bytes, but option 43 has room for \(limit)"
    case .empty: "option 43 is empty"
    case .truncated(let subOption, let offset, let needed):
      "sub-option \(subOption) at byte \(offset) runs \(needed) bytes past the end of the option"
    case .noACSParameters: "there is no sub-option 1, which holds the ACS parameters"
    case .repeated(let subOption): "sub-option \(subOption) comes more than once"
    case .words(let count): "the ACS parameters are \(count) words; URL, user name and password are at most 3"
    case .notANumber(let field): "the \(field.rawValue) is not decimal text"
    case .unknownKey(let key): "\"\(key.printable(longest: 40))\" has no place there"
    case .foreign(let foreign): "\(foreign)"
    }
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

extension Option43Error.Field {
  /// Refuses what is not printable ASCII without blanks, or of a length that is not allowed.
  func check(_ text: some Collection<UInt8>, length: ClosedRange<Int>) throws(Option43Error) {
    for (position, byte) in text.enumerated() where !(0x21...0x7E).contains(byte) {
      throw .character(self, byte: byte, at: position)
    }
    guard length.contains(text.count) else { throw .length(self, count: text.count, allowed: length) }
  }

  /// The text of these bytes, which are named as they are where they are none that can be sent.
  func text(_ bytes: ArraySlice<UInt8>) throws(Option43Error) -> String {
    for (position, byte) in bytes.enumerated() where !(0x21...0x7E).contains(byte) {
      throw .character(self, byte: byte, at: position)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Refuses what is not an absolute HTTP URL with a host.
  func checkURL(_ url: String, length: ClosedRange<Int>) throws(Option43Error) {
    try check(url.utf8, length: length)
    let lowercased = url.lowercased()
    let scheme = ["http://", "https://"].first { lowercased.hasPrefix($0) }
    guard let scheme, let first = url.utf8.dropFirst(scheme.utf8.count).first, !"/?#:@".utf8.contains(first) else {
      throw .notHTTP(url: url)
    }
  }
}
