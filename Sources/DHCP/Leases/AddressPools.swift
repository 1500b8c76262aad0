package import Net

/// Which addresses of the dynamic pools are free, and until when the others are held. Taking, holding and freeing one
/// costs the same whether the pools are empty or full: free addresses form a queue per pool (never used ones first, then
/// in the order in which they became free, so that a former client finds its address for as long as can be), and held
/// ones a heap by the moment at which they become free.
struct AddressPools: Sendable {
  /// A run of addresses of one pool, and the number of the slot of its first one.
  private struct Span {
    let range: AddressRange
    let pool: Int
    let firstSlot: Int
  }

  private struct Holding {
    let slot: Int32
    let until: Timestamp
  }

  private static let none: Int32 = -1
  /// Together the pools hold at most this many addresses; the highest ones beyond it are not handed out.
  static let maximumAddresses = 1 << 22

  /// In order of address.
  private var spans: [Span] = []
  /// Of a free slot, its neighbors in the queue of its pool.
  private var next: [Int32]
  private var previous: [Int32]
  private var heads: [Int32]
  private var tails: [Int32]
  private var freeCounts: [Int]
  /// Of a held slot, its place in `heap`; of a free one, ``none``.
  private var places: [Int32]
  private var heap: [Holding] = []

  /// The pools are numbered in this order. An address that is in two of them belongs to the
  /// one whose range begins first.
  init(_ pools: [[AddressRange]]) {
    var slots = 0
    for range in Self.disjoint(pools) where slots < Self.maximumAddresses {
      let fitting = min(range.range.count, Self.maximumAddresses - slots)
      guard let last = range.range.first.advanced(by: fitting - 1),
        let shortened = AddressRange(first: range.range.first, last: last)
      else { continue }
      spans.append(Span(range: shortened, pool: range.pool, firstSlot: slots))
      slots += fitting
    }
    next = Array(repeating: Self.none, count: slots)
    previous = next
    places = next
    heads = Array(repeating: Self.none, count: pools.count)
    tails = heads
    freeCounts = Array(repeating: 0, count: pools.count)
    for span in spans {
      for slot in span.firstSlot..<span.firstSlot + span.range.count { enqueue(Int32(slot), in: span.pool) }
    }
  }

  /// In order of address, each address in one range only.
  private static func disjoint(_ pools: [[AddressRange]]) -> [(range: AddressRange, pool: Int)] {
    let all = pools.enumerated().flatMap { pool, ranges in ranges.map { (range: $0, pool: pool) } }
      .sorted { ($0.range.first, $0.pool) < ($1.range.first, $1.pool) }
    var parts: [(range: AddressRange, pool: Int)] = []
    for part in all {
      let free = parts.last.flatMap { $0.range.last.advanced(by: 1) }
      if let last = parts.last, free == nil, last.range.last >= part.range.first { continue }
      let first = max(part.range.first, free ?? part.range.first)
      if let rest = AddressRange(first: first, last: part.range.last) { parts.append((rest, part.pool)) }
    }
    return parts
  }

  /// The number of addresses in a pool that are free.
  func freeCount(in pool: Int) -> Int {
    freeCounts.indices.contains(pool) ? freeCounts[pool] : 0
  }

  /// The pool of an address, nil where it is in none.
  func pool(of address: IPv4Address) -> Int? {
    span(of: address)?.pool
  }

  func isFree(_ address: IPv4Address) -> Bool {
    slot(of: address).map { places[Int($0)] == Self.none } ?? false
  }

  /// The free address of a pool whose turn it is.
  func firstFree(in pool: Int) -> IPv4Address? {
    guard heads.indices.contains(pool), heads[pool] != Self.none else { return nil }
    return address(of: heads[pool])
  }

  /// The free addresses of a pool in the order of their turns, `count` at most.
  func nextFree(_ count: Int, in pool: Int) -> [IPv4Address] {
    guard heads.indices.contains(pool) else { return [] }
    var addresses: [IPv4Address] = []
    var slot = heads[pool]
    while slot != Self.none, addresses.count < count {
      if let address = address(of: slot) { addresses.append(address) }
      slot = next[Int(slot)]
    }
    return addresses
  }

