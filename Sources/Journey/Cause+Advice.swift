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
    case .unknownNetwork(let address, let isRelayed): Self.subnetMissing(address, isRelayed: isRelayed)
    case .declined: "find the host that uses the address by hand, or take the address out of the pool"
    case .released: "reboot it, or switch its port off and on, so that it asks again"
    case .answeredByOther:
      "take that server off the router's network, or tell it not to answer this router, or to send it option 43 (\"usher option43\" makes it); reboot the router then"
    case .leasedElsewhere:
      "have that server send it option 43 (\"usher option43\" makes it), or tell it not to answer this router; reboot the router then"
    case .addressWithdrawn: "reboot it, or switch its port off and on, so that it asks again"
    case .neverAskedDNS(let way):
      Self.advice(
        from: way, words,
        else: "check \(words.seeing("URL")) that it has the ACS URL, and\(words.seeingDNS) that it asks this appliance")
    case .askedOtherNames(let way, _, _, _):
      way.url == nil
        ? "see whether one of these names is the ACS that it was set up for elsewhere, and clear that from its configuration"
        : "see whether one of these names is that of an ACS which stands in its own configuration, and clear it there: the URL of its lease is then used"
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
    case .loginUnusable(let scheme, _, _):
      scheme.lowercased() == "basic"
        ? "have it use digest authentication, or https, where basic is taken too; \"acs: {authentication: basic}\" takes it over plain http"
        : "look at the router's own log for what it made of the challenge; \"acs: {authentication: none}\" or a model with \"login: none\" lets it in without"
    case .nonceUnknown:
      "reboot it, so that it forgets the old challenge; look for a proxy between that keeps answers or gives its own"
    case .messageRefused:
      "see the reason: it is in the router's own message; its maker may have mended that in newer firmware"
    case .turnedAway: "see the reason; where it is for a while only, the router comes again by itself"
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
    case .rebootNotSeen:
      "reboot it by hand, if its own log does not say why it did not; it is asked again after a while"
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
    case .sessionCut(_, let times):
      times < Diagnosis.Patience.cuts
        ? "wait for its next session, which goes on where this one ended"
        : "see the reason, and what the router's own log says of that moment: the next session will hardly fare better"
    case .leftAfterInform:
      "look at the router's own CWMP log for what it made of the InformResponse, and for a proxy or firewall between that cuts the answer; \"usher transcript\" shows what was said"
    case .awaitingSession: "wait, or reboot it to have a session at once"
    case .silent(_, _, let stop):
      stop?.cause.advice(for: router, of: maker)
        ?? "ask it for a session: \"usher wake \(router.printable(longest: 64))\" says what stands between; if it has no power or no line, that is why"
    case .drifted:
      "set it back by a task, or write the value into the profile and run \"usher reload\""
    case .otherFirmware: "wait for its next session, in which it is read back; see who upgraded it"
    case .serialShared:
      "give each router a serial number of its own: as they are, what is done to one is taken for done to the other"
    case .doubtful:
      "see on the router whether it has what the file says; change the file, or reset the router, to have it sent again"
    case .claimed(let address, _, _):
      "if that is the router after a reset, \"usher admit \(router.printable(longest: 64)) --from \(address)\" lets it "
        + "start anew, and its own credentials hold until it has new ones; if not, look for that host"
    case .twin(_, let holder):
      "see which of the two is the router that is meant; \"usher admit\" with this one's full name, as \"usher devices\" "
        + "shows it, takes the row from \(holder.printable(longest: 255))"
    }
  }

  /// What the ACS sets by itself, and no profile asks for (TR-098 and TR-181, ManagementServer).
  private static func isOwnCredential(_ path: String) -> Bool {
    ["Username", "Password", "ConnectionRequestUsername", "ConnectionRequestPassword"].contains {
      path.hasSuffix(".ManagementServer." + $0)
    }
  }

  private static func subnetMissing(_ address: IPv4Address?, isRelayed: Bool) -> String {
    guard let address else { return "give the interface an address, and a subnet in dhcp.subnets" }
    return isRelayed
      ? "add a subnet that contains \(address) to dhcp.subnets and run \"usher reload\", or correct the relay's address"
      : "add a subnet that contains \(address) to dhcp.subnets and run \"usher reload\""
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
