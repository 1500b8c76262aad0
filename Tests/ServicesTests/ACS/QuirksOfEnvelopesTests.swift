import CWMP
import HTTP
import Net
import Testing

@testable import Services

/// What routers make of XML and SOAP. The number is the quirk's.
struct QuirksOfEnvelopesTests {
  /// What a new router is asked in its first session.
  static let all = ["SetParameterValues", "SetParameterValues", "SetParameterValues", "Download", "GetParameterValues"]

  private func router() throws -> RouterByHand { RouterByHand(try ACSFixture()) }

  @Test func `a router of good manners is provisioned in one session`() async throws {
    var router = try router()
    #expect(try await router.session() == Self.all)
    #expect(router.isProvisioned)
    #expect(router.acs.counter("acs.warning") == 0)
  }

  @Test(arguments: [nil, "", "0", "a &amp; b &lt;c&gt;", "ÄÖÜ"])
  func `1 a router whose ID is missing, empty or odd is answered with the same`(id: String?) async throws {
    var router = try router()
    router.spelling.id = { _ in id }
    let answer = try await router.inform()
    let sent = id?.replacing("&amp;", with: "&").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
    #expect(answer.envelope?.id == sent)
    #expect(await router.goOn() == Self.all)
    #expect(router.isProvisioned)
  }

  @Test func `2 an ID that is sent must be understood, and says so in the envelope's prefix`() async throws {
    var router = try router()
    let answer = try await router.inform()
    #expect(answer.text.contains(#"<cwmp:ID soap-env:mustUnderstand="1">inform</cwmp:ID>"#))
    #expect(await router.post().text.contains(#"<cwmp:ID soap-env:mustUnderstand="1">"#))
  }

  @Test(arguments: ["cwmp", "c", "ns1"], ["SOAP-ENV", "s"])
  func `3 prefixes may be any, and the namespace may stand on the method`(cwmp: String, soap: String) async throws {
    var router = try router()
    router.spelling.cwmp = cwmp
    router.spelling.soap = soap
    #expect(try await router.session() == Self.all)
    var other = RouterByHand(try ACSFixture())
    other.spelling.declaresOnMethod = true
    other.spelling.id = { _ in nil }
    other.spelling.soapNamespace = "http://schemas.xmlsoap.org/soap/envelope"
    #expect(try await other.inform().envelope?.namespace.minor == 0)
    #expect(await other.goOn() == Self.all)
  }

  @Test func `4 what is sent has the five prefixes of the field, declared on the envelope`() async throws {
    var router = try router()
    router.spelling.cwmp = "x"
    router.spelling.soap = "y"
    let answer = try await router.inform()
    for prefix in ["soap-env", "soap-enc", "xsd", "xsi", "cwmp"] {
      #expect(answer.text.prefix { $0 != ">" }.contains(" xmlns:\(prefix)="))
    }
  }

  @Test(arguments: ["urn:dslforum-org:cwmp-2-0", "urn:broadband-forum-org:cwmp-1-9", "http://example.com/cwmp"])
  func `6 a router of an unknown namespace is provisioned, in the newest that is known`(urn: String) async throws {
    var router = try router()
    router.spelling.cwmpNamespace = urn
    #expect(try await router.inform().envelope?.namespace == .newest)
    #expect(await router.goOn() == Self.all)
    #expect(router.acs.counter("acs.warning") > 0)
  }

  @Test(arguments: [nil, "text/html", "application/octet-stream", "text/xml;charset", ";"])
  func `9 the Content-Type may be wrong or absent`(type: String?) async throws {
    var router = try router()
    router.headers = type.map { ["Content-Type": $0] } ?? [:]
    #expect(try await router.session() == Self.all)
  }

  @Test(arguments: [
    "text/xml; charset=\"utf-8\"", "text/xml; charset=utf8", "text/xml; charset=x-router", "text/xml; charset=",
  ])
  func `10 a charset that is odd or unknown does not keep a router out`(type: String) async throws {
    var router = try router()
    router.headers = ["Content-Type": type]
    #expect(try await router.session() == Self.all)
  }

  @Test func `10 a document that declares an unknown charset is read as UTF-8`() async throws {
    var router = try router()
    router.headers = ["Content-Type": "text/xml; charset=x-other"]
    router.spelling.declaration = "<?xml version=\"1.0\" encoding=\"x-router\"?>"
    router.softwareVersion = "Zürich"
    #expect(try await router.session() == Self.all)
    #expect(router.device?.softwareVersion == "Zürich")
  }

