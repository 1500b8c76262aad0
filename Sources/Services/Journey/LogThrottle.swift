package import Logging
package import Net

/// Keeps a flood out of the log: of one event of one router a few lines a minute are written, and of one event of all
/// routers a few hundred; how many were held back is told when the minute is over.
package struct LogThrottle: Sendable {
  /// Milliseconds.
  package static let window: Int64 = 60_000
  /// Lines in a window of one event of one router.
  package static let linesOfRouter = 5
  /// Lines in a window of one event of all routers.
  package static let linesOfEvent = 200
  /// What is counted at once; what is beyond is counted by its event alone.
  package static let routerLimit = 2048
  package static let eventLimit = 256
  /// Lines that tell what was held back of one event, each of one router; what was of others is told in one.
  package static let heldLines = 20

  /// Lines that were not written.
  package struct Held: Hashable, Sendable {
    package let event: String
    /// Empty where they were of many routers.
    package let router: String
    package let level: Logger.Level
    package let count: Int

    package init(event: String, router: String, level: Logger.Level, count: Int) {
      self.event = event
      self.router = router
      self.level = level
      self.count = count
    }
  }

  private struct Key: Hashable {
    let event: String
    let router: String
  }

  private struct Window {
    let start: Timestamp
    var written = 0
    var held = 0
    var level: Logger.Level

    mutating func takes(most: Int) -> Bool {
      guard written < most else {
        held += 1
        return false
      }
      written += 1
      return true
    }

    func isOver(at now: Timestamp) -> Bool { now.milliseconds(since: start) >= LogThrottle.window }
  }

  private var routers: [Key: Window] = [:]
  private var events: [String: Window] = [:]
  private var ended: [Held] = []

  package init() {}

  /// Whether the line is to be written. `router` is empty where it is of none.
  package mutating func takes(
    _ event: String, of router: String, _ level: Logger.Level, at now: Timestamp
  ) -> Bool {
    let event = events[event] != nil || events.count < Self.eventLimit ? event : "other events"
    let key = Key(event: event, router: router)
    if !router.isEmpty, routers[key] != nil || routers.count < Self.routerLimit {
      var window = window(routers[key], of: key, level, at: now)
      defer { routers[key] = window }
      guard window.takes(most: Self.linesOfRouter) else { return false }
    }
    var window = window(events[event], of: Key(event: event, router: ""), level, at: now)
    defer { events[event] = window }
    return window.takes(most: Self.linesOfEvent)
  }

  /// The window that goes on, or a new one where there is none or it is over.
  private mutating func window(
    _ present: Window?, of key: Key, _ level: Logger.Level, at now: Timestamp
  ) -> Window {
    if let present {
      guard present.isOver(at: now) else { return present }
      if present.held > 0 { ended.append(held(key, present)) }
    }
    return Window(start: now, level: level)
  }

  /// What was held back in the minutes that are over, or in all where `all`; each is told once.
  package mutating func takeHeld(all: Bool = false, at now: Timestamp) -> [Held] {
    for (key, window) in routers where all || window.isOver(at: now) {
      if window.held > 0 { ended.append(held(key, window)) }
      routers[key] = nil
    }
    for (event, window) in events where all || window.isOver(at: now) {
      if window.held > 0 { ended.append(held(Key(event: event, router: ""), window)) }
      events[event] = nil
    }
    defer { ended = [] }
    return Self.joined(ended)
  }

  /// Of each event the routers with the most lines, and one line for all others.
  private static func joined(_ ended: [Held]) -> [Held] {
    Dictionary(grouping: ended, by: \.event).flatMap { event, held -> [Held] in
      let ofRouters = held.filter { !$0.router.isEmpty }.sorted { ($1.count, $0.router) < ($0.count, $1.router) }
      let told = ofRouters.prefix(heldLines)
      let others = held.filter(\.router.isEmpty) + ofRouters.dropFirst(heldLines)
      guard let first = others.first else { return Array(told) }
      let level = others.reduce(first.level) { max($0, $1.level) }
      let count = others.reduce(0) { $0 + $1.count }
      return told + [Held(event: event, router: "", level: level, count: count)]
    }
  }

  private func held(_ key: Key, _ window: Window) -> Held {
    Held(event: key.event, router: key.router, level: window.level, count: window.held)
  }
}
