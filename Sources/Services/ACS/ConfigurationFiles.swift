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

  /// At most 256 characters, as Download takes them, of the scheme that the router came by.
  func url(of file: Goal.File, for device: DeviceID, after request: HTTP.Request, at now: Timestamp) -> String {
    url(path: Self.folder + file.digest.prefix(16), for: device, after: request, at: now)
  }

  /// Of a path that is signed for the device alone, where it is now, and for a while.
  func url(path: String, for device: DeviceID, after request: HTTP.Request, at now: Timestamp) -> String {
    let grant = SignedPath(
      path: path, expiry: now.advanced(bySeconds: Self.lifetime), device: Self.name(of: device),
      address: IPv4Address(request.peer.host))
    // The names of uploads have percent signs of their own. What is signed is the path as it is once they are resolved.
    let rest = "\(path.replacing("%", with: "%25"))?t=\(grant.token(signedWith: key))"
    return "\(request.scheme)://\(Self.host(of: request, before: rest))\(rest)"
  }

  /// The address that the router reached us at; over TLS the name that it knows our certificate by, where it fits.
  private static func host(of request: HTTP.Request, before rest: String) -> String {
    let local = "\(request.local)"
    guard case .tls = request.security, let name = request.headers["Host"], !name.contains("/"),
      let url = try? ACSURL("https://\(name)"), url.path == "/", "https://\(name)\(rest)".utf8.count <= 256
    else { return local }
    return name
  }

  /// The rights that a signed URL gives.
  struct Grant: Hashable, Sendable {
    let device: DeviceID
    /// Of the file that it names, or the beginning of it.
    let digest: String
    /// Where the device was.
    let address: IPv4Address?
  }

  /// The rights that a request's URL gives.
  func grant(of request: HTTP.Request, at now: Timestamp) throws(SignatureError) -> Grant {
    let token = request.query.first { $0.name == "t" }?.value ?? ""
    let grant = try SignedPath.verify(token: token, path: request.path, key: key, at: now)
    let parts = grant.device.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { throw .malformed }
    return Grant(
      device: DeviceID(oui: parts[0], productClass: parts[1], serialNumber: parts[2]),
      digest: String(request.path.dropFirst(Self.folder.count).prefix { $0 != "/" }), address: grant.address)
  }

  static func name(of device: DeviceID) -> String {
    [device.oui, device.productClass, device.serialNumber].joined(separator: "\n")
  }
}
