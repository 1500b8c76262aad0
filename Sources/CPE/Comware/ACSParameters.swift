/// Where the ACS is and how the router logs in there, as one source tells it; each part may be missing.
package struct ACSParameters: Hashable, Sendable, Codable {
  package var url: String?
  package var username: String?
  package var password: String?

  package init(url: String? = nil, username: String? = nil, password: String? = nil) {
    self.url = url
    self.username = username
    self.password = password
  }

  /// Each part from `self` where it has it, else from `other`. Comware keeps a source for each of them: so the
  /// credentials that an ACS assigned go with the URL that option 43 told.
  package func orElse(_ other: ACSParameters) -> ACSParameters {
    ACSParameters(
      url: url ?? other.url, username: username ?? other.username, password: password ?? other.password)
  }
}
