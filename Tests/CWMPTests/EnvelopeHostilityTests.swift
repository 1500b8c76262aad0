import CWMP
import Testing
import XML

struct EnvelopeHostilityTests {
  private func error(of bytes: [UInt8]) -> EnvelopeError? {
    do throws(EnvelopeError) {
      _ = try fromCPE(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a document type stays refused, also where something could be repaired`() {
    let text = #"<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>"# + Messages.inform("\u{1}<A>&e;</A>")
    guard case .xml(.documentType) = error(of: Array(text.utf8)) else {
      Issue.record("\(String(describing: error(of: Array(text.utf8))))")
      return
    }
  }

  @Test func `an undefined entity is refused, not repaired`() {
    guard case .xml(.undefinedEntity) = error(of: Array(Messages.inform("<A>&e;</A>").utf8)) else {
      Issue.record("an entity was made up")
      return
    }
  }

  @Test func `depth and size are refused with their numbers`() {
    let deep = String(repeating: "<a>", count: 100_000)
    guard case .xml(.tooDeep(limit: 64, _)) = error(of: Array(Messages.envelope(deep).utf8)) else {
      Issue.record("\(String(describing: error(of: Array(Messages.envelope(deep).utf8))))")
      return
    }
    let large = Array(Messages.envelope("").utf8) + [UInt8](repeating: 0x20, count: 50 << 20)
    #expect(error(of: large) == .xml(.tooLarge(bytes: large.count, limit: 8 << 20)))
  }

  @Test(arguments: [
    ("OUI", "000fe2"), ("ProductClass", "MSR36-20"), ("SerialNumber", "210235A0LNH120000010"),
  ])
  func `a device whose name is longer than any device's is refused`(element: String, text: String) {
    func inform(_ count: Int) -> [UInt8] {
      let long = String(repeating: "7", count: count)
      return Array(Messages.inform.replacing("<\(element)>\(text)", with: "<\(element)>\(long)").utf8)
    }
    #expect(error(of: inform(256)) == nil)
    #expect(error(of: inform(257)) == .tooLong("Inform.DeviceId.\(element)", limit: 256, line: 8))
    #expect(error(of: inform(1 << 20)) == .tooLong("Inform.DeviceId.\(element)", limit: 256, line: 8))
  }

  @Test func `of an event's code and command key, of a megabyte each, 256 characters are read`() throws {
    let long = String(repeating: "k\u{202E}", count: 1 << 18)
    let text = Messages.inform.replacing("1 BOOT", with: long).replacing(
      "<CommandKey></CommandKey>", with: "<CommandKey>\(long)</CommandKey>")
    let (envelope, warnings) = try fromCPE(text)
    guard case .request(.inform(let inform)) = envelope.body else {
      Issue.record("no Inform was read")
      return
    }
    #expect(inform.events.map(\.commandKey.count).max() == 256)
    #expect(inform.events.map(\.code.rawValue.count).max() == 256)
    #expect(warnings.contains(.tooLong(element: "EventStruct.CommandKey", limit: 256)))
  }

  @Test func `an Inform cut at any byte is refused`() {
    let whole = Array(Messages.inform.utf8)
    #expect(error(of: whole) == nil)
    for count in 0..<whole.count {
      #expect(error(of: Array(whole[..<count])) != nil, "\(count) bytes were taken")
    }
  }

  @Test func `an answer with a whole data model is read`() throws {
    let values = (0..<30_000).map {
      "<ParameterValueStruct><Name>Device.A.\($0)</Name><Value xsi:type=\"xsd:int\">\($0)</Value></ParameterValueStruct>"
    }.joined()
    let text = Messages.envelope(
      """
      <cwmp:GetParameterValuesResponse><ParameterList enc:arrayType="cwmp:ParameterValueStruct[30000]">\(values)\
      </ParameterList></cwmp:GetParameterValuesResponse>
      """)
    let (envelope, warnings) = try fromCPE(text)
    guard case .response(.getParameterValues(let response)) = envelope.body else {
      Issue.record("no values were read")
      return
    }
    #expect(response.parameters.count == 30_000)
    #expect(response.parameters.last == ParameterValue(path: "Device.A.29999", value: "29999", type: .int))
    #expect(warnings.isEmpty)
  }

  @Test func `whatever bytes come, they are read or refused, and what is read can be written and read again`() throws {
    let seeds =
      [Array(Messages.inform.utf8)]
      + RPCTests.cpeRequests.map { CPEEnvelope(id: "1", namespace: .newest, body: .request($0)).encoded() }
      + RPCTests.responses.map { CPEEnvelope(id: "1", namespace: .newest, body: .response($0)).encoded() }
      + RPCTests.faults.map { CPEEnvelope(id: "1", namespace: .newest, body: .fault($0)).encoded() }
    var random = FixedRandom(state: 11)
    var read = 0
    for round in 0..<6000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0...Int(random.next() % 3) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        case 2: bytes[place] = UInt8(ascii: "0") + UInt8(random.next() % 10)
        default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
        }
      }
      guard let first = try? fromCPE(bytes).envelope else { continue }
      read += 1
      guard case .unknown = first.body else {
        let second = try fromCPE(first.encoded()).envelope
        let third = try fromCPE(second.encoded()).envelope
        #expect(second == third)
        continue
      }
    }
    #expect(read > 1000)
  }
}
