extension Fact {
  /// Whether it tells of a connection that ended in its TLS handshake: those name TLS, or a certificate, and no message
  /// of the router's.
  var isHandshakeFailure: Bool {
    guard case .sessionAborted(let reason) = self, !reason.hasPrefix("its ") || reason.hasPrefix("its certificate")
    else { return false }
    return reason.contains("TLS") || reason.contains("certificate")
  }
}
