import Net

extension Form<String> {
  /// What option 67 says (RFC 2132 section 9.5), as a TFTP client or a router's HTTP client takes it: a name, a path, or a
  /// URL; `http:NAME` for the URL of a file of our own.
  static var bootFile: Form {
    .text(
      "a file name or path, a URL such as http://192.0.2.1/boot/device.cfg, or http:NAME for our own file by HTTP: at most "
        + "255 bytes of ASCII without spaces, no part of the path \"..\""
    ) { text in
      guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        return false
      }
      switch BootFileReference(text) {
      case .ownByHTTP(let name): return isPath(name) && !name.contains("/")
      case .url(let host): return !host.isEmpty
      case .path: return !text.contains("://") && isPath(text)
      }
    }
  }

  private static func isPath(_ text: String) -> Bool {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
    return parts.last?.isEmpty == false && !parts.contains("..") && !text.hasPrefix(".")
  }
}

/// How a boot file is named.
package enum BootFileReference: Hashable, Sendable {
  /// The name of a file of the appliance's own, that is to be fetched by HTTP.
  case ownByHTTP(String)
  /// A URL elsewhere, or written out; its host and port.
  case url(host: String)
  case path

  package init(_ text: String) {
    let scheme = ["http", "https", "tftp", "ftp"].first { text.lowercased().hasPrefix("\($0)://") }
    if let scheme {
      self = .url(host: String(text.dropFirst(scheme.utf8.count + 3).prefix { $0 != "/" }))
    } else if text.hasPrefix("http:") {
      self = .ownByHTTP(String(text.dropFirst("http:".count)))
    } else {
      self = .path
    }
  }
}
