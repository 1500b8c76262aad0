import CWMP
import Net
import Testing

@testable import Provisioning

struct DiscoveryTests {
  private static let noon = Timestamp(rawValue: 1_800_000_000_000)
  private static let tree: [String: String] = [
    "Device.A": "1", "Device.B.C": "2", "Device.B.D.1.E": "3", "Device.B.D.2.E": "4", "Device.F.Password": "x",
  ]

  /// A router with that tree, in one of the ways that routers have.
  private enum Manner: CaseIterable {
    case byTheBook, refusesTheRoot, oneLevelWhateverIsAsked, withoutObjects, objectsWithoutDot, everythingAlways
  }

  private func objects(_ tree: [String: String]) -> Set<String> {
    Set(
      tree.keys.flatMap { path in
        let parts = path.split(separator: ".")
        return (1..<parts.count).map { parts.prefix($0).joined(separator: ".") + "." }
      })
  }

  private func answer(_ request: ACSRequest, _ manner: Manner, refusing bad: Set<String> = []) -> Session.Answer {
    switch request {
    case .getParameterNames(let names):
      if manner == .refusesTheRoot, !names.nextLevel { return .fault(Fault(code: 9005, text: "")) }
      var all = Set(Self.tree.keys).union(objects(Self.tree)).filter { $0.hasPrefix(names.path) }
      let isOneLevel = manner == .oneLevelWhateverIsAsked || names.nextLevel && manner != .everythingAlways
      if isOneLevel {
        all = all.filter { path in
          let rest = path.dropFirst(names.path.count)
          return !rest.isEmpty && !rest.dropLast().contains(".")
        }
      }
      if manner == .withoutObjects { all = all.filter { !$0.hasSuffix(".") } }
      let paths = all.sorted().map { manner == .objectsWithoutDot && $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
      let list = paths.map { ParameterInfo(path: $0, isWritable: $0 == "Device.A") }
      return .response(.getParameterNames(GetParameterNamesResponse(parameters: list)))
    case .getParameterValues(let values):
      if values.paths.contains(where: bad.contains) { return .fault(Fault(code: 9005, text: "")) }
      let list = values.paths.compactMap { path in
        Self.tree[path].map { ParameterValue(path: path, value: $0, type: .unsignedInt) }
      }
      return .response(.getParameterValues(GetParameterValuesResponse(parameters: list)))
    default: return .fault(Fault(code: 9000, text: ""))
    }
  }

  @Test func `a router that tells nothing of it says why`() {
    var discovery = Discovery(of: "Device.Nothing.")
    while discovery.next() != nil {
      _ = discovery.take(.fault(Fault(code: 9005, text: "no such object")), at: Self.noon)
    }
    #expect(discovery.refusal == Fault(code: 9005, text: "no such object"))
    #expect(discovery.isPartial)
  }

  private func run(
    _ discovery: inout Discovery, _ manner: Manner, refusing bad: Set<String> = []
  ) -> (known: [String: KnownParameter], requests: Int) {
    var known: [String: KnownParameter] = [:]
    var requests = 0
    while let request = discovery.next(), requests < 100 {
      requests += 1
      for parameter in discovery.take(answer(request, manner, refusing: bad), at: Self.noon) {
        var joined = known[parameter.path] ?? parameter
        joined.value = parameter.value ?? joined.value
        joined.isWritable = parameter.isWritable ?? joined.isWritable
        joined.type = parameter.type ?? joined.type
        known[parameter.path] = joined
      }
    }
    return (known, requests)
  }

  @Test(arguments: Manner.allCases)
  private func `20 21 22 the whole tree is read, however the router gives it`(manner: Manner) {
    var discovery = Discovery(of: "Device.")
    let (known, requests) = run(&discovery, manner)
    let values = known.filter { !$0.key.hasSuffix(".") }
    #expect(Set(values.keys) == Set(Self.tree.keys))
    #expect(values["Device.B.D.2.E"]?.value == "4")
    #expect(values["Device.B.D.2.E"]?.type == .unsignedInt)
    #expect(values["Device.A"]?.isWritable == true)
    #expect(values["Device.F.Password"]?.value == nil)
    #expect(!discovery.isPartial)
    #expect(requests < 20)
    if manner != .withoutObjects { #expect(known.keys.contains("Device.B.D.1.")) }
  }

  @Test func `25 one value that a router refuses costs no other`() {
    var discovery = Discovery(of: "Device.")
    let (known, _) = run(&discovery, .byTheBook, refusing: ["Device.B.C"])
    #expect(known["Device.B.C"]?.value == nil)
    #expect(known["Device.A"]?.value == "1")
    #expect(known["Device.B.D.1.E"]?.value == "3")
    #expect(discovery.isPartial)
  }

  @Test func `a router that names things without end is read up to the limit`() {
    var discovery = Discovery(of: "Device.", withValues: false)
    let endless = (0..<60_000).map { ParameterInfo(path: "Device.X\($0)", isWritable: false) }
    _ = discovery.next()
    let known = discovery.take(
      .response(.getParameterNames(GetParameterNamesResponse(parameters: endless))), at: Self.noon)
    #expect(known.count == Discovery.nameLimit)
    #expect(discovery.isPartial)
    #expect(discovery.next() == nil)
  }

  @Test func `names that belong elsewhere are not taken`() {
    var discovery = Discovery(of: "Device.B.", withValues: false)
    _ = discovery.next()
    let names = ["InternetGatewayDevice.A", "", "Device.B.C", "Device.B." + String(repeating: "x", count: 300)]
    let known = discovery.take(
      .response(
        .getParameterNames(
          GetParameterNamesResponse(parameters: names.map { ParameterInfo(path: $0, isWritable: false) }))),
      at: Self.noon)
    #expect(known.map(\.path) == ["Device.B.C"])
  }
}
