import Net

extension Fact {
  /// The stable word of its kind, such as `downloadFailed`.
  package var name: String { kind.rawValue }

  /// Its values as one text; see ``init(name:detail:)``. Values of more than 1024 characters are cut.
  package var detail: String {
    switch self {
    case .discovered(let vendorClass, let hostname, let relay): FactDetail.join([vendorClass, hostname, relay])
    case .offered(let address), .released(let address), .addressWithdrawn(let address), .declined(let address),
      .connected(let address):
      FactDetail.join([address.description])
    case .optionDropped(let code, let reason): FactDetail.join([String(code), reason])
    case .nameRefused(let name, let reason): FactDetail.join([name, reason])
    case .answeredByOther(let server, let hardware): FactDetail.join([server.description, hardware])
    case .leasedElsewhere(let address, let server): FactDetail.join([address.description, server.description])
    case .leased(let address, let url, let dialect, let seconds):
      FactDetail.join([address.description, url, dialect, String(seconds)])
    case .refused(let address, let reason): FactDetail.join([address?.description, reason])
    case .unknownNetwork(let address, let isRelayed):
      FactDetail.join([address?.description, isRelayed ? "relay" : "link"])
    case .unserved(let reason), .quarantined(let reason), .sessionAborted(let reason), .unplannable(let reason),
      .woken(let reason), .wakeFailed(let reason), .messageRefused(let reason), .turnedAway(let reason),
      .misuseRefused(let reason):
      FactDetail.join([reason])
    case .bootFileRequested(let name, let scheme): FactDetail.join([name, scheme])
    case .bootFileFetched(let name, let bytes, let scheme): FactDetail.join([name, String(bytes), scheme])
    case .bootFileFailed(let name, let reason), .nameUnresolved(let name, let reason): FactDetail.join([name, reason])
    case .misdirected(let method, let url): FactDetail.join([method, url])
    case .nameResolved(let name): FactDetail.join([name])
    case .authenticated(let username): FactDetail.join([username])
    case .authenticationFailed(let username, let reason): FactDetail.join([username, reason])
    case .loginUnusable(let scheme, let username, let reason): FactDetail.join([scheme, username, reason])
    case .nonceUnknown(let username): FactDetail.join([username])
    case .leftAfterInform(let seconds): FactDetail.join([String(seconds)])
    case .informed(let events, let version):
      FactDetail.join([version] + events.prefix(FactDetail.longestList).map(Optional.some))
    case .admitted(let by): FactDetail.join([by])
    case .credentialsLost(let times, let isLeft): FactDetail.join([String(times), isLeft ? "left" : "renewed"])
    case .goalChanged(let reason): FactDetail.join([reason])
    case .flapping(let boots, let seconds, let lastSet): FactDetail.join([String(boots), String(seconds), lastSet])
    case .upgraded(let version): FactDetail.join([version])
    case .taskDone(let number, let task, let result): FactDetail.join([String(number), task, result])
    case .taskFailed(let number, let task, let reason), .taskCanceled(let number, let task, let reason):
      FactDetail.join([String(number), task, reason])
    case .parametersDiscovered(let count): FactDetail.join([String(count)])
    case .parametersSet(let count): FactDetail.join([String(count)])
    case .parameterRefused(let path, let code, let text): FactDetail.join([path, String(code), text])
    case .requestRefused(let method, let code, let text): FactDetail.join([method, String(code), text])
    case .downloadRequested(let file, let commandKey): FactDetail.join([file, commandKey])
    case .downloadServed(let file, let bytes), .fileUploaded(let file, let bytes):
      FactDetail.join([file, String(bytes)])
    case .downloadCompleted(let file), .downloadDoubtful(let file): FactDetail.join([file])
    case .downloadFailed(let file, let code, let text): FactDetail.join([file, String(code), text])
    case .downloadWished(let type, let arguments, let answer):
      FactDetail.join([type, answer] + arguments.prefix(FactDetail.longestList).map(Optional.some))
    case .kicked(let command, let referer, let argument, let next):
      FactDetail.join([command, referer, argument, next])
    case .rebootRequested(let commandKey): FactDetail.join([commandKey])
    case .mismatched(let path, let wanted, let found), .drifted(let path, let wanted, let found):
      FactDetail.join([path, wanted, found])
    case .restored(let path): FactDetail.join([path])
    case .serialShared(let serial, let first, let second): FactDetail.join([serial, first, second])
    case .claimHeld(let address, let hardware, let reason): FactDetail.join([address.description, hardware, reason])
    case .claimTaken(let address, let evidence): FactDetail.join([address?.description, evidence])
    case .claimApproved(let address): FactDetail.join([address.description])
    case .twinHeld(let serial, let other), .twinSeen(let serial, let other): FactDetail.join([serial, other])
    case .secured, .configured, .rebooted, .verified, .provisioned: ""
    }
  }

  /// The fact that was stored as this name and detail, or nil where no fact is stored so.
  package init?(name: String, detail: String) {
    guard let kind = Kind(rawValue: name) else { return nil }
    var values = FactDetailReader(detail)
    guard let fact = Self.read(kind, &values), values.isAtEnd || kind.hasNoValues && detail.isEmpty else { return nil }
    self = fact
  }

