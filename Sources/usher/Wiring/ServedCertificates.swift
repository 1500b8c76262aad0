import ConfigurationFile
import Net
import Provisioning
import Transport

/// What the ACS shows over TLS: follows from the configuration and from the addresses that are served. The lab's CA is
/// made when it is first needed.
struct ServedCertificates {
  /// The state folder.
  let folder: String

  /// Throws `Failure` where the lab's CA is needed and cannot be used.
  func settings(
    _ source: ConfigurationSource, interfaces: [NetworkInterface], at now: Timestamp
  ) throws(Failure) -> TLSServerContext.Settings {
    let tls = source.settings.acs.tls
    do throws(AuthorityError) {
      let authority =
        source.certificates.identity == nil
          || tls.clientCertificates != .none && source.certificates.clientAuthority == nil
        ? try place(tls).open(at: now) : nil
      let signer = source.certificates.clientAuthority ?? authority?.chain
      let clients: TLSServerContext.Clients =
        switch (tls.clientCertificates, signer) {
        case (.none, _), (_, nil): .unasked
        case (.optional, let signer?): .optional(signedBy: signer)
        case (.required, let signer?): .required(signedBy: signer)
        }
      if let own = source.certificates.identity { return TLSServerContext.Settings(own, clients: clients) }
      guard let authority else { throw .failed("there is no CA") }
      let identity = try place(tls).identity(of: authority, for: names(source.settings, interfaces), at: now)
      return TLSServerContext.Settings(identity, clients: clients, authority: authority)
    } catch {
      throw Failure("The certificates of the ACS: \(error).")
    }
  }

  private func place(_ tls: ACSTLSSettings) -> AuthorityFolder {
    AuthorityFolder(folder, kind: tls.keyType == .rsa ? .rsa : .ecdsa)
  }

  /// All that a router may know the ACS by.
  private func names(_ settings: Settings, _ interfaces: [NetworkInterface]) -> ServerNames {
    let host = (try? ACSURL(settings.acs.routersURL))?.host
    let isAddress = host.flatMap { IPv4Address($0) } != nil
    return ServerNames(
      hosts: [settings.acs.name] + (isAddress ? [] : [host].compactMap { $0 }) + settings.dns.acsNames
        + settings.dns.captive,
      addresses: interfaces.flatMap(\.addresses).map(\.address)
        + [settings.acs.address, host.flatMap { IPv4Address($0) }].compactMap { $0 }
        + settings.subnets.compactMap(\.acsAddress))
  }
}
