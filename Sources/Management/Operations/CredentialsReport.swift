/// What routers log in with the first time, as option 43 tells it. Each has its own credentials afterwards.
package struct CredentialsReport: Codable, Sendable, Equatable {
  /// Of the ACS.
  package var url: String
  package var username: String
  package var password: String
  /// Whether the ACS asks for them.
  package var required: Bool

  package init(url: String, username: String, password: String, required: Bool) {
    self.url = url
    self.username = username
    self.password = password
    self.required = required
  }
}
