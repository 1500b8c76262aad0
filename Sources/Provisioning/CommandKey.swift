import CWMP

/// The command keys of Usher's own requests (TR-069: at most 32 characters): the same content and attempt always have
/// the same key, so that a request whose answer was lost is repeated under its own name.
enum CommandKey {
  /// All attempts at one content begin so.
  static func downloadStem(_ digest: String) -> String { "file-\(short(digest))-" }

  static func download(_ digest: String, attempt: Int) -> String { downloadStem(digest) + String(attempt) }

  /// A reboot is for a configuration, or where there is none for the goal as a whole.
  static func rebootStem(_ goal: Goal) -> String { "boot-\(short(goal.configuration?.digest ?? goal.fingerprint))-" }

  static func reboot(_ goal: Goal, attempt: Int) -> String { rebootStem(goal) + String(attempt) }

  /// 16 characters leave 10 digits for the attempt.
  private static func short(_ digest: String) -> String {
    String(digest.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(16))
  }
}