  private static func read(_ kind: Kind, _ values: inout FactDetailReader) -> Fact? {
    switch kind {
    case .discovered, .offered, .leased, .refused, .unserved, .unknownNetwork, .released, .addressWithdrawn, .declined,
      .answeredByOther, .leasedElsewhere, .optionDropped, .nameRefused:
      readDHCP(kind, &values)
    case .bootFileRequested, .bootFileFetched, .bootFileFailed, .nameResolved, .nameUnresolved, .connected,
      .misdirected, .authenticated, .authenticationFailed, .loginUnusable, .nonceUnknown, .messageRefused, .turnedAway,
      .misuseRefused:
      readWay(kind, &values)
    case .drifted, .restored, .serialShared, .leftAfterInform, .downloadDoubtful: readDoubt(kind, &values)
    case .claimHeld, .claimTaken, .claimApproved, .twinHeld, .twinSeen: readIdentity(kind, &values)
    default: readCWMP(kind, &values)
    }
  }

  private static func readDHCP(_ kind: Kind, _ values: inout FactDetailReader) -> Fact? {
    switch kind {
    case .discovered:
      guard let vendorClass = values.optionalText(), let hostname = values.optionalText(),
        let relay = values.optionalText()
      else { return nil }
      return .discovered(vendorClass: vendorClass, hostname: hostname, relay: relay)
    case .offered: return values.address().map(Fact.offered)
    case .leased:
      guard let address = values.address(), let url = values.optionalText(), let dialect = values.optionalText(),
        let seconds = values.number(Int64.self)
      else { return nil }
      return .leased(address: address, url: url, dialect: dialect, seconds: seconds)
    case .refused:
      guard let address = values.optionalAddress(), let reason = values.text() else { return nil }
      return .refused(address: address, reason: reason)
    case .unserved: return values.text().map(Fact.unserved)
    case .unknownNetwork:
      guard let address = values.optionalAddress(), let place = values.text(), ["relay", "link"].contains(place) else {
        return nil
      }
      return .unknownNetwork(address: address, isRelayed: place == "relay")
    case .released: return values.address().map(Fact.released)
    case .addressWithdrawn: return values.address().map(Fact.addressWithdrawn)
    case .leasedElsewhere:
      guard let address = values.address(), let server = values.address() else { return nil }
      return .leasedElsewhere(address: address, server: server)
    case .declined: return values.address().map(Fact.declined)
    case .answeredByOther:
      guard let server = values.address(), let hardware = values.optionalText() else { return nil }
      return .answeredByOther(server: server, hardware: hardware)
    case .optionDropped:
      guard let code = values.number(Int.self), let reason = values.text() else { return nil }
      return .optionDropped(code: code, reason: reason)
    case .nameRefused:
      guard let name = values.text(), let reason = values.text() else { return nil }
      return .nameRefused(name: name, reason: reason)
    default: return nil
    }
  }

  private static func readWay(_ kind: Kind, _ values: inout FactDetailReader) -> Fact? {
    switch kind {
    case .bootFileRequested:
      guard let name = values.text(), let scheme = values.text() else { return nil }
      return .bootFileRequested(name: name, scheme: scheme)
    case .bootFileFetched:
      guard let name = values.text(), let bytes = values.number(Int.self), let scheme = values.text() else {
        return nil
      }
      return .bootFileFetched(name: name, bytes: bytes, scheme: scheme)
    case .bootFileFailed:
      guard let name = values.text(), let reason = values.text() else { return nil }
      return .bootFileFailed(name: name, reason: reason)
    case .nameResolved: return values.text().map(Fact.nameResolved)
    case .nameUnresolved:
      guard let name = values.text(), let reason = values.text() else { return nil }
      return .nameUnresolved(name: name, reason: reason)
    case .connected: return values.address().map(Fact.connected)
    case .misdirected:
      guard let method = values.text(), let url = values.text() else { return nil }
      return .misdirected(method: method, url: url)
    case .authenticated: return values.text().map(Fact.authenticated)
    case .authenticationFailed:
      guard let username = values.text(), let reason = values.text() else { return nil }
      return .authenticationFailed(username: username, reason: reason)
    case .loginUnusable:
      guard let scheme = values.text(), let username = values.optionalText(), let reason = values.text() else {
        return nil
      }
      return .loginUnusable(scheme: scheme, username: username, reason: reason)
    case .nonceUnknown: return values.text().map(Fact.nonceUnknown)
    case .messageRefused: return values.text().map(Fact.messageRefused)
    case .turnedAway: return values.text().map(Fact.turnedAway)
    case .misuseRefused: return values.text().map(Fact.misuseRefused)
    default: return nil
    }
  }

