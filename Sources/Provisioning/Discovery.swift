package import CWMP
package import Net

/// Reads the data model of a router, or a part of it: the names at once where it gives them at once, else level by
/// level; then the values in batches. It holds names only, and no more than ``nameLimit`` of them; what it has learned
/// is handed on with each answer.
///
/// Routers answer GetParameterNames in ways of their own: one refuses the root, one gives more than was asked for, one
/// leaves objects out, one lists an object as if it were a parameter. Each name counts once, wherever it comes from,
/// and an object is what has something below it.
package struct Discovery: Hashable, Sendable {
  package static let nameLimit = 50_000
  /// Names in one GetParameterValues.
  package static let batch = 64
  /// Objects that wait to be asked for, at most.
  private static let pendingLimit = 10_000

  /// Where it began.
  package let root: String
  /// Objects whose names are still to be asked for.
  private var objects: [String]
  /// Whether one level at a time is asked for.
  private var byLevel: Bool
  private var seen: Set<String> = []
  /// Parameters whose values are still to be asked for, last first.
  private var leaves: [String] = []
  private var outstanding: Outstanding?
  private var wantsValues: Bool
  /// Values in one request: fewer where a router refuses a batch, more again as it answers.
  private var batchSize = batch
  /// How many parameters and objects it has found.
  package private(set) var count = 0
  /// Whether something was left out: refused, or beyond the limit.
  package private(set) var isPartial = false
  /// Why nothing was found, where that is so.
  package var refusal: Fault? { count == 0 ? lastRefusal : nil }
  private var lastRefusal: Fault?
  /// Names that were refused by themselves: the first of them.
  package private(set) var refused: [String] = []
  private static let refusedKept = 16

  private enum Outstanding: Hashable, Sendable {
    case names(String)
    case values([String])
  }

  /// `byLevel` for routers that are known not to give all names at once.
  package init(of root: String, byLevel: Bool = false, withValues: Bool = true) {
    self.root = root
    objects = [root]
    self.byLevel = byLevel
    wantsValues = withValues
  }

  /// Whether it had to go level by level: worth remembering for the next time.
  package var wentByLevel: Bool { byLevel }

  /// The next request; nil where all is read.
  package mutating func next() -> ACSRequest? {
    if let object = objects.popLast() {
      outstanding = .names(object)
      return .getParameterNames(GetParameterNames(path: object, nextLevel: byLevel))
    }
    guard wantsValues, !leaves.isEmpty else {
      outstanding = nil
      return nil
    }
    let paths = Array(leaves.suffix(batchSize).reversed())
    leaves.removeLast(paths.count)
    outstanding = .values(paths)
    return .getParameterValues(GetParameterValues(paths: paths))
  }

  /// Takes the answer to the last request: what it told, to be kept.
  package mutating func take(_ answer: Session.Answer, at now: Timestamp) -> [KnownParameter] {
    defer { outstanding = nil }
    if case .fault(let fault) = answer { lastRefusal = fault }
    switch (outstanding, answer) {
    case (.names(let object), .response(.getParameterNames(let response))):
      return takeNames(response.parameters, below: object, at: now)
    case (.values, .response(.getParameterValues(let response))):
      batchSize = min(Self.batch, batchSize * 2)
      return response.parameters.filter { seen.contains($0.path) }.map { KnownParameter($0, seen: now) }
    case (.names(let object), _): refuseNames(of: object)
    case (.values(let paths), _): refuseValues(of: paths)
    case (nil, _): break
    }
    return []
  }

  private mutating func takeNames(_ names: [ParameterInfo], below object: String, at now: Timestamp) -> [KnownParameter]
  {
    // What is an object by what stands below it, though it was listed without its dot.
    var parents: Set<String> = []
    for name in names { if let parent = Self.parent(of: name.path) { parents.insert(parent) } }
    if !byLevel, !names.isEmpty, names.allSatisfy({ Self.parent(of: $0.path) == object || $0.path == object }),
      names.contains(where: { $0.path.hasSuffix(".") && $0.path != object })
    {
      // It gives one level whatever is asked for.
      byLevel = true
    }
    var known: [KnownParameter] = []
    for name in names {
      guard name.path.hasPrefix(root), !name.path.isEmpty, name.path.utf8.count <= 256 else { continue }
      let path = parents.contains(name.path + ".") ? name.path + "." : name.path
      guard seen.count < Self.nameLimit else {
        isPartial = true
        break
      }
      guard seen.insert(path).inserted else { continue }
      count += 1
      known.append(KnownParameter(path: path, isWritable: name.isWritable, seen: now))
      if path.utf8.last != UInt8(ascii: ".") {
        leaves.append(path)
      } else if byLevel, path != object {
        // One that ignores NextLevel has told what is below already; asking once more does no harm.
        if objects.count < Self.pendingLimit { objects.append(path) } else { isPartial = true }
      }
    }
    return known
  }

  /// All at once was too much: level by level. A level that is refused is left out.
  private mutating func refuseNames(of object: String) {
    guard !byLevel else { return leaveOut(object) }
    byLevel = true
    objects.append(object)
  }

  /// One of them may be to blame: they are asked for in smaller batches, down to one by one.
  private mutating func refuseValues(of paths: [String]) {
    guard paths.count > 1 else { return leaveOut(paths.first) }
    batchSize = max(1, paths.count / 4)
    leaves += paths.reversed()
  }

  private mutating func leaveOut(_ name: String?) {
    isPartial = true
    if let name, refused.count < Self.refusedKept { refused.append(name) }
  }

  /// With its dot.
  private static func parent(of path: String) -> String? {
    let bytes = path.utf8
    let body = bytes.last == UInt8(ascii: ".") ? bytes.dropLast() : bytes[...]
    return body.lastIndex(of: UInt8(ascii: ".")).map { String(path[...$0]) }
  }
}

extension KnownParameter {
  /// As a router reported it. What is confidential is not kept, though routers tell it.
  package init(_ parameter: ParameterValue, seen: Timestamp) {
    let isConfidential = Goal.Parameter.isConfidential(parameter.path)
    self.init(
      path: parameter.path, type: parameter.type,
      value: isConfidential ? nil : String(parameter.value.prefix(Self.valueLimit)), seen: seen)
  }
}
