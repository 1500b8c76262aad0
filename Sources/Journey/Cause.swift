package import Net

/// Why the next milestone is missing, with the evidence for it.
package enum Cause: Hashable, Sendable {
  // Before the ACS
  case neverAsked
  /// It asked for an address and no offer was made, for no reason that is known here.
  case noOffer
  case noRequest(address: IPv4Address)
  case refused(address: IPv4Address?, reason: String)
  case unserved(reason: String)
  /// No subnet is configured for where it is: for its relay's address, or the interface's.
  case unknownNetwork(address: IPv4Address?, isRelayed: Bool)
  case declined(address: IPv4Address)
  case released(address: IPv4Address)
  case addressWithdrawn(address: IPv4Address)
  case answeredByOther(server: IPv4Address, hardware: String?)
  case leasedElsewhere(address: IPv4Address, server: IPv4Address, hardware: String?)
  case neverAskedDNS(Way)
  case nameUnresolved(name: String, reason: String)
  /// It asked DNS for so many names in vain, of which none is the ACS's.
  case askedOtherNames(Way, last: String, reason: String, count: Int)
  case neverConnected(Way)
  /// It reached the ACS's HTTP server with a session, at a path where none is taken.
  case misdirected(url: String)
  case neverAuthenticated
  case wrongPassword(username: String, times: Int, reason: String)
  /// The dialect of option 43 that it was given has no user name and no password, and it has none of its own that is
  /// known here; `username` where it tried one.
  case noCredentialsInDialect(dialect: String, username: String?)
  case loginUnusable(scheme: String, username: String?, reason: String)
  case nonceUnknown(username: String)
  case messageRefused(reason: String)
  case turnedAway(reason: String)
  case noInform
  /// It reached the ACS's port for TLS, and no connection came of it.
  case handshakeFailed(reason: String)

  // At the ACS
  case undecided
  case quarantined(reason: String)
  case unplannable(reason: String)
  case parameterRefused(path: String, code: Int, text: String)
  case requestRefused(method: String, code: Int, text: String)
  case downloadNotFetched(file: String)
  case awaitingTransferComplete(file: String)
  case downloadFailed(file: String, code: Int, text: String)
  /// It came for the file over TLS, and no connection began.
  case downloadUntrusted(file: String, reason: String)
  case awaitingReboot
  /// It has informed since it was asked to reboot, and told of no boot.
  case rebootNotSeen
  case mismatched(path: String, wanted: String, found: String, times: Int)
  case sessionCut(reason: String, times: Int = 1)
  /// It took the InformResponse and said nothing more.
  case leftAfterInform(seconds: Int64, times: Int)
  /// It takes credentials of its own and does not use them; with `isLeft` it is given no new ones for a while.
  case keepsSharedCredentials(times: Int, isLeft: Bool)
  case flapping(boots: Int, seconds: Int64, lastSet: String?)
  /// Nothing went wrong; the rest is done in its next session.
  case awaitingSession

  // Of a router that was provisioned
  /// It has not informed for long; `stop` is where it stands on its way, if it has booted since.
  case silent(since: Timestamp, every: Int64, stop: Stop?)
  case drifted(path: String, wanted: String, found: String, others: Int)
  case otherFirmware(verified: String, present: String)
  case serialShared(serial: String, first: String, second: String)
  /// It says that it took a file that it never fetched.
  case doubtful(file: String)
  /// It has not been heard with its own credentials since somebody came for it without them, and was sent away.
  case claimed(address: IPv4Address, hardware: String?, reason: String)
  /// It is held because the inventory's row of its serial number is another device's.
  case twin(serial: String, holder: String)

  /// Why a router that is coming back has not arrived.
  package final class Stop: Hashable, Sendable {
    package let cause: Cause

    init(_ cause: Cause) {
      self.cause = cause
    }

    package static func == (left: Stop, right: Stop) -> Bool { left.cause == right.cause }

    package func hash(into hasher: inout Hasher) { hasher.combine(cause) }
  }

  /// What a router was told when it got its address, and what it did with it.
  package struct Way: Hashable, Sendable {
    package var address: IPv4Address?
    /// The ACS's URL in option 43 of the ACK.
    package var url: String?
    /// Another DHCP server, where the address is from that.
    package var server: IPv4Address?
    /// The name that it asked DNS for.
    package var name: String?
    package var bootFile: BootFile
    /// Why the ACK did not name the ACS, where it could have.
    package var withheld: Fact.Withheld?

    package init(address: IPv4Address?, url: String?, name: String? = nil, bootFile: BootFile = .notAsked) {
      self.address = address
      self.url = url
      self.name = name
      self.bootFile = bootFile
    }
  }

  package enum BootFile: Hashable, Sendable {
    case notAsked
    case unfinished(name: String)
    case failed(name: String, reason: String)
    case fetched(name: String)
  }
}

