import CWMP
import Provisioning
import Testing

struct ReadBackTests {
  private func run(_ paths: [String], refusing bad: Set<String> = []) -> (readBack: ReadBack, requests: [Int]) {
    var readBack = ReadBack(of: paths)
    var requests: [Int] = []
    while let asked = readBack.next, requests.count < 100 {
      requests.append(asked.count)
      let values = asked.map { ParameterValue(path: $0, value: "1") }
      readBack.take(
        bad.isDisjoint(with: asked)
          ? .response(.getParameterValues(GetParameterValuesResponse(parameters: values)))
          : .fault(Fault(code: 9005, text: "")))
    }
    return (readBack, requests)
  }

  @Test func `few are read at once, and many in batches, in their order`() {
    let few = run(["a", "b"])
    #expect(few.requests == [2])
    #expect(few.readBack.values.map(\.path) == ["a", "b"])
    let many = (0..<150).map { "p\($0)" }
    #expect(run(many).requests == [64, 64, 22])
    #expect(run(many).readBack.values.map(\.path) == many)
    #expect(run([]).requests == [])
  }

  @Test func `the name that is refused is found by halves`() {
    let many = (0..<100).map { "p\($0)" }
    for bad in ["p0", "p31", "p63", "p64", "p99"] {
      let (readBack, requests) = run(many, refusing: [bad])
      #expect(readBack.refusal == ReadBack.Refusal(path: bad, fault: Fault(code: 9005, text: "")))
      #expect(requests.count <= 14)
    }
  }
}
