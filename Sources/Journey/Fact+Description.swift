import Net

extension Fact: CustomStringConvertible {
  /// One sentence, as the timeline prints it. What came from outside is made printable and cut.
  package var description: String {
    switch self {
    case .discovered(let vendorClass, let hostname, let relay):
      "asks for an address"
        + [
          vendorClass.map { "vendor class \($0.quoted)" }, hostname.map { "host name \($0.quoted)" },
          relay.map { "through relay \($0.printable())" },
        ]
        .compactMap { $0 }.map { ", \($0)" }.joined()
    case .offered(let address): "was offered \(address)"
    case .leased(let address, let url, let dialect, let seconds):
      "leased \(address) for \(seconds) s; "
        + (url.map { "option 43 (\(dialect?.printable() ?? "no dialect")) names \($0.printable(longest: 255))" }
          ?? dialect.flatMap(Withheld.init).map { "\($0)" } ?? "its answer named no ACS")
    case .refused(let address, let reason):
      "was refused \(address?.description ?? "an address"): \(reason.printable())"
    case .unserved(let reason): "got no answer: \(reason.printable())"
    case .unknownNetwork(let address, let isRelayed):
      "got no answer: " + Cause.unknownNetwork(address, isRelayed: isRelayed)
    case .released(let address): "gave \(address) back"
    case .addressWithdrawn(let address): "had \(address) taken back by an operator"
    case .declined(let address): "declined \(address), which somebody else uses"
    case .optionDropped(let code, let reason):
      "sent an option \(code) that cannot be used, and was answered without it: \(reason.printable())"
    case .nameRefused(let name, let reason):
      "calls itself \(name.quoted), and is named by its address in DNS: \(reason.printable())"
    case .answeredByOther(let server, let hardware): "was answered by \(Cause.otherServer(server, hardware))"
    case .leasedElsewhere(let address, let server): "took \(address) from another DHCP server, \(server)"
    case .bootFileRequested(let name, let scheme): "asks for boot file \(name.quoted) by \(scheme.printable())"
    case .bootFileFetched(let name, let bytes, let scheme):
      "fetched boot file \(name.quoted) by \(scheme.printable()), \(bytes) bytes"
    case .bootFileFailed(let name, let reason):
      "did not get \(name.isEmpty ? "a boot file" : "boot file \(name.quoted)"): \(reason.printable())"
    case .nameResolved(let name): "asked DNS for \(name.printable(longest: 255)) and was answered"
    case .nameUnresolved(let name, let reason):
      "asked DNS for \(name.printable(longest: 255)) in vain: \(reason.printable())"
    case .connected(let address): "connected to the ACS from \(address)"
    case .misdirected(let method, let url):
      "asked for \(method.printable()) \(url.printable(longest: 255)), where nothing is served"
    case .authenticated(let username): "authenticated as \(username.quoted)"
    case .authenticationFailed(let username, let reason):
      "failed to authenticate as \(username.quoted): \(reason.printable())"
    case .loginUnusable(let scheme, let username, let reason):
      "sent \(scheme.printable(longest: 32)) credentials"
        + (username.map { " as \($0.quoted)" } ?? "") + " that cannot be taken: \(reason.printable())"
    case .nonceUnknown(let username):
      "logs in as \(username.quoted) again and again by a challenge (nonce) that is not one of ours now"
    case .messageRefused(let reason): "sent what could not be taken: \(reason.printable(longest: 400))"
    case .turnedAway(let reason): "was turned away: \(reason.printable(longest: 400))"
    case .misuseRefused(let reason): "had something of its refused: \(reason.printable(longest: 400))"
    case .informed(let events, let version): Self.described(events: events, version: version)
    case .admitted(let by): "is admitted by \(by.printable())"
    case .quarantined(let reason): "is quarantined: \(reason.printable())"
    case .secured: "has credentials of its own"
    case .credentialsLost(let times, let isLeft):
      "logged in with the shared credentials though it had taken its own, "
        + (times == 1
          ? "and gets new ones" : "for the \(times)th time, and gets \(isLeft ? "no new ones for a day" : "new ones")")
    case .goalChanged(let reason): "is configured again: \(reason.printable(longest: 400))"
    case .flapping(let boots, let seconds, let lastSet): Cause.described(boots: boots, seconds: seconds, lastSet)
    case .upgraded(let version): "runs the wanted firmware \(version.printable())"
    case .parametersSet(let count): "took \(count) \(count == 1 ? "parameter" : "parameters")"
    case .parameterRefused(let path, let code, let text):
      "refused \(path.printable(longest: 256)): \(CPEFault.described(code, text))"
    case .requestRefused(let method, let code, let text):
      "refused \(method.printable()): \(CPEFault.described(code, text))"
    case .downloadRequested(let file, _): "is asked to download \(file.quoted)"
    case .downloadServed(let file, let bytes): "fetched \(file.quoted), \(bytes) bytes"
    case .downloadCompleted(let file): "took \(file.quoted) without fault"
    case .downloadDoubtful(let file): "says that it took \(file.quoted), which it never fetched here: doubtful"
    case .downloadFailed(let file, let code, let text):
      "failed to download \(file.quoted): \(CPEFault.described(code, text))"
    case .fileUploaded(let file, let bytes): "uploaded \(file.quoted), \(bytes) bytes"
    case .downloadWished(let type, let arguments, let answer):
      "asks to download \(type.quoted)"
        + (arguments.isEmpty ? "" : " with \(arguments.joined(separator: ", ").printable(longest: 200))")
        + ": \(answer.printable())"
    case .kicked(let command, let referer, let argument, let next):
      "had its kick URL called"
        + [
          command.isEmpty ? nil : "command \(command.quoted)", argument.isEmpty ? nil : "argument \(argument.quoted)",
          referer.isEmpty ? nil : "from \(referer.quoted)",
          next.isEmpty ? nil : "going on to \(next.printable(longest: 255))",
        ]
        .compactMap { $0 }.map { ", \($0)" }.joined()
    case .configured: "is configured"
    case .rebootRequested: "is asked to reboot"
    case .rebooted: "has rebooted"
    case .mismatched(let path, let wanted, let found):
      "reads back \(found.quoted) at \(path.printable(longest: 256)), where \(wanted.quoted) is wanted"
    case .verified: "reads back as desired"
    case .provisioned: "is provisioned"
    case .drifted(let path, let wanted, let found):
      "has \(found.quoted) at \(path.printable(longest: 256)) now, where \(wanted.quoted) is wanted"
    case .restored(let path): "has \(path.printable(longest: 256)) as it is wanted again"
    case .serialShared(let serial, let first, let second):
      "shares the serial number \(serial.quoted): \(first.printable()) and \(second.printable()) inform by turns"
    case .claimHeld(let address, let hardware, let reason):
      "was claimed by \(Cause.claimant(address, hardware)) without the credentials that it has, and the claim is held: "
        + reason.printable()
    case .claimTaken(let address, let evidence):
      "came without its own credentials" + (address.map { " from \($0)" } ?? "")
        + " and is taken for itself, to be given new ones: \(evidence.printable())"
    case .claimApproved(let address):
      "is to be taken for itself when it comes from \(address) without its own credentials: a person says so"
    case .twinHeld(let serial, let holder):
      "is held: the inventory's row of serial number \(serial.quoted) is that of \(holder.printable(longest: 255))"
    case .twinSeen(let serial, let twin):
      "has a twin, which is held: \(twin.printable(longest: 255)) came with the serial number \(serial.quoted) of its row"
    case .leftAfterInform(let seconds):
      "left its session after InformResponse: it sent nothing more within \(seconds) s"
    case .sessionAborted(let reason): "left its session: \(reason.printable())"
    case .taskDone(let number, let task, let result):
      "did task \(number), \(task.printable(longest: 200)): \(result.printable(longest: 200))"
    case .taskFailed(let number, let task, let reason):
      "did not do task \(number), \(task.printable(longest: 200)): \(reason.printable(longest: 400))"
    case .taskCanceled(let number, let task, let reason):
      "need not do task \(number), \(task.printable(longest: 200)): \(reason.printable(longest: 400))"
    case .parametersDiscovered(let count): "told all of its data model, \(count) parameters and objects"
    case .woken(let how): "was woken: it \(how.printable())"
    case .wakeFailed(let reason): "was not woken: \(reason.printable(longest: 400))"
    case .unplannable(let reason): "cannot be planned for: \(reason.printable(longest: 400))"
    }
  }

  private static func described(events: [String], version: String?) -> String {
    let shown = events.prefix(4).map { $0.printable(longest: 64) }.joined(separator: ", ")
    let more = events.count > 4 ? " and \(events.count - 4) more" : ""
    return "informed" + (events.isEmpty ? " without an event" : " with \(shown)\(more)")
      + (version.map { ", software \($0.printable(longest: 64))" } ?? "")
  }
}

extension String {
  var quoted: String { "\"\(printable())\"" }
}
