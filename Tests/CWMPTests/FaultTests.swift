import CWMP
import Testing

/// Faults of CPEs that put them elsewhere than TR-069 section 3.5 does.
struct FaultTests {
  private func fault(_ content: String) throws -> Fault? {
    var warnings = Warnings()
    let text = Messages.envelope("<soap:Fault>\(content)</soap:Fault>")
    let envelope = try CPEEnvelope(decoding: Array(text.utf8), warnings: &warnings)
    guard case .fault(let fault) = envelope.body else { return nil }
    return fault
  }

  private static let detail = "<FaultCode>9005</FaultCode><FaultString>Invalid parameter name</FaultString>"

  @Test(arguments: [
    "<faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>\(detail)</cwmp:Fault></detail>",
    "<faultcode>Client</faultcode><faultstring>CWMP fault<detail><cwmp:Fault>\(detail)</cwmp:Fault></detail></faultstring>",
    "<faultcode>Client</faultcode><faultstring><cwmp:Fault>\(detail)</cwmp:Fault></faultstring>",
    "<faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><cwmp:Fault>\(detail)</cwmp:Fault>",
    "<faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail>\(detail)</detail>",
    "<faultcode>Client</faultcode><faultstring>CWMP fault</faultstring>\(detail)",
    "<faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><a><cwmp:Fault>\(detail)</cwmp:Fault></a></detail>",
  ])
  func `a misplaced detail keeps its code and its text`(content: String) throws {
    #expect(try fault(content) == Fault(code: 9005, text: "Invalid parameter name"))
  }

  @Test(arguments: [
    ("<faultcode>9005</faultcode><faultstring>Invalid name</faultstring>", 9005, "Invalid name"),
    ("<faultcode>Client</faultcode><faultstring>9005 Invalid name</faultstring>", 9005, "9005 Invalid name"),
    ("<faultcode>Client</faultcode><faultstring>CWMP fault (9005)</faultstring>", 9005, "CWMP fault (9005)"),
    (
      "<faultcode>Client</faultcode><faultstring>&lt;FaultCode&gt;9005&lt;/FaultCode&gt;</faultstring>", 9005,
      "<FaultCode>9005</FaultCode>"
    ),
    ("<faultcode>Client</faultcode><faultstring>out of 90050 or 19005</faultstring>", 0, "out of 90050 or 19005"),
    ("<faultcode>Server</faultcode><faultstring>busy</faultstring>", 0, "busy"),
  ])
  func `a code in the text is a code`(content: String, code: Int, text: String) throws {
    #expect(try fault(content) == Fault(code: code, text: text))
  }

  @Test func `all faults of parameters are read, wherever they stand`() throws {
    let parameters = ["A", "B", "C"].map {
      "<SetParameterValuesFault><ParameterName>\($0)</ParameterName><FaultCode>9007</FaultCode>"
        + "<FaultString>no</FaultString></SetParameterValuesFault>"
    }.joined()
    let detail = "<FaultCode>9003</FaultCode><FaultString>Invalid arguments</FaultString>"
    let wanted = Fault(
      code: 9003, text: "Invalid arguments",
      parameters: ["A", "B", "C"].map { ParameterFault(path: $0, code: 9007, text: "no") })
    for content in [
      "<detail><cwmp:Fault>\(detail)\(parameters)</cwmp:Fault></detail>",
      "<faultstring>CWMP fault<detail><cwmp:Fault>\(detail)\(parameters)</cwmp:Fault></detail></faultstring>",
      "<detail>\(parameters)\(detail)</detail>",
    ] {
      #expect(try fault(content) == wanted, "\(content)")
    }
  }
}
