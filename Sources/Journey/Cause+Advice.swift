package import Net

extension Cause {
  /// What to try against it, in the words of the router's maker (nil where that is not known). `router` is what the
  /// operator calls the router by, such as its serial number.
  package func advice(for router: String, of maker: Maker?) -> String {
    let words = MakerWords(maker: maker)
    return switch self {
    case .neverAsked: "check its cable and that its port is in the network that this appliance serves"
    case .noOffer: "look at the appliance's log for why it made no offer"
    case .noRequest:
      "look for a second DHCP server whose offer it took, and for what keeps the offer from reaching it (spanning tree, DHCP snooping)"
    case .refused: "wait for its next DHCPDISCOVER; if it insists on the old address, reboot it"
    case .unserved: "see the reason; if no address is free, make the pool larger or the leases shorter"
    case .declined: "find the host that uses the address by hand, or take the address out of the pool"
    case .released: "reboot it, or switch its port off and on, so that it asks again"
    case .answeredByOther:
      "take that server off the router's network, or tell it not to answer this router; reboot the router then"
    case .neverAskedDNS(let way):
      Self.advice(
        from: way, words,
        else: "check \(words.seeing("URL")) that it has the ACS URL, and\(words.seeingDNS) that it asks this appliance")
    case .nameUnresolved: "set dns.zone and acs.name so that the appliance answers for the name in the URL"
    case .neverConnected(let way):
      Self.advice(
        from: way, words,
        else: "check from the router that the ACS is reachable: \(words.seeingStatus), and a firewall in between")
    case .misdirected: "add that path to acs.path or that name to dns.captive, or give the router the ACS's own URL"
    case .neverAuthenticated: "check \(words.seeing("Username")) that it has a user name for the ACS"
    case .wrongPassword: words.resettingLogin
    case .noCredentialsInDialect:
      "let it in by where it is (`acs.first-contact: link`, on a network of this appliance alone), by the login that its "
        + "model has from the factory (`username` and `password` under `models`), or by a client certificate over TLS; "
        + "or \(words.settingLogin)"
    case .noInform: "look at the appliance's log for what was wrong with its Inform"
    case .undecided: "look at the appliance's log"
    case .quarantined:
      "run \"usher admit \(router.printable(longest: 64))\", or add the line \"\(router.printable(longest: 64))\" to the inventory's serial column"
    case .unplannable: "correct the inventory or the profile and run \"usher reload\""
    case .parameterRefused(let path, _, _) where Self.isOwnCredential(path):
      "nothing is wrong with the profile: these are the credentials that the appliance gives each router; let the router "
        + "take them from the ACS, for they may be fixed in its own configuration, or, where its firmware does not, let "
        + "its model be with `credentials: shared` under `models`"
    case .parameterRefused: "correct the parameter in the profile and run \"usher reload\""
    case .requestRefused(let method, let code, _):
      code == 9000
        ? "this model has no \(method.printable(longest: 64)): choose a profile without it"
        : "look at the router's own log"
    case .downloadNotFetched:
      "check from the router that the file's URL is reachable: the ACS's address and port, its route, and a firewall in between"
    case .awaitingTransferComplete:
      "wait: a router may tell it after its next boot; after an hour the file is sent again"
    case .downloadFailed(_, let code, _): CPEFault.remedy(ofDownload: code)
    case .awaitingReboot:
      "look at its console: it may have come up with a configuration that does not ask for an address or has no CWMP"
    case .mismatched:
      "check whether the router changes the value by itself, and write it into the profile as it reads back"
    case .downloadUntrusted:
      "give it the CA of the ACS (`usher ca export`), which it may need for files though its sessions do without; check "
        + "its clock, or send it to plain http (`acs.scheme`)"
    case .handshakeFailed:
      "give it the CA of the ACS (`usher ca export`), check its clock, or send it to plain http (`acs.scheme`)"
    case .keepsSharedCredentials(_, let isLeft):
      (isLeft ? "" : "wait for its next session; if it goes on, ")
        + "try other firmware, or let its model be with `credentials: shared` under `models`; "
        + "\"usher admit \(router.printable(longest: 64))\" has it tried anew at once"
    case .flapping(_, _, let lastSet):
      (lastSet.map { "take back what was set last, \($0.printable(longest: 256)), and " } ?? "")
        + "look at its own log or console for why it restarts"
    case .sessionCut: "wait for its next session, which goes on where this one ended"
    case .awaitingSession: "wait, or reboot it to have a session at once"
    }
  }

  /// What the ACS sets by itself, and no profile asks for (TR-098 and TR-181, ManagementServer).
  private static func isOwnCredential(_ path: String) -> Bool {
    ["Username", "Password", "ConnectionRequestUsername", "ConnectionRequestPassword"].contains {
      path.hasSuffix(".ManagementServer." + $0)
    }
  }

  private static func advice(from way: Way, _ words: MakerWords, else other: String) -> String {
    if let withheld = way.withheld, way.bootFile == .notAsked { return withheld.advice }
    return switch way.bootFile {
    case .failed: "see why the boot file failed; without it, \(words.turningOn)"
    case .unfinished: "check what stops the transfer of the boot file: TFTP needs UDP ports above 1023 both ways"
    case .notAsked:
      words.runsBootFiles
        ? "CWMP may be off: \(words.turningOn), or clear its startup configuration so that it asks for the boot file; else \(other)"
        : "CWMP may be off: \(words.turningOn); else \(other)"
    case .fetched: other
    }
  }
}
