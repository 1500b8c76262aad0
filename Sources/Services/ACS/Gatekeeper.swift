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
    /// As this user; `device` is whose credentials they are, nil for those that open a first session. With `isNext` they
    /// are those that are to take the place of its own.
    case admitted(username: String, device: Device?, isNext: Bool)
    /// Answer 401 with these challenges. `username` is nil where none was given: the first half of every login.
    case refused(DigestRefusal, username: String?, challenges: [String])
    /// The router's own credentials cannot be looked up now.
    case unavailable(String)
  }

  private static let realm = "usher"

  private let authenticator: Mutex<DigestAuthenticator>
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
        let account = account(basic.username, site)
        let passwords = try passwords(of: account)
        guard let place = passwords.firstIndex(where: { basic.matches(username: basic.username, password: $0) }) else {
          return refuse(.wrongPassword, basic.username)
        }
        return .admitted(
          username: basic.username, device: account.device, isNext: account.device != nil && place > 0)
      }
      let digest = try DigestCredentials(authorization: field)
      let account = account(digest.username, site)
      switch try judge(digest, method: request.method, of: account, site, at: now) {
      case .accepted(let place):
        return .admitted(
          username: digest.username, device: account.device, isNext: account.device != nil && place > 0)
      case .refused(let refusal): return refuse(refusal, digest.username)
      }
    } catch let error as AuthenticationError {
      return refuse(.unreadable(error), nil)
    } catch {
      return .unavailable("\(error)")
    }
  }

  /// Whether somebody has the user name.
  func knows(username: String, _ site: SiteConfiguration) -> Bool {
    if case .nobodys = account(username, site) { false } else { true }
  }

  /// Whose a user name is.
  private enum Account {
    case nobodys
    /// Of those that open a first session: what option 43 hands out, or what models have from the factory.
    case bootstrap(passwords: [String])
    /// `key` is that of its password, where it has logged in before.
    case own(Device, SealedCredentials, key: DigestKey?)

    var device: Device? {
      switch self {
      case .nobodys, .bootstrap: nil
      case .own(let device, _, _): device
      }
    }
  }

  private func account(_ username: String, _ site: SiteConfiguration) -> Account {
    let ofModels = site.models.isEmpty ? [] : site.models.compactMap(\.login).filter { $0.username == username }
    if username == site.username { return .bootstrap(passwords: [site.password] + ofModels.map(\.password)) }
    if let (device, key) = devices.login(username: username), let sealed = device.credentials.sealed {
      return .own(device, sealed, key: key)
    }
    return ofModels.isEmpty ? .nobodys : .bootstrap(passwords: ofModels.map(\.password))
  }

  private func passwords(of account: Account) throws -> [String] {
    switch account {
    case .nobodys: []
    case .bootstrap(let passwords): passwords
    // Its own come first, and hold until it has logged in with those that are to take their place.
    case .own(let device, let sealed, _):
      try [sealed, device.renewal?.sealed].compactMap { try $0.map { try keyring.open($0, of: device.id).password } }
    }
  }

  /// To open a password takes longer than all else here, so its key is kept from the first login on. It goes with the
  /// device's record: other credentials are another record, which has none.
  private func judge(
    _ digest: DigestCredentials, method: HTTP.Method, of account: Account, _ site: SiteConfiguration, at now: Timestamp
  ) throws -> DigestAuthenticator.Verdict {
    if case .own(let device, _, let key?) = account, device.renewal?.sealed == nil,
      digest.knownAlgorithm?.takesKey == true
    {
      return authenticator.withLock { authenticator in
        authenticator.algorithms = site.digests
        return authenticator.judge(digest, method: method, key: key, at: now.rawValue)
      }
    }
    let passwords = try passwords(of: account)
    let verdict = authenticator.withLock { authenticator in
      authenticator.algorithms = site.digests
      return authenticator.judge(digest, method: method, passwords: passwords, at: now.rawValue)
    }
    if case .own(let device, let sealed, _) = account, case .accepted(password: 0) = verdict,
      let password = passwords.first
    {
      let key = DigestKey(username: sealed.username, realm: Self.realm, password: password, hashes: .crypto)
      devices.note(key, of: sealed, of: device.id)
    }
    return verdict
  }
}