extension Cause {
  /// A word that never changes, for programs.
  package var name: String {
    switch self {
    case .neverAsked: "neverAsked"
    case .noOffer: "noOffer"
    case .noRequest: "noRequest"
    case .refused: "refused"
    case .unserved: "unserved"
    case .unknownNetwork: "unknownNetwork"
    case .declined: "declined"
    case .released: "released"
    case .addressWithdrawn: "addressWithdrawn"
    case .answeredByOther: "answeredByOther"
    case .leasedElsewhere: "leasedElsewhere"
    case .neverAskedDNS: "neverAskedDNS"
    case .nameUnresolved: "nameUnresolved"
    case .askedOtherNames: "askedOtherNames"
    case .neverConnected: "neverConnected"
    case .misdirected: "misdirected"
    case .neverAuthenticated: "neverAuthenticated"
    case .wrongPassword: "wrongPassword"
    case .noCredentialsInDialect: "noCredentialsInDialect"
    case .loginUnusable: "loginUnusable"
    case .nonceUnknown: "nonceUnknown"
    case .messageRefused: "messageRefused"
    case .turnedAway: "turnedAway"
    case .noInform: "noInform"
    case .undecided: "undecided"
    case .quarantined: "quarantined"
    case .unplannable: "unplannable"
    case .parameterRefused: "parameterRefused"
    case .requestRefused: "requestRefused"
    case .downloadNotFetched: "downloadNotFetched"
    case .awaitingTransferComplete: "awaitingTransferComplete"
    case .downloadFailed: "downloadFailed"
    case .downloadUntrusted: "downloadUntrusted"
    case .awaitingReboot: "awaitingReboot"
    case .rebootNotSeen: "rebootNotSeen"
    case .mismatched: "mismatched"
    case .sessionCut: "sessionCut"
    case .keepsSharedCredentials: "keepsSharedCredentials"
    case .flapping: "flapping"
    case .leftAfterInform: "leftAfterInform"
    case .handshakeFailed: "handshakeFailed"
    case .awaitingSession: "awaitingSession"
    case .silent: "silent"
    case .drifted: "drifted"
    case .otherFirmware: "otherFirmware"
    case .serialShared: "serialShared"
    case .doubtful: "doubtful"
    case .claimed: "claimed"
    case .twin: "twin"
    }
  }
}

