import ArgumentParser
import Net

/// A list that takes the name of a router where no command is named: what is no command may be a router.
protocol ListOfRouter: ParsableCommand {}

/// The commands and their subcommands.
enum CommandTree {
  /// Throws where a word stands in the place of a command and is none: the parser would take it for an argument of
  /// another, and show the usage of that.
  static func check(_ words: [String]) throws(Misuse) {
    if let first = words.first, first.hasPrefix("--"), let start = words.firstIndex(where: { type($0) != nil }) {
      try checkFirstOption(first, before: words[start...])
    }
    var command: any ParsableCommand.Type = Usher.self
    var path = ["usher"]
    for (index, word) in words.enumerated() {
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let next = subcommands.first(where: { $0._commandName == word }) else {
        let follower = words.dropFirst(index + 1).first
        return try check(word, before: follower, in: command, path)
      }
      path.append(word)
      command = next
    }
  }

  private static func check(
    _ word: String, before follower: String?, in command: any ParsableCommand.Type, _ path: [String]
  ) throws(Misuse) {
    let names = command.configuration.subcommands.map { $0._commandName }
    let whole = path.joined(separator: " ")
    let isRouter =
      command.configuration.defaultSubcommand is any ListOfRouter.Type && follower.map { $0.hasPrefix("-") } ?? true
    if let near = Spelling.nearest(to: word, among: names) {
      throw Misuse(
        "There is no command \(word.debugDescription); did you mean \"\((path.dropFirst() + [near]).joined(separator: " "))\"?"
          + (isRouter ? " A router that is called so: `\(whole) list \(word)`." : ""), of: type(near, in: command))
    }
    guard !isRouter else { return }
    throw Misuse(
      path.count == 1
        ? "There is no command \(word.debugDescription): `usher --help` lists them."
        : "There is no command \(word.debugDescription) of `\(whole)`: it has \(names.joined(separator: ", ")).",
      of: command)
  }

  /// Throws where an option stands before the command that it is of.
  private static func checkFirstOption(_ option: String, before words: ArraySlice<String>) throws(Misuse) {
    var command: any ParsableCommand.Type = Usher.self
    var path = ["usher"]
    for word in words {
      guard let next = type(word, in: command) else { break }
      command = next
      path.append(word)
    }
    let name = String(option.prefix { $0 != "=" })
    let help = Usher.helpMessage(for: command, columns: 200)
    let options = help.split { !$0.isLetter && $0 != "-" }.map(String.init).filter { $0.hasPrefix("--") }
    guard !["--help", "--version"].contains(name), let right = Spelling.nearest(to: name, among: options) else {
      return
    }
    throw Misuse(
      "Options stand behind their command: `\(path.joined(separator: " ")) … \(right)`"
        + (right == name ? "." : ", as \(name) is meant to be."), of: command)
  }

  private static func type(
    _ name: String, in command: any ParsableCommand.Type = Usher.self
  ) -> (any ParsableCommand.Type)? {
    command.configuration.subcommands.first { $0._commandName == name }
  }
}
