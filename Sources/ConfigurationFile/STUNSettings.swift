/// The STUN server (TR-069 annex G).
package struct STUNSettings: Section {
  /// Off: on the routers' own network nobody needs it, and it answers whoever asks.
  package var isEnabled = false
  package var port = 3478
  package var origin = Origin()

  package init() {}

  static let schema: [Row<STUNSettings>] = [
    Row("enabled", \.isEnabled, .flag, "Whether STUN is served, at the addresses of the ACS."),
    Row("port", \.port, .integer(1...65_535), "The UDP port of STUN, from which connection requests go out, too."),
  ]
}
