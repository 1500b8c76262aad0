import Crypto
import HTTP
package import Net

/// The right of one device to fetch one path until a moment, as a token that is part of the URL. Nothing is kept for
/// it: the token holds expiry, device and the address that it was given to, and a seal (HMAC-SHA256) over them and the
/// path.
package struct SignedPath: Hashable, Sendable {
  /// As the request's path will be once its percent signs are resolved.
  package let path: String
  /// Rounded up to whole seconds.
  package let expiry: Timestamp
  /// The device's name, any text.
  package let device: String
  /// Where the device was when it was given this; nil where that is not known.
  package let address: IPv4Address?

  package init(path: String, expiry: Timestamp, device: String, address: IPv4Address? = nil) {
    self.path = path
    self.expiry = Timestamp(secondsSince1970: expiry.advanced(byMilliseconds: 999).secondsSince1970)
    self.device = device
    self.address = address
  }

  /// Longer tokens are refused unread.
  package static let maximumTokenLength = 1024

  /// Letters, digits, `-`, `_` and `.` only, so that it may stand in a path or a query, and in XML, as it is.
  package func token(signedWith key: SigningKey) -> String {
    "\(claims).\(Base64.encode(Array(key.seal(sealedText)), .url))"
  }

  /// The grant that a token proves for that path, where it is ours and its time is not over.
  package static func verify(
    token: String, path: String, key: SigningKey, at moment: Timestamp
  ) throws(SignatureError) -> SignedPath {
    guard token.utf8.count <= maximumTokenLength else { throw .malformed }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, let seconds = Int64(parts[0], radix: 36), seconds >= 0, seconds <= .max / 1000,
      let address = Self.address(parts[1]),
      let device = Base64.decode(parts[2], .url).flatMap({ String(validating: $0, as: UTF8.self) }),
      let seal = Base64.decode(parts[3], .url)
    else { throw .malformed }
    let claim = SignedPath(
      path: path, expiry: Timestamp(secondsSince1970: seconds), device: device, address: address.value)
    guard claim.claims == "\(parts[0]).\(parts[1]).\(parts[2])", key.isSeal(seal, of: claim.sealedText) else {
      throw .forged
    }
    guard moment < claim.expiry else { throw .expired(at: claim.expiry) }
    return claim
  }

  private var claims: String {
    let place = address.map { String($0.rawValue, radix: 36) } ?? ""
    return "\(String(max(0, expiry.secondsSince1970), radix: 36)).\(place).\(Base64.encode(Array(device.utf8), .url))"
  }

  private struct Place {
    let value: IPv4Address?
  }

  /// The address of a token, which may say that it is not known; nil where it says neither.
  private static func address(_ text: Substring) -> Place? {
    if text.isEmpty { return Place(value: nil) }
    return UInt32(text, radix: 36).map { Place(value: IPv4Address(rawValue: $0)) }
  }

  /// The claims cannot hold a line end, so no other claims and path read the same.
  private var sealedText: String { "\(claims)\n\(path)" }
}

/// The key behind the signatures of one appliance, derived from the one that it is given.
package struct SigningKey: Sendable {
  private let key: SymmetricKey

  /// At least 16 bytes, 32 for full strength.
  package init(bytes: [UInt8]) throws(SignatureError) {
    guard bytes.count >= 16 else { throw .shortKey(bytes: bytes.count) }
    key = DerivedKey.signatures.of(bytes)
  }

  fileprivate func seal(_ text: String) -> HMAC<SHA256>.MAC {
    HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
  }

  /// In constant time.
  fileprivate func isSeal(_ seal: [UInt8], of text: String) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(seal, authenticating: Array(text.utf8), using: key)
  }
}

/// Why a signed path is not served.
package enum SignatureError: Error, Hashable, Sendable {
  case malformed
  /// The seal is of another path, device or time, or not ours at all.
  case forged
  case expired(at: Timestamp)
  case shortKey(bytes: Int)

  package var counterName: String {
    switch self {
    case .malformed: "signature.malformed"
    case .forged: "signature.forged"
    case .expired: "signature.expired"
    case .shortKey: "signature.shortKey"
    }
  }
}

extension SignatureError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed: "the token is not one that we make"
    case .forged: "the token is not for this path, or was changed"
    case .expired(let moment): "the token was good until \(moment)"
    case .shortKey(let count): "a signing key needs 16 bytes or more, not \(count)"
    }
  }
}
