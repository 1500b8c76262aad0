import CWMP
import HTTP
import Journey
import Net
import Provisioning
import Store
import Transport

/// The configuration files that routers download: made when they are fetched, for the one router that the URL is signed
/// for, and for a short while.
struct ConfigurationFiles: Sendable {
  /// Seconds for which a URL is good: the router fetches when its session has ended, at most an hour later.
  static let lifetime: Int64 = 3600
  static let folder = "/files/"

  let key: SigningKey

  /// At most 256 characters, as Download takes them. Its host is the one that the router reached us at.
  func url(of file: Goal.File, for device: DeviceID, reachedAt host: HostPort, at now: Timestamp) -> String {
    let path = Self.folder + file.digest.prefix(16)
    let grant = SignedPath(path: path, expiry: now.advanced(bySeconds: Self.lifetime), device: Self.name(of: device))
    return "http://\(host)\(path)?t=\(grant.token(signedWith: key))"
  }

  /// The device that a request's URL is signed for, and the digest of the file that it names.
  func grant(of request: HTTP.Request, at now: Timestamp) throws(SignatureError) -> (device: DeviceID, digest: String) {
    let token = request.query.first { $0.name == "t" }?.value ?? ""
    let grant = try SignedPath.verify(token: token, path: request.path, key: key, at: now)
    let parts = grant.device.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { throw .malformed }
    return (
      DeviceID(oui: parts[0], productClass: parts[1], serialNumber: parts[2]),
      String(request.path.dropFirst(Self.folder.count).prefix { $0 != "/" })
    )
  }

  static func name(of device: DeviceID) -> String {
    [device.oui, device.productClass, device.serialNumber].joined(separator: "\n")
  }
}
