/// Prints a configuration back as the file that says the same, with every default written out.
package enum Printer {
  /// YAML that ``Settings/parse(_:file:)`` reads as equal settings. Passwords are in it as they are.
  package static func yaml(_ settings: Settings) -> String {
    Form<Settings>.section.output(settings).block()
  }
}
