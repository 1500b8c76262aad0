package import HTTP

extension HostPort {
  /// Host and port of an absolute `http` or `https` URL, the scheme's port where it has none of its own. Nil for any
  /// other text.
  package init?(url: String) {
    let lowercased = url.lowercased()
    let port: UInt16
    let authority: Substring
    if lowercased.hasPrefix("http://") {
      (port, authority) = (80, url.dropFirst(7).prefix { !"/?#".contains($0) })
    } else if lowercased.hasPrefix("https://") {
      (port, authority) = (443, url.dropFirst(8).prefix { !"/?#".contains($0) })
    } else {
      return nil
    }
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
      let rest = place[place.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":"), let number = rest.isEmpty ? port : UInt16(rest.dropFirst()) else {
        return nil
      }
      self.init(host: String(place.dropFirst()[..<end]), port: number)
      return
    }
    let parts = place.split(separator: ":", omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty, parts.count <= 2,
      let number = parts.count == 1 ? port : UInt16(parts[1]), number > 0
    else { return nil }
    self.init(host: String(host), port: number)
  }
}
