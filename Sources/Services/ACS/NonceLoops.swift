import Net
import Synchronization

/// Notices routers that answer again and again to a challenge which is not one of ours now. Once is how a router learns
/// that its nonce is stale, after each start and each pause.
final class NonceLoops: Sendable {
  /// Answers in a row, each to an old challenge, after which it is no accident.
  static let limit = 3
  /// Routers that are watched at once.
  static let watched = 1024

  private struct Login: Hashable {
    let address: IPv4Address
    let username: String
  }

  private let answers = Mutex<[Login: Int]>([:])
  /// How many are watched: a login that goes well costs nothing where nobody is.
  private let count = Atomic(0)

  /// True where it goes on in a circle.
  func isCircling(_ address: IPv4Address, _ username: String) -> Bool {
    answers.withLock { answers in
      let login = Login(address: address, username: username)
      if answers[login] == nil, answers.count >= Self.watched { answers.removeAll() }
      answers[login, default: 0] += 1
      count.store(answers.count, ordering: .relaxed)
      return answers[login, default: 0] >= Self.limit
    }
  }

  func loggedIn(_ address: IPv4Address?, _ username: String) {
    guard count.load(ordering: .relaxed) > 0, let address else { return }
    answers.withLock { answers in
      answers[Login(address: address, username: username)] = nil
      count.store(answers.count, ordering: .relaxed)
    }
  }
}
