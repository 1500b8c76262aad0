/// What a router's word has changed, neutral of how it is told to anyone.
package enum Outcome: Hashable, Sendable {
  case informed(events: [String], softwareVersion: String?)
  /// `0 BOOTSTRAP`: what it had confirmed before is gone.
  case factoryReset
  /// It logged in with the bootstrap credentials although it had confirmed its own.
  /// For the so-manieth time; with `isLeft` it is given no new ones for a while.
  case credentialsLost(times: Int, isLeft: Bool)
  /// It boots again and again, and what it was given last before that began.
  case flapping(boots: Int, seconds: Int64, lastSet: String?)
  /// It was provisioned, and what it is to be has changed since.
  case goalChanged(reason: String)
  case rebooted
  case admitted(by: String)
  case quarantined(reason: String)
  case secured
  case parametersSet(count: Int)
  case parameterRefused(path: String, code: Int, text: String)
  case requestRefused(method: String, code: Int, text: String)
  case downloadRequested(file: String, commandKey: String)
  case downloadCompleted(file: String)
  /// It says that it took a file that it never fetched.
  case downloadDoubtful(file: String)
  case downloadFailed(file: String, code: Int, text: String)
  /// It asked for a file, with arguments in the form `NAME=VALUE`.
  case downloadWished(fileType: String, arguments: [String], answer: WishAnswer)
  /// A TransferComplete for a transfer that is not on record: acknowledged, and of no effect.
  case foreignTransfer(commandKey: String)
  case configured
  case rebootRequested(commandKey: String)
  case mismatched(path: String, wanted: String, found: String)
  /// What it had confirmed is otherwise now.
  case drifted(path: String, wanted: String, found: String)
  /// What had drifted is again as it is wanted.
  case restored(path: String)
  case verified
  case provisioned
}
