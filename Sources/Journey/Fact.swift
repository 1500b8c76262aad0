package import Net

/// What can happen to a router, in words that no single protocol owns.
package enum Fact: Hashable, Sendable {
  // DHCP
  case discovered(vendorClass: String?, hostname: String?, relay: String?)
  case offered(address: IPv4Address)
  /// `url` and `dialect` are what option 43 of the ACK said, nil where it carried none; see ``Withheld``.
  case leased(address: IPv4Address, url: String?, dialect: String?, seconds: Int64)
  /// A DHCPNAK, with its reason.
  case refused(address: IPv4Address?, reason: String)
  /// No answer could be given, with the reason (no free address, unknown subnet, …).
  case unserved(reason: String)
  /// No answer could be given, because no subnet has the address that tells where the router is: that of its relay
  /// (giaddr, or what option 82 selects), or the interface's own (nil where it has none).
  case unknownNetwork(address: IPv4Address?, isRelayed: Bool)
  case released(address: IPv4Address)
  /// An operator took its address back.
  case addressWithdrawn(address: IPv4Address)
  case declined(address: IPv4Address)
  /// Another DHCP server was seen to answer it; `hardware` is the server's, where that was seen.
  case answeredByOther(server: IPv4Address, hardware: String?)
  /// An option of its message could not be used; it was answered as if that were not there.
  case optionDropped(code: Int, reason: String)
  /// It calls itself by a name that is another's, and has none in DNS but that of its address.
  case nameRefused(name: String, reason: String)
  /// It was seen to take this address from another DHCP server.
  case leasedElsewhere(address: IPv4Address, server: IPv4Address)

  // Boot file
  case bootFileRequested(name: String, scheme: String)
  case bootFileFetched(name: String, bytes: Int, scheme: String)
  case bootFileFailed(name: String, reason: String)

  // DNS
  case nameResolved(name: String)
  case nameUnresolved(name: String, reason: String)

  // HTTP
  case connected(address: IPv4Address)
  /// It asked the ACS's HTTP server for what is not there; `url` is all that it asked for, as it asked.
  case misdirected(method: String, url: String)
  case authenticated(username: String)
  case authenticationFailed(username: String, reason: String)
  /// It sent credentials that cannot be judged, with the word that names their kind (`Basic`, `Digest`, …).
  case loginUnusable(scheme: String, username: String?, reason: String)
  /// It answers again and again to a challenge that it was not given, or not lately.
  case nonceUnknown(username: String)
  /// What it sent was answered with 400.
  case messageRefused(reason: String)
  /// It was sent away (403 or 503), whatever it sent.
  case turnedAway(reason: String)
  /// A request for this router's session, or for a file of its, was refused: it came from somebody else, or from the router
  /// after its time. Nothing of it has changed.
  case misuseRefused(reason: String)

  // CWMP
  case informed(events: [String], softwareVersion: String?)
  case admitted(by: String)
  case quarantined(reason: String)
  case secured
  /// It logged in with the shared credentials though it had taken its own, so many times since it last used those; with
  /// `isLeft` it is given no new ones for a while.
  case credentialsLost(times: Int, isLeft: Bool)
  /// It was provisioned, and is configured again, because what it is to be has changed.
  case goalChanged(reason: String)
  /// It boots again and again; `lastSet` is what was changed at it last before that began.
  case flapping(boots: Int, seconds: Int64, lastSet: String?)
  case upgraded(version: String)
  case parametersSet(count: Int)
  case parameterRefused(path: String, code: Int, text: String)
  case requestRefused(method: String, code: Int, text: String)
  case downloadRequested(file: String, commandKey: String)
  case downloadServed(file: String, bytes: Int)
  case downloadCompleted(file: String)
  /// It says that it took a file that it never fetched here.
  case downloadDoubtful(file: String)
  case downloadFailed(file: String, code: Int, text: String)
  /// A file that the router sent us.
  case fileUploaded(file: String, bytes: Int)
  /// It asked for a file, with arguments in the form `NAME=VALUE`; `answer` is what becomes of that.
  case downloadWished(fileType: String, arguments: [String], answer: String)
  /// Somebody called its kick URL (TR-069 annex D), with these arguments.
  case kicked(command: String, referer: String, argument: String, next: String)
  case configured
  case rebootRequested(commandKey: String)
  case rebooted
  case mismatched(path: String, wanted: String, found: String)
  case verified
  case provisioned
  /// What it had confirmed is otherwise: a task set it, or the router reports it so.
  case drifted(path: String, wanted: String, found: String)
  /// A parameter that had drifted is again as it is wanted.
  case restored(path: String)
  /// Two routers inform by turns under one serial number; each is named by where it is.
  case serialShared(serial: String, first: String, second: String)
  /// Somebody at this address came for it without the credentials that it has, and was sent away; `hardware` is who
  /// leased the address, where that is known.
  case claimHeld(address: IPv4Address, hardware: String?, reason: String)
  /// It came without the credentials that it has, and was taken for itself; it is given new ones.
  case claimTaken(address: IPv4Address?, evidence: String)
  /// A person takes who comes from this address without its credentials for the router.
  case claimApproved(address: IPv4Address)
  /// It is not admitted, because the inventory's row of its serial number is that of another device.
  case twinHeld(serial: String, holder: String)
  /// Another device came with the serial number of its row of the inventory, and is held.
  case twinSeen(serial: String, twin: String)
  case sessionAborted(reason: String)
  /// It took the InformResponse, and then said nothing more for so many seconds.
  case leftAfterInform(seconds: Int64)
  /// What an operator asked for was done, with what the router answered.
  case taskDone(number: Int64, task: String, result: String)
  case taskFailed(number: Int64, task: String, reason: String)
  /// It was taken back before it was done.
  case taskCanceled(number: Int64, task: String, reason: String)
  /// Its data model was read.
  case parametersDiscovered(count: Int)
  /// The ACS asked it for a session, and it informed.
  case woken(how: String)
  case wakeFailed(reason: String)
  /// The profile or the inventory cannot be applied to this router (a missing variable, a bad template).
  case unplannable(reason: String)
}
