import CWMP
import Net
import Testing

struct TranscriptTests {
  private let noon = Timestamp(rawValue: 1_800_000_000_000)

  private func message(_ body: String, id: String = "1", namespace: String = "1-0") -> [UInt8] {
    Array(
      """
      <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-\(namespace)">
      <soap:Header><cwmp:ID soap:mustUnderstand="1">\(id)</cwmp:ID></soap:Header><soap:Body>\(body)</soap:Body></soap:Envelope>
      """.utf8)
  }

  private var inform: [UInt8] {
    message(
      "<cwmp:Inform><DeviceId><Manufacturer>H3C</Manufacturer><OUI>000FE2</OUI><ProductClass>MSR</ProductClass>"
        + "<SerialNumber>1</SerialNumber></DeviceId><Event/><MaxEnvelopes>1</MaxEnvelopes>"
        + "<CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>0</RetryCount><ParameterList/></cwmp:Inform>")
  }

  /// A session as the machine of today conducts it.
  private func recorded() -> Transcript {
    var session = Session()
    var transcript = Transcript("000FE2-MSR-1")
    var warnings = Warnings()
    func say(_ bytes: [UInt8]) { transcript.append(.init(.fromCPE, at: noon, charset: "utf-8", body: bytes)) }
    func answer(_ status: Int, _ bytes: [UInt8] = []) {
      transcript.append(.init(.toCPE(status: status), at: noon, body: bytes))
    }
    say(inform)
    if let envelope = try? CPEEnvelope(decoding: inform, warnings: &warnings),
      case .acknowledge(_, _, let reply) = session.receive(.envelope(envelope), warnings: &warnings)
    {
      answer(200, reply.encoded())
    }
    say([])
    _ = session.receive(.empty, warnings: &warnings)
    answer(200, session.send(.getRPCMethods, id: "a-1").encoded())
    let methods = message("<cwmp:GetRPCMethodsResponse><MethodList/></cwmp:GetRPCMethodsResponse>", id: "a-1")
    say(methods)
    answer(204)
    return transcript
  }

  @Test func `what was written is read back whole`() throws {
    let transcript = recorded()
    #expect(transcript.entries.count == 6)
    #expect(try Transcript(decoding: transcript.encode()) == transcript)
  }

  @Test func `a session replays as it was`() {
    #expect(recorded().replay() == [])
  }

  @Test func `a replay that goes another way is told by its message`() {
    var other = Transcript("x")
    for (number, entry) in recorded().entries.enumerated() {
      var entry = entry
      if number == 1 { entry.body += [0x20] }
      if number == 5 { entry.direction = .toCPE(status: 200) }
      other.append(entry)
    }
    let differences = other.replay()
    #expect(differences.map(\.entry) == [2, 6])
    #expect(differences.first?.text.hasPrefix("another answer: <soap-env:Envelope") == true)
  }

  @Test func `secrets are blanked, and nothing else is touched`() {
    let text =
      "<p:ParameterValueStruct><Name>X.Password</Name>\n<Value xsi:type=\"xsd:string\">geh&amp;eim</Value></p:ParameterValueStruct>"
      + "<Name>X.Interval</Name><Value>30</Value><Password>p</Password><Password/><Value>v</Value>"
      + "<URL>http://192.0.2.1/files/ab?t=c2VjcmV0</URL><Broken <Name>"
    let wanted =
      "<p:ParameterValueStruct><Name>X.Password</Name>\n<Value xsi:type=\"xsd:string\">***</Value></p:ParameterValueStruct>"
      + "<Name>X.Interval</Name><Value>30</Value><Password>***</Password><Password/><Value>v</Value>"
      + "<URL>http://192.0.2.1/files/ab?t=***</URL><Broken <Name>"
    #expect(blanked([text]) == [wanted])
  }

  private func blanked(_ messages: [String]) -> [String] {
    let bytes = Transcript.blanked(messages.map { Array($0.utf8) }) { $0.hasSuffix("Password") }
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `a secret in a CDATA section is blanked, and one that a fault repeats, before or behind it`() {
    #expect(
      blanked([
        "<FaultString>hunter2 before</FaultString>",
        "<Name>X.Password</Name><Value><![CDATA[a<b]]></Value><Name>Y.Password</Name><Value>hunter2</Value>",
        "<p:FaultString>\"hunter2\" is too weak</p:FaultString><faultstring>no hunter2</faultstring><A>hunter2</A>",
      ]) == [
        "<FaultString>*** before</FaultString>",
        "<Name>X.Password</Name><Value>***</Value><Name>Y.Password</Name><Value>***</Value>",
        "<p:FaultString>\"***\" is too weak</p:FaultString><faultstring>no ***</faultstring><A>hunter2</A>",
      ])
  }

  @Test(arguments: [
    ("http://192.0.2.1/a?t=c2VjcmV0", "http://192.0.2.1/a?t=***"),
    ("http://u:p@ss:w@192.0.2.1:80/a@b:c", "http://u:***@192.0.2.1:80/a@b:c"), ("http://u@h/", "http://u@h/"),
    ("ftp://u:@h", "ftp://u:***@h"), ("u:p@h", "u:p@h"), ("://", "://"), ("", ""),
    ("http://h?a=u:p@x", "http://h?a=u:p@x"),
  ])
  func `of a URL the password and the signature are blanked`(url: String, wanted: String) {
    #expect(URLSecrets.blanked(url) == wanted)
  }

  @Test func `a long session is cut, and says so`() throws {
    var transcript = Transcript("x")
    for _ in 0..<5 { transcript.append(.init(.fromCPE, at: noon, body: [UInt8](repeating: 65, count: 300_000))) }
    #expect(transcript.entries.count == 3)
    #expect(transcript.isCut)
    #expect(String(decoding: transcript.encode().prefix(40), as: UTF8.self).hasPrefix("# usher transcript 1: x (cut)"))
  }

  @Test func `what is no transcript is refused with its place`() {
    #expect(throws: TranscriptError.noHeading) { try Transcript(decoding: Array("hello\n".utf8)) }
    #expect(throws: TranscriptError.noEntry(line: 2)) {
      try Transcript(decoding: Array("# usher transcript 1: x\n>> 1 0\n".utf8))
    }
    #expect(throws: TranscriptError.cutShort(line: 2)) {
      try Transcript(decoding: Array("# usher transcript 1: x\n> 1 99\nab\n".utf8))
    }
  }
}
