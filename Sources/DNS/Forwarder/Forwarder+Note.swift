extension Forwarder {
  /// What happened, for the counters.
  package enum Note: Hashable, Sendable {
    case asked
    case fromCache
    case stale
    case special
    case failed
    case overTCP
    /// The server does not understand EDNS, and is asked without.
    case withoutEDNS
    case timedOut
    case refused(Refusal)
    case ignored(UpstreamReplyError)

    package var counter: String {
      switch self {
      case .asked: "dns.forward.asked"
      case .fromCache: "dns.forward.fromCache"
      case .stale: "dns.forward.stale"
      case .special: "dns.forward.special"
      case .failed: "dns.forward.failed"
      case .overTCP: "dns.forward.overTCP"
      case .withoutEDNS: "dns.forward.withoutEDNS"
      case .timedOut: "dns.forward.timedOut"
      case .refused(let refusal): "dns.forward.refused.\(refusal.rawValue)"
      case .ignored(let error): "dns.forward.ignored.\(error.reason)"
      }
    }
  }

  package enum Refusal: String, Hashable, Sendable {
    /// RD is not set, and nothing is in the cache.
    case noRecursionDesired
    /// An upstream server asks us what we would ask it.
    case loop
    /// The client waits for ``clientLimit`` answers.
    case client
    /// ``questionLimit`` questions are under way.
    case full
    /// No server is named for such names.
    case noServer
  }
}