  /// Holds an address until a moment, whether it was free or held. An address outside the pools is nobody's concern.
  mutating func hold(_ address: IPv4Address, until: Timestamp) {
    guard let span = span(of: address) else { return }
    let slot = Self.slot(of: address, in: span)
    let place = places[Int(slot)]
    if place == Self.none {
      dequeue(slot, from: span.pool)
      heap.append(Holding(slot: slot, until: until))
      places[Int(slot)] = Int32(heap.count - 1)
      siftUp(heap.count - 1)
    } else {
      heap[Int(place)] = Holding(slot: slot, until: until)
      siftUp(Int(place))
      siftDown(Int(places[Int(slot)]))
    }
  }

  /// Frees an address; it is the last whose turn will come.
  mutating func free(_ address: IPv4Address) {
    guard let span = span(of: address) else { return }
    let slot = Self.slot(of: address, in: span)
    guard places[Int(slot)] != Self.none else { return }
    removeFromHeap(Int(places[Int(slot)]))
    enqueue(slot, in: span.pool)
  }

  /// Frees and returns an address whose time is up, nil where there is none (any more).
  mutating func freeExpired(at now: Timestamp) -> IPv4Address? {
    guard let first = heap.first, first.until <= now else { return nil }
    guard let address = address(of: first.slot) else { return nil }
    free(address)
    return address
  }

  // MARK: Slots

  private func span(of address: IPv4Address) -> Span? {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].range.last < address { low = middle + 1 } else { high = middle }
    }
    guard low < spans.count, spans[low].range.contains(address) else { return nil }
    return spans[low]
  }

  private func slot(of address: IPv4Address) -> Int32? {
    span(of: address).map { Self.slot(of: address, in: $0) }
  }

  private static func slot(of address: IPv4Address, in span: Span) -> Int32 {
    Int32(span.firstSlot) + Int32(address.rawValue - span.range.first.rawValue)
  }

  private func address(of slot: Int32) -> IPv4Address? {
    var low = 0
    var high = spans.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if spans[middle].firstSlot <= Int(slot) { low = middle } else { high = middle }
    }
    guard spans.indices.contains(low) else { return nil }
    return spans[low].range.first.advanced(by: Int(slot) - spans[low].firstSlot)
  }

  // MARK: The queues of free addresses

  private mutating func enqueue(_ slot: Int32, in pool: Int) {
    let tail = tails[pool]
    previous[Int(slot)] = tail
    next[Int(slot)] = Self.none
    if tail == Self.none { heads[pool] = slot } else { next[Int(tail)] = slot }
    tails[pool] = slot
    freeCounts[pool] += 1
  }

  private mutating func dequeue(_ slot: Int32, from pool: Int) {
    let before = previous[Int(slot)]
    let after = next[Int(slot)]
    if before == Self.none { heads[pool] = after } else { next[Int(before)] = after }
    if after == Self.none { tails[pool] = before } else { previous[Int(after)] = before }
    freeCounts[pool] -= 1
  }

  // MARK: The heap of held addresses

  private mutating func removeFromHeap(_ place: Int) {
    let last = heap.count - 1
    swapHeap(place, last)
    places[Int(heap[last].slot)] = Self.none
    heap.removeLast()
    guard place < heap.count else { return }
    let moved = heap[place].slot
    siftUp(place)
    siftDown(Int(places[Int(moved)]))
  }

  private mutating func siftUp(_ start: Int) {
    var place = start
    while place > 0, heap[place].until < heap[(place - 1) / 2].until {
      swapHeap(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].until < heap[least].until {
        least = child
      }
      guard least != place else { return }
      swapHeap(place, least)
      place = least
    }
  }

  private mutating func swapHeap(_ one: Int, _ other: Int) {
    guard one != other else { return }
    heap.swapAt(one, other)
    places[Int(heap[one].slot)] = Int32(one)
    places[Int(heap[other].slot)] = Int32(other)
  }
}

extension AddressRange {
  /// What is left of the range without the others, which are in order of their first addresses. In order.
  package func subtracting(_ others: [AddressRange]) -> [AddressRange] {
    var rest: [AddressRange] = []
    var start: IPv4Address? = first
    for other in others where overlaps(other) {
      guard let from = start else { break }
      if let before = other.first.advanced(by: -1), from <= before, let part = AddressRange(first: from, last: before) {
        rest.append(part)
      }
      start = other.last.advanced(by: 1).map { max($0, from) }
    }
    if let start, let part = AddressRange(first: start, last: last) { rest.append(part) }
    return rest
  }
}
