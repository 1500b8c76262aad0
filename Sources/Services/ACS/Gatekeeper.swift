import CWMP
import HTTP
import Net
import Store
import Synchronization
import Transport

/// Lets routers in by digest authentication (TR-069 section 3.4.4): with the credentials that option 43 gave them, or
/// with their own.
final class Gatekeeper: Sendable {
  enum Verdict {
    /// As this user; `device` is whose credentials they are, nil for those that open a first session.
    case admitted(username: String, device: Device?)
    /// Answer 401 with these challenges. `username` is nil where none was given: the first half of every login.
    case refused(DigestRefusal, username: String?, challenges: [String])
    /// The router's own credentials cannot be looked up now.
    case unavailable(String)
  }

  private let authenticator: Mutex<DigestAuthenticator>
  private let keyring: Keyring
  private let devices: DeviceDirectory

  init(keyring: Keyring, devices: DeviceDirectory) {
    authenticator = Mutex(
      DigestAuthenticator(realm: "usher", secret: Randomness.bytes(32), hashes: .crypto))
    self.keyring = keyring
    self.devices = devices
  }

  func judge(_ request: HTTP.Request, _ site: SiteConfiguration, at now: Timestamp) -> Verdict {
    guard let field = request.headers["Authorization"] else { return refuse(.noCredentials, nil, at: now) }
    let credentials: DigestCredentials
    do throws(AuthenticationError) {
      credentials = try DigestCredentials(authorization: field)
    } catch {
      return refuse(.unreadable(error), nil, at: now)
    }
    let passwords: [String]
    var device: Device?
    if credentials.username == site.username {
      passwords = [site.password]
    } else {
      do {
        device = devices.device(username: credentials.username)
        passwords = try device.flatMap { try password(of: $0) }.map { [$0] } ?? []
      } catch {
        return .unavailable("\(error)")
      }
    }
    let verdict = authenticator.withLock {
      $0.judge(credentials, method: request.method, passwords: passwords, at: now.rawValue)
    }
    switch verdict {
    case .accepted: return .admitted(username: credentials.username, device: device)
    case .refused(let refusal): return refuse(refusal, credentials.username, at: now)
    }
  }

  private func password(of device: Device) throws -> String? {
    switch device.credentials {
    case .bootstrap: nil
    case .proposed(let sealed), .confirmed(let sealed): try keyring.open(sealed, of: device.id).password
    }
  }

  private func refuse(_ refusal: DigestRefusal, _ username: String?, at now: Timestamp) -> Verdict {
    let challenges = authenticator.withLock { $0.challenge(after: refusal, at: now.rawValue) }
    return .refused(refusal, username: username, challenges: challenges)
  }
}