extension Cause: CustomStringConvertible {
  /// One sentence without its full stop. What came from outside is made printable and cut.
  package var description: String {
    switch self {
    case .neverAsked: "it has never asked for an address here"
    case .noOffer: "it asked for an address and was offered none"
    case .noRequest(let address): "it was offered \(address) and did not request it"
    case .refused(let address, let reason):
      "it requested \(address?.description ?? "an address") and was refused: \(reason.printable())"
    case .unserved(let reason): "it asked for an address and got no answer: \(reason.printable())"
    case .unknownNetwork(let address, let isRelayed):
      "it asked for an address and got no answer: \(Self.unknownNetwork(address, isRelayed: isRelayed))"
    case .declined(let address): "it found \(address) in use by somebody else and declined it"
    case .released(let address): "it gave \(address) back"
    case .addressWithdrawn(let address): "an operator took \(address) back from it"
    case .leasedElsewhere(let address, let server, let hardware):
      "it took \(address) from \(Self.otherServer(server, hardware)), and has not come to the ACS"
    case .answeredByOther(let server, let hardware): "\(Self.otherServer(server, hardware)) answered it"
    case .neverAskedDNS(let way): "\(way), but has not asked DNS for the ACS's name"
    case .askedOtherNames(let way, let last, let reason, let count):
      "\(way), and asked DNS for \(last.printable(longest: 255)) (\(reason.printable()))"
        + (count > 1 ? " and \(count - 1) more" : "") + ", but not for the ACS's name"
        + (way.acsName.map { ", \($0.printable(longest: 255))" } ?? "")
    case .nameUnresolved(let name, let reason):
      "it asked DNS for \(name.printable(longest: 255)) and got no address: \(reason.printable())"
    case .neverConnected(let way): "\(way), but has not connected to the ACS"
    case .misdirected(let url): "it sends its session to \(url.printable(longest: 255)), where the ACS is not"
    case .neverAuthenticated: "it connected to the ACS and sent no credentials"
    case .wrongPassword(let username, let times, let reason):
      "it logs in as \(username.quoted) and is turned away (\(reason.printable())), "
        + "\(times) \(times == 1 ? "time" : "times") so far"
    case .noCredentialsInDialect(let dialect, let username):
      "it was told of the ACS in the dialect \(dialect.printable()), which carries no credentials, and "
        + (username.map { "logs in as \($0.quoted), whom nobody here knows" } ?? "sends none of its own")
    case .loginUnusable(let scheme, let username, let reason):
      "it sends \(scheme.printable(longest: 32)) credentials" + (username.map { " as \($0.quoted)" } ?? "")
        + " and is turned away: \(reason.printable())"
    case .nonceUnknown(let username):
      "it logs in as \(username.quoted) by a challenge (nonce) that is not one of ours now, and keeps to it although it was given a new one each time"
    case .messageRefused(let reason):
      "what it sent was refused (400): \(reason.printable(longest: 400))"
    case .turnedAway(let reason): "it was turned away: \(reason.printable(longest: 400))"
    case .noInform: "it authenticated and sent no Inform that could be taken"
    case .undecided: "it has informed, and whether to admit it has not been decided yet"
    case .quarantined(let reason): "it is quarantined: \(reason.printable())"
    case .unplannable(let reason): "its profile cannot be applied: \(reason.printable(longest: 400))"
    case .parameterRefused(let path, let code, let text):
      "it refused \(path.printable(longest: 256)): \(CPEFault.described(code, text))"
    case .requestRefused(let method, let code, let text):
      "it refused \(method.printable()): \(CPEFault.described(code, text))"
    case .downloadNotFetched(let file): "it was asked to download \(file.quoted) and has not fetched it"
    case .awaitingTransferComplete(let file):
      "it fetched \(file.quoted) and has not said how that went (TransferComplete)"
    case .downloadFailed(let file, let code, let text):
      "it failed to download \(file.quoted): \(CPEFault.described(code, text))"
    case .downloadUntrusted(let file, let reason):
      "it came for \(file.quoted) over https, and no connection began: \(reason.printable())"
    case .awaitingReboot: "it was asked to reboot and has not been heard of since"
    case .rebootNotSeen: "it was asked to reboot, and has informed since without a boot"
    case .mismatched(let path, let wanted, let found, let times):
      "it reads back \(found.quoted) at \(path.printable(longest: 256)), where \(wanted.quoted) is wanted"
        + (times > 1 ? ", \(times) times so far" : "")
    case .keepsSharedCredentials(let times, let isLeft):
      "it takes credentials of its own and logs in with the shared ones again, "
        + "\(times) \(times == 1 ? "time" : "times") so far" + (isLeft ? "; it is given no new ones for a day" : "")
    case .flapping(let boots, let seconds, let lastSet):
      "it \(Self.described(boots: boots, seconds: seconds, lastSet))"
    case .sessionCut(let reason, let times):
      "its session was cut: \(reason.printable())" + (times > 1 ? ", \(times) times in a row" : "")
    case .leftAfterInform(let seconds, let times):
      "it left after InformResponse, without taking its turn: nothing more came within \(seconds) s"
        + (times > 1 ? ", \(times) times in a row" : "")
    case .handshakeFailed(let reason): "it came to the ACS and no connection began: \(reason.printable())"
    case .awaitingSession: "the rest is done in its next session"
    case .silent(let since, let every, let stop):
      "silent since \(since), though it is to inform every \(every) s"
        + (stop.map { "; it has asked for an address since, and stands there: \($0.cause)" } ?? "")
    case .drifted(let path, let wanted, let found, let others):
      "drifted: \(path.printable(longest: 256)) is \(found.quoted), where \(wanted.quoted) is wanted"
        + (others > 0 ? ", and \(others) more" : "")
    case .otherFirmware(let verified, let present):
      "other firmware: it came back with \(present.quoted), and was verified with \(verified.quoted)"
    case .serialShared(let serial, let first, let second):
      "shared serial number: \(first.printable()) and \(second.printable()) inform by turns as \(serial.quoted)"
    case .doubtful(let file):
      "doubtful: it says that it took \(file.quoted), and never fetched it here"
    case .claimed(let address, let hardware, let reason):
      "\(Self.claimant(address, hardware)) came for it without the credentials that it has, and is held "
        + "(\(reason.printable())); it has not been heard with its own since"
    case .twin(let serial, let holder):
      "it is held: the inventory's row of serial number \(serial.quoted) is that of \(holder.printable(longest: 255)), "
        + "which had it first"
    }
  }
}

