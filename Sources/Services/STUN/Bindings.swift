import CWMP
import Net

/// Where routers are seen by the STUN server: bounded, and forgotten after ten minutes of silence.
struct Bindings: Sendable {
  static let limit = 50_000
  /// Seconds.
  static let life: Int64 = 600

  private struct Seen {
    let moment: Timestamp
    /// Which address of ours it keeps its binding to.
    let local: IPv4Address
  }

  private var seen: [STUNAddress: Seen] = [:]
  /// Of those who proved their password.
  private var proved: [String: STUNAddress] = [:]

  /// False where there are too many.
  mutating func note(_ binding: STUNResponder.Binding, at local: IPv4Address, now: Timestamp) -> Bool {
    guard binding.takesConnectionRequests || binding.username != nil else { return true }
    if seen[binding.place] == nil, seen.count >= Self.limit {
      seen = seen.filter { now.seconds(since: $0.value.moment) < Self.life }
      proved = proved.filter { seen[$0.value] != nil }
      guard seen.count < Self.limit else { return false }
    }
    seen[binding.place] = Seen(moment: now, local: local)
    if let username = binding.username { proved[username] = binding.place }
    return true
  }

  func place(of username: String, now: Timestamp) -> STUNAddress? {
    proved[username].flatMap { local(for: $0, now: now) == nil ? nil : $0 }
  }

  /// Seconds since a client at `place` was heard; nil where none was lately.
  func silence(of place: STUNAddress, now: Timestamp) -> Int64? {
    guard let seen = seen[place] else { return nil }
    let seconds = now.seconds(since: seen.moment)
    return seconds < Self.life ? seconds : nil
  }

  /// Which of our addresses a client at `place` keeps its binding to; nil where none was heard there lately.
  func local(for place: STUNAddress, now: Timestamp) -> IPv4Address? {
    silence(of: place, now: now) == nil ? nil : seen[place]?.local
  }
}
