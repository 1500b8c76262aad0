/// What the simulated router reads of a Comware configuration file: enough to come up as a real one would. All other
/// lines are kept and have no effect.
package struct ConfigurationFile: Hashable, Sendable {
  package private(set) var sysname: String?
  package private(set) var isCWMPEnabled = false
  package private(set) var acsURL: String?
  package private(set) var acsUsername: String?
  package private(set) var acsPassword: String?
  /// Whether the running configuration is to be kept as the startup configuration (`save force`).
  package private(set) var saves = false

  /// Each line is a command; `#` parts the sections, and leading spaces mean nothing.
  package init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      switch (words.first, words.dropFirst().first, words.count) {
      case ("sysname", let name?, 2): sysname = name
      case ("save", "force", 2): saves = true
      case ("cwmp", "enable", 2): isCWMPEnabled = true
      case ("undo", "cwmp", 3) where words[2] == "enable": isCWMPEnabled = false
      case ("cwmp", "acs", 4) where words[2] == "url": acsURL = words[3]
      case ("cwmp", "acs", 4) where words[2] == "username": acsUsername = words[3]
      case ("cwmp", "acs", 5) where words[2] == "password" && words[3] == "simple": acsPassword = words[4]
      default: break
      }
    }
  }
}