extension Cause {
  static func described(boots: Int, seconds: Int64, _ lastSet: String?) -> String {
    "boots again and again, \(boots) times within \(seconds) s; "
      + (lastSet.map { "set last before that began: \($0.printable(longest: 256))" }
        ?? "nothing had been set at it before that began")
  }

  static func otherServer(_ server: IPv4Address, _ hardware: String?) -> String {
    "another DHCP server, \(server)" + (hardware.map { " at \($0.printable(longest: 17))" } ?? "")
  }

  static func claimant(_ address: IPv4Address, _ hardware: String?) -> String {
    "a host at \(address)" + (hardware.map { " (\($0.printable(longest: 17)))" } ?? "")
  }

  static func unknownNetwork(_ address: IPv4Address?, isRelayed: Bool) -> String {
    switch (address, isRelayed) {
    case (let address?, true): "no subnet is configured for \(address), its relay's address (giaddr)"
    case (let address?, false): "no subnet is configured for \(address), by which it was reached"
    case (nil, _): "no subnet is configured for the interface that it came in by"
    }
  }
}

extension Cause.Way {
  /// The name in the ACS's URL; nil where there is no URL, or an address stands in it.
  var acsName: String? {
    guard let url, let start = url.firstRange(of: "://")?.upperBound else { return nil }
    let host = url[start...].prefix { $0 != "/" && $0 != ":" && $0 != "?" }
    return host.isEmpty || IPv4Address(String(host)) != nil ? nil : String(host)
  }
}

extension String {
  /// Whether both are one name of DNS: without regard to case, or to a dot at the end.
  func isName(_ other: String) -> Bool {
    func plain(_ name: String) -> Substring { name.lowercased().dropLast(name.hasSuffix(".") ? 1 : 0) }
    return plain(self) == plain(other)
  }
}

extension Cause.Way: CustomStringConvertible {
  package var description: String {
    var text = address.map { "it \(server == nil ? "leased" : "took") \($0)" } ?? "it has an address"
    if let server { text += " from another DHCP server, \(server)" }
    text +=
      url.map { " with the ACS URL \($0.printable(longest: 255))" } ?? withheld.map { " without an ACS URL (\($0))" }
      ?? " without an ACS URL"
    if let name { text += ", asked DNS for \(name.printable(longest: 255))" }
    switch bootFile {
    case .notAsked: break
    case .unfinished(let name): text += ", asked for the boot file \(name.quoted) and did not read it to its end"
    case .failed(let name, let reason): text += ", did not get the boot file \(name.quoted) (\(reason.printable()))"
    case .fetched(let name): text += ", fetched the boot file \(name.quoted)"
    }
    return text
  }
}
