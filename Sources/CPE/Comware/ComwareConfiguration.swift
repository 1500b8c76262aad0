/// What the simulated router reads of a Comware configuration file: enough to come up as a real one would. All other
/// lines are kept and have no effect.
package struct ComwareConfiguration: Hashable, Sendable {
  package private(set) var sysname: String?
  /// What the file says of CWMP; nil where it is silent.
  package private(set) var cwmp: Bool?
  package private(set) var acs = ACSParameters()
  /// Whether the running configuration is to be kept as the startup configuration (`save force`).
  package private(set) var saves = false

  package var isCWMPEnabled: Bool { cwmp ?? false }
  package var acsURL: String? { acs.url }
  package var acsUsername: String? { acs.username }
  package var acsPassword: String? { acs.password }

  /// Each line is a command; `#` parts the sections, and leading spaces mean nothing.
  package init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      switch (words.first, words.dropFirst().first, words.count) {
      case ("sysname", let name?, 2): sysname = name
      case ("save", "force", 2): saves = true
      case ("cwmp", "enable", 2): cwmp = true
      case ("undo", "cwmp", 3) where words[2] == "enable": cwmp = false
      case ("cwmp", "acs", 4) where words[2] == "url": acs.url = words[3]
      case ("cwmp", "acs", 4) where words[2] == "username": acs.username = words[3]
      case ("cwmp", "acs", 5) where words[2] == "password" && words[3] == "simple": acs.password = words[4]
      default: break
      }
    }
  }
}
