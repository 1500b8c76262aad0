import CWMP
import Net
import Testing
import XML

struct EnvelopeTests {
  @Test func `a router's Inform is read whole, without a warning`() throws {
    let (envelope, warnings) = try fromCPE(Messages.inform)
    #expect(envelope.id == "100")
    #expect(envelope.namespace.urn == "urn:dslforum-org:cwmp-1-0")
    #expect(envelope.header == Header())
    #expect(envelope.body == .request(.inform(Messages.decodedInform)))
    #expect(warnings.isEmpty)
  }

  @Test func `an Inform is told by its end, and no other message is`() {
    let ends = ["</cwmp:Inform></s:Body></s:Envelope>", "</Inform>\n</Body>\n</Envelope>\n"]
    for end in ends { #expect(CPEEnvelope.endsAsInform(Array(end.utf8))) }
    #expect(CPEEnvelope.endsAsInform(Array(Messages.inform.utf8)))
    let others = [
      "", "Inform>", "</cwmp:ScheduleInform></s:Body></s:Envelope>", "<Name>Device.Inform</Name></s:Body></s:Envelope>",
      "</cwmp:Inform>" + String(repeating: " ", count: 300),
    ]
    for other in others { #expect(!CPEEnvelope.endsAsInform(Array(other.utf8))) }
  }

  @Test func `what we send has the prefixes that every CPE takes, and no XML declaration`() {
    let envelope = ACSEnvelope(
      id: "a&b", namespace: .newest, body: .request(.getParameterNames(GetParameterNames(path: "", nextLevel: true))))
    #expect(
      String(decoding: envelope.encoded(), as: UTF8.self) == """
        <soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" \
        xmlns:soap-enc="http://schemas.xmlsoap.org/soap/encoding/" \
        xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
        xmlns:cwmp="urn:dslforum-org:cwmp-1-2">\
        <soap-env:Header><cwmp:ID soap-env:mustUnderstand="1">a&amp;b</cwmp:ID></soap-env:Header>\
        <soap-env:Body><cwmp:GetParameterNames><ParameterPath/><NextLevel>1</NextLevel></cwmp:GetParameterNames>\
        </soap-env:Body></soap-env:Envelope>
        """)
    let declared = envelope.encoded(withDeclaration: true)
    #expect(String(decoding: declared, as: UTF8.self).hasPrefix(#"<?xml version="1.0" encoding="UTF-8"?><soap-env:"#))
  }

  @Test(arguments: [nil, "", "FREE & <odd>"])
  func `quirk 1: an ID that is missing, empty or odd is echoed as it came`(id: String?) throws {
    let escaped = id.map { $0.isEmpty ? "" : "FREE &amp; &lt;odd&gt;" }
    let (envelope, _) = try fromCPE(Messages.envelope("<cwmp:GetRPCMethods/>", id: escaped))
    #expect(envelope.id == id)
    let reply = ACSEnvelope(id: envelope.id, namespace: envelope.namespace, body: .response(.transferComplete))
    #expect(try fromACS(reply.encoded()).envelope == reply)
  }

  @Test func `quirk 3: prefixes may be any, and the namespace may stand on another element`() throws {
    let inherited = """
      <Envelope xmlns="urn:dslforum-org:cwmp-1-1"><Body><GetRPCMethods/></Body></Envelope>
      """
    #expect(try fromCPE(inherited).envelope.namespace.minor == 1)
    let unused = """
      <s:Envelope xmlns:s="urn:yet-another-soap" xmlns:c="urn:dslforum-org:cwmp-1-1"><s:Body><GetRPCMethods/>\
      </s:Body></s:Envelope>
      """
    let (envelope, warnings) = try fromCPE(unused)
    #expect(envelope.namespace.minor == 1)
    #expect(envelope.body == .request(.getRPCMethods))
    #expect(warnings.isEmpty)
    let undeclared = "<s:Envelope><s:Body><x:GetRPCMethods/></s:Body></s:Envelope>"
    #expect(try fromCPE(undeclared).envelope.body == .request(.getRPCMethods))
  }

  @Test func `quirk 6: an unknown namespace is taken as the newest, with a warning; a later one is echoed`() throws {
    func text(_ urn: String) -> String {
      Messages.envelope("<cwmp:GetRPCMethods/>").replacing("urn:dslforum-org:cwmp-1-2", with: urn)
    }
    let (unknown, warnings) = try fromCPE(text("urn:example:cwmp-9"))
    #expect(unknown.namespace == .newest)
    #expect(warnings == [.unknownNamespace("urn:example:cwmp-9")])
    let (later, none) = try fromCPE(text("urn:dslforum-org:cwmp-1-4"))
    #expect(later.namespace.urn == "urn:dslforum-org:cwmp-1-4")
    #expect(none.isEmpty)
    let (missing, warning) = try fromCPE("<Envelope><Body><GetRPCMethods/></Body></Envelope>")
    #expect(missing.namespace == .newest)
    #expect(warning == [.noNamespace])
  }

  @Test func `quirk 10: a charset goes before the declaration`() throws {
    let text = Messages.inform("<ParameterList enc:arrayType=\"cwmp:ParameterValueStruct[0]\"/>")
      .replacing("<OUI>", with: "<Manufacturer>Ä</Manufacturer><OUI>")
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    var warnings = Warnings()
    let envelope = try CPEEnvelope(decoding: latin, charset: "iso-8859-1", warnings: &warnings)
    guard case .request(.inform(let inform)) = envelope.body else {
      Issue.record("no Inform was read")
      return
    }
    #expect(inform.manufacturer == "Ä")
  }

  @Test func `quirk 11: control characters, bare ampersands and wrong bytes are repaired, with a warning`() throws {
    let text = Messages.inform.replacing("H3C", with: "H3C\u{1} & Co\u{0}")
    let (envelope, warnings) = try fromCPE(text)
    guard case .request(.inform(let inform)) = envelope.body, case .repaired = warnings.first else {
      Issue.record("\(envelope.body) \(warnings)")
      return
    }
    #expect(inform.manufacturer == "H3C & Co")
    #expect(inform.parameters == Messages.decodedInform.parameters)
  }

  @Test func `quirk 11: CDATA is text`() throws {
    let (envelope, _) = try fromCPE(
      Messages.envelope("<cwmp:TransferComplete><CommandKey><![CDATA[<k>]]></CommandKey></cwmp:TransferComplete>"))
    guard case .request(.transferComplete(let complete)) = envelope.body else {
      Issue.record("\(envelope.body)")
      return
    }
    #expect(complete.commandKey == "<k>")
  }

  @Test func `the headers are read; an unknown one is ignored unless it must be understood`() throws {
    let header = """
      <cwmp:SessionTimeout soap:mustUnderstand="0">45</cwmp:SessionTimeout>\
      <cwmp:SupportedCWMPVersions>1.0, 1.2, ,1.4,</cwmp:SupportedCWMPVersions>\
      <cwmp:NoMoreRequests soap:mustUnderstand="1">1</cwmp:NoMoreRequests><x:Trace xmlns:x="urn:x">1</x:Trace>
      """
    let (envelope, warnings) = try fromCPE(Messages.envelope("<cwmp:GetRPCMethods/>", header: header))
    #expect(envelope.header == Header(sessionTimeout: 45, supportedVersions: ["1.0", "1.2", "1.4"]))
    #expect(warnings == [.ignoredHeader("Trace")])
    let strict = #"<x:Trace xmlns:x="urn:x" soap:mustUnderstand="1">1</x:Trace>"#
    let (second, _) = try fromCPE(Messages.envelope("<cwmp:GetRPCMethods/>", header: strict))
    #expect(second.header.misunderstood == "Trace")
  }

  @Test func `headers come back as they were sent`() throws {
    let header = Header(
      holdRequests: true, sessionTimeout: 60, supportedVersions: ["1.0", "1.4"], useVersion: "1.4")
    let envelope = ACSEnvelope(id: "1", namespace: .newest, header: header, body: .response(.transferComplete))
    #expect(try fromACS(envelope.encoded()).envelope == envelope)
  }

  @Test func `what is no message is refused with what it is`() {
    #expect(throws: EnvelopeError.notAnEnvelope("html")) { try fromCPE("<html/>") }
    #expect(throws: EnvelopeError.noBody) { try fromCPE("<Envelope><Header/></Envelope>") }
    #expect(throws: EnvelopeError.emptyBody) { try fromCPE("<Envelope><Body>\n</Body></Envelope>") }
    #expect(throws: EnvelopeError.xml(.truncated(at: XMLPosition(line: 1, column: 1)))) { try fromCPE("") }
  }

  @Test func `a body with two methods is its first, with a warning`() throws {
    let (envelope, warnings) = try fromCPE(Messages.envelope("<cwmp:GetRPCMethods/><cwmp:RebootResponse/>"))
    #expect(envelope.body == .request(.getRPCMethods))
    #expect(warnings == [.severalMethods])
  }

  @Test func `a method is unknown unless its sender can say it`() throws {
    let reboot = Messages.envelope("<cwmp:Reboot><CommandKey/></cwmp:Reboot>")
    #expect(try fromCPE(reboot).envelope.body == .unknown("Reboot"))
    #expect(try fromACS(Array(reboot.utf8)).envelope.body == .request(.reboot(RebootRequest(commandKey: ""))))
    let inform = Array(Messages.inform.utf8)
    #expect(try fromACS(inform).envelope.body == .unknown("Inform"))
    #expect(try fromCPE(Messages.envelope("<cwmp:X_Odd/>")).envelope.body == .unknown("X_Odd"))
    #expect(try fromCPE(Messages.envelope("<cwmp:InformResponse/>")).envelope.body == .unknown("InformResponse"))
  }
}
