package import HTTP
package import Net
package import Provisioning
import Synchronization
package import Transport

/// Which sessions are kept as transcripts, each of them with those before.
package enum KeptTranscripts: Int, Comparable, Sendable {
  /// A router refused something, or was refused, or left.
  case trouble
  /// Something was asked of it.
  case work
  case all

  package static func < (left: KeptTranscripts, right: KeptTranscripts) -> Bool { left.rawValue < right.rawValue }
}

/// What the operator wants of routers: the parts of the configuration that the ACS and the boot files go by, together
/// so that a reload takes them as one.
package struct SiteConfiguration: Sendable {
  /// Another one for each that was ever made.
  let version = lastVersion.add(1, ordering: .relaxed).newValue
  package var url: ACSURL
  /// What opens a router's first session.
  package var username: String
  package var password: String
  /// Whether routers must authenticate.
  package var authenticates: Bool
  /// The networks where a router without credentials is let in for its first session by where it is; each is on an
  /// interface of this machine.
  package var firstContactLinks: [Subnet] = []
  /// Whether a password may come in the clear. Over TLS it always may.
  package var takesBasic = false
  /// What digest authentication offers, in that order.
  package var digests: [DigestAlgorithm] = [.md5]
  /// Says how much of a router's address must stay the same within a session.
  package var addressBinding = AddressBinding.exact
  /// How many transcripts of a router's sessions are kept, and of which.
  package var transcripts = 5
  package var keptTranscripts = KeptTranscripts.trouble
  package var inventory: Inventory
  package var profiles: [Profile]
  /// Those that need something else than most; the first that matches is the router's.
  package var models: [Model] = []
  /// The template of the boot file, and the name that DHCP offers it under.
  package var bootFile: Template
  package var bootFileNames: Set<String>
  /// The files that are served by TFTP besides those that are made.
  package var folder: ServedFolder?
  /// The networks that connection requests go to besides each router's own address.
  package var connectionRequestsTo: [Subnet]
  /// Names that lead here and that the ACS answers by whatever the path is.
  package var captiveNames = CaptiveNames()
  /// Nil where it is not served.
  package var stun: STUN?

  package struct STUN: Hashable, Sendable {
    package var port: UInt16
    /// Seconds between the Binding Requests of one router.
    package var period: Int

    package init(port: UInt16, period: Int) {
      self.port = port
      self.period = period
    }
  }

  /// Seconds: no router that is set up by a profile informs less often.
  package var longestInformInterval: Int64 { Int64(profiles.map(\.periodicInformInterval).max() ?? 300) }

  private static let lastVersion = Atomic<UInt64>(0)

  package init(
    url: ACSURL, username: String, password: String, authenticates: Bool, inventory: Inventory, profiles: [Profile],
    bootFile: Template, bootFileNames: Set<String>, folder: ServedFolder? = nil, connectionRequestsTo: [Subnet] = []
  ) {
    self.url = url
    self.username = username
    self.password = password
    self.authenticates = authenticates
    self.inventory = inventory
    self.profiles = profiles
    self.bootFile = bootFile
    self.bootFileNames = bootFileNames
    self.folder = folder
    self.connectionRequestsTo = connectionRequestsTo
  }
}
