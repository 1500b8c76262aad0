/// The steps of a connection request, in their order.
package enum ConnectionRequestStage: String, CaseIterable, Hashable, Sendable {
  /// Where to send it is known and allowed.
  case address
  /// TCP: the router's port took the connection. UDP: the datagrams have left.
  case connection
  /// HTTP: it answered.
  case answer
  /// It accepted the credentials, where it asked for any.
  case login
  /// It said that it will.
  case acceptance
  /// It informed, which alone is success.
  case inform
}
