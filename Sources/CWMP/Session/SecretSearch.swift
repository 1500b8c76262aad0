/// Finds all of a session's secrets in a text in one pass over it (Aho and Corasick, "Efficient string matching", 1975):
/// as long as the text takes, whatever the secrets are.
struct SecretSearch {
  /// Bytes of all secrets together: of a state for each of them 65,535 can be told apart, and a table of a quarter of
  /// that many takes 8 MiB at most.
  static let byteLimit = 16 << 10

  /// The bytes that are in any secret have a number from 1; all others have 0.
  private let numbers: [UInt16]
  private let isAnyNumbered: Bool
  private let width: Int
  /// The state that follows each state, by the number of the byte that comes.
  private var next: [UInt16]
  /// The length of the longest secret that ends at each state; 0 for none.
  private var lengths: [UInt16]

  /// None of `secrets` is empty, and together they have no more than ``byteLimit`` bytes.
  init(_ secrets: some Sequence<[UInt8]>) {
    let secrets = Array(secrets)
    precondition(secrets.reduce(0) { $0 + $1.count } <= Self.byteLimit)
    var numbers = [UInt16](repeating: 0, count: 256)
    var last = 0
    for secret in secrets {
      for byte in secret where numbers[Int(byte)] == 0 {
        last += 1
        numbers[Int(byte)] = UInt16(last)
      }
    }
    self.numbers = numbers
    isAnyNumbered = last > 0
    width = last + 1
    next = [UInt16](repeating: 0, count: width)
    lengths = [0]
    for secret in secrets { add(secret) }
    link()
  }

  /// Makes the states of a secret's bytes: a tree, as long as no state is linked.
  private mutating func add(_ secret: [UInt8]) {
    var state = 0
    for byte in secret {
      let place = state * width + Int(numbers[Int(byte)])
      if next[place] == 0 {
        next[place] = UInt16(lengths.count)
        lengths.append(0)
        next.append(contentsOf: repeatElement(0, count: width))
      }
      state = Int(next[place])
    }
    lengths[state] = UInt16(secret.count)
  }

  /// Where a byte leads on from no state of the tree, it leads to where the longest end of what was read that begins a
  /// secret does. States are done in the order of their depths.
  private mutating func link() {
    var fallback = [UInt16](repeating: 0, count: lengths.count)
    var queue = next[0..<width].filter { $0 != 0 }
    var first = 0
    while first < queue.count {
      let state = Int(queue[first])
      first += 1
      let other = Int(fallback[state])
      lengths[state] = max(lengths[state], lengths[other])
      for number in 0..<width {
        let place = state * width + number
        let onward = next[other * width + number]
        if next[place] == 0 {
          next[place] = onward
        } else {
          fallback[Int(next[place])] = onward
          queue.append(next[place])
        }
      }
    }
  }

  /// The text with `blank` in place of each secret in it; of secrets that overlap, in place of all of them together.
  func blanked(_ text: ArraySlice<UInt8>, by blank: [UInt8]) -> [UInt8] {
    let found = places(in: text)
    guard !found.isEmpty else { return Array(text) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var copied = text.startIndex
    for place in found {
      result.append(contentsOf: text[copied..<place.lowerBound])
      result.append(contentsOf: blank)
      copied = place.upperBound
    }
    result.append(contentsOf: text[copied...])
    return result
  }

  /// In order, none overlapping another.
  private func places(in text: ArraySlice<UInt8>) -> [Range<Int>] {
    var places: [Range<Int>] = []
    guard isAnyNumbered else { return places }
    var state = 0
    for index in text.indices {
      state = Int(next[state * width + Int(numbers[Int(text[index])])])
      guard lengths[state] > 0 else { continue }
      let end = index + 1
      var start = end - Int(lengths[state])
      // A place that ends before this one and reaches into it becomes one with it.
      while let last = places.last, last.upperBound > start {
        start = min(start, last.lowerBound)
        places.removeLast()
      }
      places.append(start..<end)
    }
    return places
  }
}
