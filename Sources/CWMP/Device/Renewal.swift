package import Net

/// New credentials that a device is given although it has its own: it came without them, and was taken for itself. Its own
/// hold until it has logged in with the new ones; so nobody is shut out by a claim that was false, or came to nothing.
package enum Renewal: Hashable, Sendable, Codable {
  /// None have been sent to it yet.
  case due
  /// Sent to it, and not answered: it may have either.
  case proposed(SealedCredentials)
  /// It answered that it took them, and has not logged in with them yet.
  case accepted(SealedCredentials)

  package var sealed: SealedCredentials? {
    switch self {
    case .due: nil
    case .proposed(let sealed), .accepted(let sealed): sealed
    }
  }
}

/// A person has said that whoever comes from this address with the shared credentials is the device.
package struct Approval: Hashable, Sendable, Codable {
  package let address: IPv4Address
  package let moment: Timestamp

  /// Seconds: a router that was sent away comes again within 5120 s at the latest (TR-069 table "Session Retry Wait
  /// Intervals"), and may be cut a few times on its way.
  package static let lifetime: Int64 = 86_400

  package init(address: IPv4Address, moment: Timestamp) {
    self.address = address
    self.moment = moment
  }

  package func holds(for other: IPv4Address?, at now: Timestamp) -> Bool {
    other == address && now.seconds(since: moment) < Self.lifetime
  }
}

extension Device {
  /// Whether it is to be given credentials of its own.
  package var needsCredentials: Bool {
    switch (credentials, renewal) {
    case (.confirmed, nil), (.confirmed, .accepted?): false
    case (.bootstrap, _), (.proposed, _), (.confirmed, _): true
    }
  }

  /// Credentials that were sent to it without an answer. They are sent again.
  package var offered: SealedCredentials? {
    switch (credentials, renewal) {
    case (.proposed(let sealed), _), (.confirmed, .proposed(let sealed)?): sealed
    case (.bootstrap, _), (.confirmed, _): nil
    }
  }

  /// Those that it has, as far as it has said; nil where it was never sent any.
  package var held: SealedCredentials? {
    if case .accepted(let sealed)? = renewal { return sealed }
    return switch credentials {
    case .bootstrap: nil
    case .proposed(let sealed), .confirmed(let sealed): sealed
    }
  }
}
