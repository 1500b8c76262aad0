import Journey
import Net
import Store

/// What of the journeys waits to be committed with the next facts, or by itself: of each router its newest record only,
/// and the events in their order.
struct PendingChanges {
  private var routers: [RouterID: Router] = [:]
  /// Merges, forgotten routers and events; nil where an event was superseded.
  private var others: [Change?] = []
  /// Where in `others` the offer to a router stands.
  private var offers: [RouterID: Int] = [:]

  var isEmpty: Bool { routers.isEmpty && others.isEmpty }

  /// About how many rows are written.
  var count: Int { routers.count + others.count }

  /// Takes over what has become known of a router.
  mutating func add(_ correlation: Correlation) {
    for router in correlation.changed { routers[router.id] = router }
    for merge in correlation.merges {
      routers[merge.from] = nil
      offers[merge.from] = nil
      others.append(.merge(merge.from, into: merge.into))
    }
    for router in correlation.forgotten {
      routers[router] = nil
      offers[router] = nil
      others.append(.forget(router))
    }
  }

  /// What may be lost as an event may.
  mutating func add(_ transcript: Change) {
    others.append(transcript)
  }

  mutating func add(_ event: Event) {
    if case .offered = event.fact { offers[event.router] = others.count }
    others.append(.event(event))
  }

  /// Leaves out what the lease that is about to be committed says as well: the record of the router where it comes with
  /// the lease, and the offer that was taken up at once.
  mutating func supersede(by correlation: Correlation) {
    for router in correlation.changed { routers[router.id] = nil }
    if let place = offers.removeValue(forKey: correlation.router) { others[place] = nil }
  }

  /// What waits, in the order in which it is to be written; nothing waits any more.
  mutating func take() -> [Change] {
    defer {
      routers.removeAll(keepingCapacity: true)
      others.removeAll(keepingCapacity: true)
      offers.removeAll(keepingCapacity: true)
    }
    return routers.values.map { .router($0) } + others.lazy.compactMap(\.self)
  }

  /// Takes back the records of a commit that failed: the correlation knows them already. The events are lost; tells how
  /// many those were.
  mutating func restore(_ changes: [Change]) -> Int {
    var lost = 0
    var former: [Change?] = []
    for change in changes {
      switch change {
      case .router(let router): if routers[router.id] == nil { routers[router.id] = router }
      case .merge, .forget: former.append(change)
      case .event: lost += 1
      case .lease, .device, .contact, .task, .parameters, .forgetParameters, .file, .fileRemoved, .transcript, .setting:
        break
      }
    }
    offers = offers.mapValues { $0 + former.count }
    others = former + others
    return lost
  }
}