  @Test(arguments: ["", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"])
  func `10 a charset of Latin letters is read, named by the field or by the document`(declaration: String) async throws
  {
    var router = try router()
    if declaration.isEmpty {
      router.headers = ["Content-Type": "text/xml; charset=ISO-8859-1"]
    } else {
      router.headers = [:]
    }
    router.spelling.declaration = declaration
    let message = router.spelling.envelope(id: "1", router.inform(events: [("1 BOOT", "")]))
      .replacing(">7.1<", with: ">Z\u{FC}rich<")
    let bytes = message.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    _ = await router.post()
    let authorization = try router.authorization()
    #expect(await router.post(bytes, authorization: authorization).status == 200)
    #expect(router.device?.softwareVersion == "Zürich")
  }

  @Test(arguments: ["7.1\u{1}", "7.1 & more", "&#3;7.1", "<![CDATA[7.1 <b>]]>"])
  func `11 control characters, broken references and CDATA do not keep a router out`(text: String) async throws {
    var router = try router()
    router.softwareVersion = text
    #expect(try await router.session() == Self.all)
    #expect(router.device?.softwareVersion?.contains("7.1") == true)
  }

  @Test func `15 an answer of seven megabytes is taken`() async throws {
    var router = try router()
    #expect(try await router.session() == Self.all)
    let task = try #require(try await router.acs.ask(.getParameterValues(["InternetGatewayDevice."]), of: router.id))
    let padding = String(repeating: "x", count: 1000)
    let spelling = router.spelling
    router.react = { request in
      guard case .getParameterValues = request else { return nil }
      return spelling.values((0..<6500).map { ("InternetGatewayDevice.X.\($0)", padding) })
    }
    #expect(try await router.session(events: [("2 PERIODIC", "")]) == ["GetParameterValues"])
    guard case .done? = router.acs.store.task(task.number)?.state else {
      Issue.record("\(String(describing: router.acs.store.task(task.number)))")
      return
    }
    #expect(
      router.acs.store.parameters(of: router.id, below: "InternetGatewayDevice.X.", after: "", limit: 9000).count
        == 6500)
  }

  @Test(arguments: ["", " xsi:type=\"xsd:int\"", " xsi:type=\"string\"", " type=\"x:odd\""])
  func `16 a value's type may be missing or wrong`(type: String) async throws {
    var router = try router()
    router.spelling.type = { _ in type }
    #expect(try await router.session() == Self.all)
    #expect(router.isProvisioned)
    #expect(router.device?.softwareVersion == "7.1")
  }

  @Test func `18 an Inform may lack all but OUI and serial number, and answers their status`() async throws {
    var router = try router()
    let spelling = router.spelling
    let bare = spelling.method(
      "Inform",
      "<DeviceId><OUI>\(router.id.oui)</OUI><ProductClass>MSR36</ProductClass>"
        + "<SerialNumber>\(router.id.serialNumber)</SerialNumber></DeviceId>")
    router.react = { request in
      switch request {
      case .setParameterValues: spelling.method("SetParameterValuesResponse", "")
      case .getParameterValues(let get):
        spelling.values(
          get.paths.map { ($0, $0.hasSuffix("Interval") ? "300" : $0.hasSuffix("1") ? ACSFixture.ntp : "1") })
      default: nil
      }
    }
    #expect(try await router.inform(spelling.envelope(id: "1", bare)).method == "InformResponse")
    #expect(await router.goOn() == Self.all)
    #expect(router.isProvisioned)
    for missing in ["OUI", "SerialNumber"] {
      let nameless = bare.replacing(missing, with: "Other")
      #expect(try await router.inform(spelling.envelope(id: "1", nameless)).status == 400)
    }
  }

  @Test(arguments: ["InternetGatewayDevice.", "Device."])
  func `19 a router is set under the root that its Inform shows`(root: String) async throws {
    var router = try router()
    router.root = root
    #expect(try await router.session() == Self.all)
    #expect(router.isProvisioned)
    #expect(router.parameters.keys.allSatisfy { $0.hasPrefix(root) })
    #expect(router.parameters[root + "Time.NTPServer1"] == ACSFixture.ntp)
  }

  @Test func `29 NoMoreRequests is passed over, and neither it nor HoldRequests is sent`() async throws {
    var router = try router()
    router.spelling.id = { "\($0 ?? "")</cwmp:ID><cwmp:NoMoreRequests>1</cwmp:NoMoreRequests><cwmp:ID>" }
    let answer = try await router.inform()
    #expect(answer.envelope?.id == "inform")
    #expect(!answer.text.contains("Requests>"))
    let request = await router.post()
    #expect(request.method == "SetParameterValues" && !request.text.contains("Requests>"))
    #expect(await router.goOn(from: request) == Self.all)
  }

  @Test func `42 what is sent has the prefixes soap-env and cwmp in every element, and no XML declaration`()
    async throws
  {
    var router = try router()
    var answers = [try await router.inform()]
    answers.append(await router.post())
    while let last = answers.last, last.status == 200 { answers.append(await router.answer(last)) }
    #expect(answers.count == Self.all.count + 2)
    for answer in answers.dropLast() {
      #expect(answer.text.hasPrefix("<soap-env:Envelope "))
      let method = try #require(answer.method)
      #expect(answer.text.contains("<soap-env:Body><cwmp:\(method)>"))
    }
  }
}
