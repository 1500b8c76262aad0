/// The STUN server (TR-069 annex G).
package struct STUNSettings: Section {
  /// Off: on the routers' own network nobody needs it, and it answers whoever asks.
  package var isEnabled = false
  package var port = 3478
  /// Seconds. A NAT may forget a UDP binding after 30 (RFC 4787 allows no less than 120, and many do less).
  package var keepAlive = 25
  package var origin = Origin()

  package init() {}

  static let schema: [Row<STUNSettings>] = [
    Row(
      "enabled", \.isEnabled, .flag,
      "Whether STUN is served, at the addresses of the ACS, and given to routers that seem to be behind a NAT."),
    Row("port", \.port, .integer(1...65_535), "The UDP port of STUN, from which connection requests go out, too."),
    Row(
      "keep-alive", \.keepAlive, .integer(1...3600),
      "Seconds between the Binding Requests by which a router keeps its place in a NAT."),
  ]
}
