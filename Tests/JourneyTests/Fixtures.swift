import Journey
import Net

let noon = Timestamp(secondsSince1970: 1_800_000_000)
let address = IPv4Address(192, 0, 2, 10)
let mac = MACAddress(rawValue: 0x000F_E200_0001)
let url = "http://acs.usher.internal:7547/acs"
let one = RouterID(rawValue: 1)

/// A fact, so many seconds after noon.
func at(_ second: Int64, _ fact: Fact) -> Event {
  Event(router: one, moment: noon.advanced(bySeconds: second), fact: fact)
}

func discovered(_ second: Int64) -> Event { at(second, .discovered(vendorClass: nil, hostname: nil, relay: nil)) }

func leased(_ second: Int64) -> Event {
  at(second, .leased(address: address, url: url, dialect: "comware", seconds: 43_200))
}

func informed(_ second: Int64, _ events: String...) -> Event {
  at(second, .informed(events: events, softwareVersion: "7.1"))
}

/// From power-on to its first Inform, which is at second 10.
let untilInformed = [
  discovered(0), at(1, .offered(address: address)), leased(2), at(4, .nameResolved(name: "acs.usher.internal")),
  at(8, .connected(address: address)), at(9, .authenticated(username: "usher")), informed(10, "0 BOOTSTRAP", "1 BOOT"),
]

/// All the rest of a first journey, which ends at second 60 with `provisioned`.
let work = [
  at(11, .admitted(by: "the inventory")), at(12, .secured), at(13, .parametersSet(count: 2)),
  at(14, .downloadRequested(file: "a.cfg", commandKey: "k")), at(15, .downloadServed(file: "a.cfg", bytes: 99)),
  at(20, .downloadCompleted(file: "a.cfg")), at(20, .configured), at(21, .rebootRequested(commandKey: "r")),
  discovered(50), leased(51), at(52, .nameResolved(name: "acs.usher.internal")), at(53, .connected(address: address)),
  at(54, .authenticated(username: "own")), informed(55, "1 BOOT", "M Reboot"), at(55, .rebooted), at(60, .verified),
  at(60, .provisioned),
]

let allFacts: [Fact] = [
  .discovered(vendorClass: "H3C.MSR", hostname: nil, relay: "82"),
  .discovered(vendorClass: nil, hostname: nil, relay: nil),
  .discovered(vendorClass: "", hostname: "\\-", relay: "\u{1F}\n\u{0}\\"), .offered(address: address),
  .leased(address: address, url: url, dialect: "comware", seconds: 43_200),
  .leased(address: address, url: nil, dialect: nil, seconds: .min), .refused(address: nil, reason: "wrong subnet"),
  .refused(address: address, reason: ""), .unserved(reason: "no free address"), .released(address: address),
  .declined(address: address), .answeredByOther(server: address, hardware: "00:0f:e2:00:00:01"),
  .optionDropped(code: 61, reason: "malformed"), .nameRefused(name: "branch", reason: "a reservation has it"),
  .answeredByOther(server: address, hardware: nil), .bootFileRequested(name: "device.cfg", scheme: "tftp"),
  .bootFileFetched(name: "device.cfg", bytes: 300, scheme: "http"), .bootFileFailed(name: "x", reason: "timeout"),
  .nameResolved(name: "acs"), .nameUnresolved(name: "acs", reason: "REFUSED"), .connected(address: address),
  .misdirected(method: "POST", url: "http://acs.factory.example/cwmp"),
  .authenticated(username: "usher"), .authenticationFailed(username: "ü", reason: "wrong password"),
  .informed(events: ["0 BOOTSTRAP", "1 BOOT"], softwareVersion: "7.1"), .informed(events: [], softwareVersion: nil),
  .informed(events: [""], softwareVersion: ""), .admitted(by: "the inventory"), .quarantined(reason: "unknown"),
  .secured, .credentialsLost(times: 1, isLeft: false), .credentialsLost(times: 4, isLeft: true),
  .goalChanged(reason: "profile \"a\" wants otherwise the file \"startup.cfg\""),
  .flapping(boots: 4, seconds: 12, lastSet: "the parameter Device.A"), .flapping(boots: 8, seconds: 99, lastSet: nil),
  .upgraded(version: "7.2"), .parametersSet(count: 3), .parameterRefused(path: "Device.X", code: 9007, text: "no"),
  .requestRefused(method: "Download", code: 9000, text: ""), .downloadRequested(file: "a.cfg", commandKey: "k"),
  .downloadServed(file: "a.cfg", bytes: 5), .downloadCompleted(file: "a.cfg"),
  .downloadFailed(file: "a.cfg", code: 9010, text: "timeout"), .fileUploaded(file: "a.log", bytes: 0), .configured,
  .rebootRequested(commandKey: "r"),
  .rebooted,
  .mismatched(path: "Device.X", wanted: "1", found: ""), .verified, .provisioned, .sessionAborted(reason: "timeout"),
  .downloadWished(fileType: "3 Vendor Configuration File", arguments: ["a=b", ""], answer: "none is set down"),
  .downloadWished(fileType: "", arguments: [], answer: ""),
  .kicked(command: "restart", referer: "192.0.2.9", argument: "", next: "http://192.0.2.9/next"),
  .taskDone(number: 7, task: "Reboot", result: "it has rebooted"),
  .taskCanceled(number: 9, task: "Reboot", reason: "an operator took it back before it was sent"),
  .taskFailed(number: 8, task: "SetParameterValues A=1", reason: "fault 9007, invalid parameter value"),
  .parametersDiscovered(count: 312), .unplannable(reason: "no variable"), .woken(how: "informed after 2 s"),
  .wakeFailed(reason: "refused"),
  .leased(address: address, url: nil, dialect: Fact.Withheld.unknown.rawValue, seconds: 60),
  .unknownNetwork(address: address, isRelayed: true), .unknownNetwork(address: nil, isRelayed: false),
  .addressWithdrawn(address: address), .leasedElsewhere(address: address, server: IPv4Address(192, 0, 2, 2)),
  .loginUnusable(scheme: "Basic", username: "usher", reason: "not over http"),
  .loginUnusable(scheme: "unreadable", username: nil, reason: "a quote has no end"), .nonceUnknown(username: "usher"),
  .misuseRefused(reason: "a POST came from elsewhere"),
  .messageRefused(reason: "no Inform"), .turnedAway(reason: "the quarantine is full"),
  .leftAfterInform(seconds: 60), .downloadDoubtful(file: "a.cfg"),
  .drifted(path: "Device.X", wanted: "1", found: ""), .restored(path: "Device.X"),
  .serialShared(serial: "210235A", first: "192.0.2.10", second: "192.0.2.11"),
  .claimHeld(address: address, hardware: "00:0f:e2:00:00:02", reason: "no lease"),
  .claimHeld(address: address, hardware: nil, reason: ""), .claimTaken(address: nil, evidence: "its lease"),
  .claimTaken(address: address, evidence: ""), .claimApproved(address: address),
  .twinHeld(serial: "210235a", holder: "000FE2-210235A"), .twinSeen(serial: "210235A", twin: "000FE2-210235a"),
]
