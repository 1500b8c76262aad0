package import Transport

/// What a simulated router is, and where it is plugged in.
package struct RouterConfiguration: Sendable {
  /// What turns CWMP on.
  package enum CWMPStart: String, CaseIterable, Sendable {
    /// It is on from the factory, as in Comware 5.
    case enabled = "on"
    /// Option 43 turns it on, as H3C's guide to Comware 7 says.
    case onOption43 = "option43"
    /// Only `cwmp enable` in a configuration does, as HPE's guides say: the router configures itself automatically.
    case needsBootFile = "off"
  }

  /// The interface of this machine that stands for the router's uplink. It is the router's own: the router takes it up
  /// and gives it addresses and a default route.
  package var interface: String
  package var identity: RouterIdentity
  /// Option 60. What a real MSR sends is not known; see what your own does and set it.
  package var vendorClass: String?
  /// Option 61; nil is the hardware address, as Comware's automatic configuration sets it.
  package var clientIdentifier: [UInt8]?
  package var cwmp = CWMPStart.needsBootFile
  /// `cwmp acs default …`
  package var standardACS = ACSParameters()
  /// Whom the router trusts over https, and its own certificate: `ssl client-policy`.
  package var tls = CurlClient.TLSFiles()
  /// Where flash is kept; nil keeps it in memory, so that the end of the process is a factory reset.
  package var stateDirectory: String?
  /// Of the connection request URL, and for connection requests over UDP.
  package var connectionRequestPort: UInt16 = 7547
  package var faults: [PlayedFault] = []
  package var timing = Timing()

  package init(interface: String, identity: RouterIdentity, vendorClass: String? = "H3C.H3C MSR36-20") {
    self.interface = interface
    self.identity = identity
    self.vendorClass = vendorClass
  }

  /// How long things take, in milliseconds.
  package struct Timing: Sendable {
    /// Until the first repetition of a DHCP message.
    package var dhcpWait: Int64 = 4000
    /// For each DNS query.
    package var dnsWait: Int64 = 2000
    /// From a failed automatic configuration to the next attempt.
    package var automaticConfigurationWait: Int64 = 30_000
    package var sessionRetry = RetrySchedule()
    /// `cwmp cpe wait timeout`: how long the ACS may take for an answer.
    package var closeWait: Int64 = 30_000
    /// How long the router is down when it reboots.
    package var reboot: Int64 = 5000

    package init() {}
  }
}

/// A fault that the router plays.
package enum PlayedFault: Hashable, Sendable {
  /// It logs in with another password than it was given.
  case wrongPassword
  /// It never asks DNS for the name of its ACS.
  case noDNSQuery
  /// It takes no DHCP offer.
  case noDHCPRequest
  /// Its data model has no parameters for STUN.
  case noSTUN
  /// It fails each download with fault 9010, without fetching anything.
  case noDownload
  /// Its first session ends after so many of its messages, without the answer to the last.
  case dropSession(after: Int)
  /// It waits so many milliseconds before each message.
  case slow(milliseconds: Int64)
}

extension PlayedFault: LosslessStringConvertible {
  /// `wrong-password`, `no-dns-query`, `no-dhcp-request`, `no-stun`, `no-download`, `drop-session=N`, `slow=MILLISECONDS`.
  package init?(_ description: String) {
    let parts = description.split(separator: "=", maxSplits: 1)
    let number = parts.count == 2 ? Int(parts[1]) : nil
    switch (parts.first, number) {
    case ("wrong-password", nil) where parts.count == 1: self = .wrongPassword
    case ("no-dns-query", nil) where parts.count == 1: self = .noDNSQuery
    case ("no-dhcp-request", nil) where parts.count == 1: self = .noDHCPRequest
    case ("no-stun", nil) where parts.count == 1: self = .noSTUN
    case ("no-download", nil) where parts.count == 1: self = .noDownload
    case ("drop-session", let number?) where (1...1000).contains(number): self = .dropSession(after: number)
    case ("slow", let number?) where (1...600_000).contains(number): self = .slow(milliseconds: Int64(number))
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .wrongPassword: "wrong-password"
    case .noDNSQuery: "no-dns-query"
    case .noDHCPRequest: "no-dhcp-request"
    case .noSTUN: "no-stun"
    case .noDownload: "no-download"
    case .dropSession(let number): "drop-session=\(number)"
    case .slow(let milliseconds): "slow=\(milliseconds)"
    }
  }
}