  private static func readDoubt(_ kind: Kind, _ values: inout FactDetailReader) -> Fact? {
    switch kind {
    case .drifted:
      guard let path = values.text(), let wanted = values.text(), let found = values.text() else { return nil }
      return .drifted(path: path, wanted: wanted, found: found)
    case .restored: return values.text().map(Fact.restored)
    case .serialShared:
      guard let serial = values.text(), let first = values.text(), let second = values.text() else { return nil }
      return .serialShared(serial: serial, first: first, second: second)
    case .leftAfterInform: return values.number().map(Fact.leftAfterInform)
    case .downloadDoubtful: return values.text().map(Fact.downloadDoubtful)
    default: return nil
    }
  }

  private static func readIdentity(_ kind: Kind, _ values: inout FactDetailReader) -> Fact? {
    switch kind {
    case .claimHeld:
      guard let address = values.address(), let hardware = values.optionalText(), let reason = values.text() else {
        return nil
      }
      return .claimHeld(address: address, hardware: hardware, reason: reason)
    case .claimTaken:
      guard let address = values.optionalAddress(), let evidence = values.text() else { return nil }
      return .claimTaken(address: address, evidence: evidence)
    case .claimApproved: return values.address().map(Fact.claimApproved)
    case .twinHeld, .twinSeen:
      guard let serial = values.text(), let other = values.text() else { return nil }
      return kind == .twinHeld ? .twinHeld(serial: serial, holder: other) : .twinSeen(serial: serial, twin: other)
    default: return nil
    }
  }

  private static func readCWMP(_ kind: Kind, _ values: inout FactDetailReader) -> Fact? {
    switch kind {
    case .informed:
      guard let version = values.optionalText(), let events = values.texts() else { return nil }
      return .informed(events: events, softwareVersion: version)
    case .admitted: return values.text().map(Fact.admitted)
    case .quarantined: return values.text().map(Fact.quarantined)
    case .secured: return .secured
    case .credentialsLost:
      guard let times = values.number(Int.self), let what = values.text() else { return nil }
      return .credentialsLost(times: times, isLeft: what == "left")
    case .goalChanged: return values.text().map(Fact.goalChanged)
    case .flapping:
      guard let boots = values.number(Int.self), let seconds = values.number(Int64.self),
        let lastSet = values.optionalText()
      else { return nil }
      return .flapping(boots: boots, seconds: seconds, lastSet: lastSet)
    case .upgraded: return values.text().map(Fact.upgraded)
    case .taskDone:
      guard let number = values.number(Int64.self), let task = values.text(), let result = values.text() else {
        return nil
      }
      return .taskDone(number: number, task: task, result: result)
    case .taskFailed, .taskCanceled:
      guard let number = values.number(Int64.self), let task = values.text(), let reason = values.text() else {
        return nil
      }
      return kind == .taskFailed
        ? .taskFailed(number: number, task: task, reason: reason)
        : .taskCanceled(number: number, task: task, reason: reason)
    case .parametersDiscovered: return values.number().map(Fact.parametersDiscovered)
    case .parametersSet: return values.number().map(Fact.parametersSet)
    case .parameterRefused:
      guard let path = values.text(), let code = values.number(Int.self), let text = values.text() else { return nil }
      return .parameterRefused(path: path, code: code, text: text)
    case .requestRefused:
      guard let method = values.text(), let code = values.number(Int.self), let text = values.text() else { return nil }
      return .requestRefused(method: method, code: code, text: text)
    case .downloadRequested:
      guard let file = values.text(), let commandKey = values.text() else { return nil }
      return .downloadRequested(file: file, commandKey: commandKey)
    case .downloadServed:
      guard let file = values.text(), let bytes = values.number(Int.self) else { return nil }
      return .downloadServed(file: file, bytes: bytes)
    case .fileUploaded:
      guard let file = values.text(), let bytes = values.number(Int.self) else { return nil }
      return .fileUploaded(file: file, bytes: bytes)
    case .downloadCompleted: return values.text().map(Fact.downloadCompleted)
    case .downloadFailed:
      guard let file = values.text(), let code = values.number(Int.self), let text = values.text() else { return nil }
      return .downloadFailed(file: file, code: code, text: text)
    case .downloadWished:
      guard let type = values.text(), let answer = values.text(), let arguments = values.texts() else { return nil }
      return .downloadWished(fileType: type, arguments: arguments, answer: answer)
    case .kicked:
      guard let command = values.text(), let referer = values.text(), let argument = values.text(),
        let next = values.text()
      else { return nil }
      return .kicked(command: command, referer: referer, argument: argument, next: next)
    case .configured: return .configured
    case .rebootRequested: return values.text().map(Fact.rebootRequested)
    case .rebooted: return .rebooted
    case .mismatched:
      guard let path = values.text(), let wanted = values.text(), let found = values.text() else { return nil }
      return .mismatched(path: path, wanted: wanted, found: found)
    case .verified: return .verified
    case .provisioned: return .provisioned
    case .sessionAborted: return values.text().map(Fact.sessionAborted)
    case .unplannable: return values.text().map(Fact.unplannable)
    case .woken: return values.text().map(Fact.woken)
    case .wakeFailed: return values.text().map(Fact.wakeFailed)
    default: return nil
    }
  }
}

extension Fact.Kind {
  fileprivate var hasNoValues: Bool {
    [.secured, .configured, .rebooted, .verified, .provisioned].contains(self)
  }
}
