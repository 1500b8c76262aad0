import CWMP
import HTTP
import Net
import Store
import Synchronization
import Transport

/// Lets routers in by digest authentication (TR-069 section 3.4.4), or by basic where the way is safe: with the
/// credentials that option 43 gave them, or with their own.
final class Gatekeeper: Sendable {
  enum Verdict {
    /// As this user; `device` is whose credentials they are, nil for those that open a first session.
    case admitted(username: String, device: Device?)
    /// Answer 401 with these challenges. `username` is nil where none was given: the first half of every login.
    case refused(DigestRefusal, username: String?, challenges: [String])
    /// The router's own credentials cannot be looked up now.
    case unavailable(String)
  }

  private static let realm = "usher"

  /// Passwords that were opened lately, so many at most.
  private static let openedLimit = 16_384

  private let authenticator: Mutex<DigestAuthenticator>
  private let opened = Mutex<[String: Opened]>([:])

  /// The password in sealed credentials, under their user name.
  private struct Opened {
    let sealed: [UInt8]
    let password: String
  }

  private let keyring: Keyring
  private let devices: DeviceDirectory

  init(keyring: Keyring, devices: DeviceDirectory) {
    authenticator = Mutex(
      DigestAuthenticator(realm: Self.realm, secret: Randomness.bytes(32), hashes: .crypto))
    self.keyring = keyring
    self.devices = devices
  }

  func judge(_ request: HTTP.Request, _ site: SiteConfiguration, at now: Timestamp) -> Verdict {
    let takesBasic = site.takesBasic || request.security != .none
    func refuse(_ refusal: DigestRefusal, _ username: String?) -> Verdict {
      var challenges = authenticator.withLock { authenticator in
        authenticator.algorithms = site.digests
        return authenticator.challenge(after: refusal, at: now.rawValue)
      }
      // Digest comes first: many routers read no further.
      if takesBasic { challenges.append(BasicCredentials.challenge(realm: Self.realm)) }
      return .refused(refusal, username: username, challenges: challenges)
    }

    guard let field = request.headers["Authorization"] else { return refuse(.noCredentials, nil) }
    do {
      if takesBasic, let basic = try? BasicCredentials(authorization: field) {
        let known = try account(basic.username, site)
        guard let password = known.password, basic.matches(username: basic.username, password: password) else {
          return refuse(.wrongPassword, basic.username)
        }
        return .admitted(username: basic.username, device: known.device)
      }
      let digest = try DigestCredentials(authorization: field)
      let known = try account(digest.username, site)
      let verdict = authenticator.withLock { authenticator in
        authenticator.algorithms = site.digests
        return authenticator.judge(
          digest, method: request.method, passwords: known.password.map { [$0] } ?? [], at: now.rawValue)
      }
      switch verdict {
      case .accepted: return .admitted(username: digest.username, device: known.device)
      case .refused(let refusal): return refuse(refusal, digest.username)
      }
    } catch let error as AuthenticationError {
      return refuse(.unreadable(error), nil)
    } catch {
      return .unavailable("\(error)")
    }
  }

  /// The password of a user name, nil where it is nobody's, and the device that it belongs to.
  private func account(_ username: String, _ site: SiteConfiguration) throws -> (password: String?, device: Device?) {
    if username == site.username { return (site.password, nil) }
    let device = devices.device(username: username)
    return (try device.flatMap { try password(of: $0) }, device)
  }

  private func password(of device: Device) throws -> String? {
    switch device.credentials {
    case .bootstrap: nil
    case .proposed(let sealed), .confirmed(let sealed): try password(sealed, of: device.id)
    }
  }

  private func password(_ sealed: SealedCredentials, of device: DeviceID) throws -> String {
    if let known = opened.withLock({ $0[sealed.username] }), known.sealed == sealed.secrets { return known.password }
    let password = try keyring.open(sealed, of: device).password
    opened.withLock { passwords in
      if passwords.count >= Self.openedLimit { passwords.removeAll(keepingCapacity: true) }
      passwords[sealed.username] = Opened(sealed: sealed.secrets, password: password)
    }
    return password
  }
}
