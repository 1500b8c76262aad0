import CWMP
import Transport

/// How a router behind a NAT is asked: the same signed datagram several times, from where it keeps its binding to
/// (TR-069 annex G.2.2). Nothing answers it.
struct UDPWay: Sendable {
  /// Between copies, so that what takes one does not take all.
  private static let pause = Duration.milliseconds(200)

  let place: STUNAddress
  let secrets: Keyring.Secrets
  let stun: STUNService

  /// Seconds since the STUN server heard from there; nil where it has not lately.
  var silence: Int64? { stun.silence(of: place) }

  /// Says what was done.
  func send() async throws(ConnectionRequestProblem) -> String {
    let request = UDPConnectionRequest(
      timestamp: SteadyClock.now().secondsSince1970, id: String(Randomness.uint32()),
      username: secrets.connectionRequestUsername, nonce: Randomness.token(characters: 16))
    let datagram = request.encoded(
      to: "\(place)", password: secrets.connectionRequestPassword, hmac: MessageAuthentication.hmacSHA1)
    var port: UInt16 = 0
    for copy in 0..<ConnectionRequester.copies {
      if copy > 0 { try? await Task.sleep(for: Self.pause) }
      do {
        port = try stun.send(datagram, to: place)
      } catch {
        throw .notSent(reason: "\(error)")
      }
    }
    return "\(ConnectionRequester.copies) datagrams left port \(port), which nobody acknowledges"
  }
}
