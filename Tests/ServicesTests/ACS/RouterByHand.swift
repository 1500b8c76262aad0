import CWMP
import HTTP
import Net
import Testing
import Transport

@testable import Services

/// A router that says what a test lets it say, in whatever spelling, and does what it is asked: the other side of an
/// ``ACSFixture``.
struct RouterByHand {
  /// What the ACS answered.
  struct Answer {
    let status: Int
    let headers: Headers
    let text: String
    let envelope: ACSEnvelope?

    /// The name of its method, or `Fault`; nil where it has no body.
    var method: String? {
      switch envelope?.body {
      case .request(let request): request.method.rawValue
      case .response: text.firstMatch(of: #/<cwmp:(\w+Response)/#).map { String($0.1) }
      case .fault: "Fault"
      case .unknown(let name): name
      case nil: nil
      }
    }

    /// What a SetParameterValues sets.
    var values: [ParameterValue] {
      if case .request(.setParameterValues(let set)) = envelope?.body { set.parameters } else { [] }
    }

    var download: Download? {
      if case .request(.download(let download)) = envelope?.body { download } else { nil }
    }
  }

  let acs: ACSFixture
  var id = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "210235A1")
  var manufacturer = "H3C"
  var root = "InternetGatewayDevice."
  var softwareVersion = "7.1"
  /// The host of its ConnectionRequestURL.
  var ownHost = "192.0.2.10"
  /// Where it comes from.
  var address = "192.0.2.10"
  var spelling = Spelling()
  /// Nil where it sends none; see ``login``.
  var credentials: (username: String, password: String)? = (ACSFixture.username, ACSFixture.password)
  var algorithm = DigestAlgorithm.md5
  /// What is unusual about its digest, before that is made.
  var login: (inout DigestCredentials) -> Void = { _ in }
  /// What it makes of the cookie that it was set; nil sends none.
  var returnCookie: (String) -> String? = { $0 }
  /// Another for each POST, where a router closes after each.
  var connection: UInt64 = 1
  var keepsConnection = true
  var security = Security.none
  var headers: Headers = ["Content-Type": "text/xml; charset=utf-8"]
  /// What it holds, by full path.
  var parameters: [String: String] = [:]
  /// The body of its answer to a request; nil for what a good router answers.
  var react: (ACSRequest) -> String? = { _ in nil }
  private(set) var cookie: String?
  private var challenge: String?

  init(_ acs: ACSFixture) {
    self.acs = acs
  }

  /// As it is on record.
  var device: Device? { acs.devices.device(id) }

  var isProvisioned: Bool { device?.verified != nil }

  /// One POST, without a login unless `authorization` is one.
  mutating func post(_ body: String = "", authorization: String? = nil) async -> Answer {
    await post(Array(body.utf8), authorization: authorization)
  }

  mutating func post(_ body: [UInt8], authorization: String? = nil) async -> Answer {
    if !keepsConnection { connection += 1000 }
    var request = Request(
      method: .post, target: RequestTarget("/acs"), headers: body.isEmpty ? [:] : headers, body: body,
      peer: HostPort(host: address, port: 40_000), local: HostPort(host: "192.0.2.1", port: 7547),
      connection: connection, security: security)
    if let authorization { request.headers["Authorization"] = authorization }
    if let cookie = cookie.flatMap(returnCookie) { request.headers["Cookie"] = cookie }
    let response =
      switch acs.handler.answer(to: request) {
      case .now(let response): response
      case .later(let respond), .away(let respond): await respond()
      }
    if let field = response.headers["Set-Cookie"] { cookie = field.split(separator: ";").first.map(String.init) }
    if let field = response.headers["WWW-Authenticate"] { challenge = field }
    var bytes: [UInt8] = []
    if case .bytes(let body) = response.body { bytes = body }
    var warnings = Warnings()
    return Answer(
      status: response.status.rawValue, headers: response.headers, text: String(decoding: bytes, as: UTF8.self),
      envelope: try? ACSEnvelope(decoding: bytes, warnings: &warnings))
  }

  /// The Authorization field that answers the last challenge, as its `count`-th use.
  func authorization(count: UInt32 = 1) throws -> String? {
    guard let credentials, let challenge = try challenge.flatMap({ try DigestChallenge.parse([$0]).first }) else {
      return nil
    }
    var digest = DigestCredentials(
      answering: challenge, username: credentials.username, password: credentials.password, method: .post,
      uri: "/acs", clientNonce: "c\(count)", count: count, hashes: .crypto)
    login(&digest)
    digest.response = digest.expectedResponse(
      algorithm: algorithm, password: credentials.password, method: .post, hashes: .crypto)
    return digest.fieldValue
  }

  /// Informs, with the login that is asked for.
  mutating func inform(_ message: String? = nil, events: [(String, String)] = [("1 BOOT", "")]) async throws -> Answer {
    let message = message ?? spelling.envelope(id: "inform", inform(events: events))
    // No router boots, or comes again, within a millisecond, which is a tick of the ACS's clock.
    try await Task.sleep(for: .milliseconds(2))
    let answer = await post(message)
    guard answer.status == 401, let authorization = try authorization() else { return answer }
    return await post(message, authorization: authorization)
  }

  /// The Inform's own element.
  func inform(events: [(String, String)]) -> String {
    let events = events.map {
      "<EventStruct><EventCode>\($0.0)</EventCode><CommandKey>\($0.1)</CommandKey></EventStruct>"
    }
    let values = [
      ("DeviceInfo.SoftwareVersion", softwareVersion),
      ("ManagementServer.ConnectionRequestURL", "http://\(ownHost):7547/"), ("ManagementServer.ParameterKey", ""),
    ]
    return spelling.method(
      "Inform",
      "<DeviceId><Manufacturer>\(manufacturer)</Manufacturer><OUI>\(id.oui)</OUI><ProductClass>\(id.productClass)</ProductClass>"
        + "<SerialNumber>\(id.serialNumber)</SerialNumber></DeviceId>"
        + spelling.array("Event", of: "EventStruct", events)
        + "<MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2026-02-03T04:05:06</CurrentTime><RetryCount>0</RetryCount>"
        + spelling.array("ParameterList", of: "ParameterValueStruct", values.map { spelling.value(root + $0, $1) }))
  }

  /// A whole session from its Inform: answers what is asked until nothing more is. Returns the methods asked.
  mutating func session(events: [(String, String)] = [("1 BOOT", "")]) async throws -> [String] {
    let begun = try await inform(events: events)
    try #require(begun.method == "InformResponse", "\(begun.status) \(begun.text)")
    return await goOn()
  }

  /// From our turn to the end of the session. Returns the methods asked.
  mutating func goOn() async -> [String] { await goOn(from: await post()) }

  mutating func goOn(from answer: Answer) async -> [String] {
    var (answer, methods) = (answer, [String]())
    while answer.status == 200, let method = answer.method, methods.count < 100 {
      methods.append(method)
      answer = await self.answer(answer)
    }
    if answer.status >= 400 { methods.append("\(answer.status)") }
    return methods
  }

  /// Does what it is asked, and POSTs its answer.
  mutating func answer(_ answer: Answer) async -> Answer {
    guard let envelope = answer.envelope, case .request(let request) = envelope.body else { return await post() }
    return await post(spelling.envelope(id: envelope.id, react(request) ?? take(request)))
  }

  /// Does what it is asked. Returns the body of its answer.
  private mutating func take(_ request: ACSRequest) -> String {
    switch request {
    case .setParameterValues(let set):
      for value in set.parameters { parameters[value.path] = value.value }
      let own = Dictionary(set.parameters.map { ($0.path.split(separator: ".").last.map(String.init) ?? "", $0.value) })
      {
        $1
      }
      if let username = own["Username"], let password = own["Password"] { credentials = (username, password) }
      return spelling.method("SetParameterValuesResponse", "<Status>0</Status>")
    case .getParameterValues(let get):
      return spelling.values(
        get.paths.flatMap { path in
          parameters.filter { $0.key == path || path.hasSuffix(".") && $0.key.hasPrefix(path) }.sorted {
            $0.key < $1.key
          }
        })
    case .getParameterNames(let names):
      return spelling.names(parameters.keys.filter { $0.hasPrefix(names.path) }.sorted())
    case .download:
      return spelling.method(
        "DownloadResponse",
        "<Status>0</Status><StartTime>0001-01-01T00:00:00Z</StartTime>"
          + "<CompleteTime>0001-01-01T00:00:00Z</CompleteTime>")
    default: return spelling.method(request.method.rawValue + "Response", "")
    }
  }
}

/// How a router writes its messages.
struct Spelling {
  var declaration = ""
  var soap = "soap-env"
  var soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
  var cwmp = "cwmp"
  var cwmpNamespace = "urn:dslforum-org:cwmp-1-0"
  /// Where the namespace of CWMP is declared on the method instead of the envelope.
  var declaresOnMethod = false
  var type: (String) -> String = { _ in " xsi:type=\"xsd:string\"" }
  /// What becomes of the ID that a message would have; nil leaves it out.
  var id: (String?) -> String? = { $0 }

  func envelope(id: String?, _ body: String) -> String {
    let header = self.id(id).map { "<\(soap):Header><\(cwmp):ID>\($0)</\(cwmp):ID></\(soap):Header>" } ?? ""
    return "\(declaration)<\(soap):Envelope xmlns:\(soap)=\"\(soapNamespace)\" "
      + "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
      + (declaresOnMethod ? "" : " xmlns:\(cwmp)=\"\(cwmpNamespace)\"")
      + ">\(header)<\(soap):Body>\(body)</\(soap):Body></\(soap):Envelope>"
  }

  func array(_ name: String, of type: String, _ entries: [String]) -> String {
    "<\(name) \(soap):arrayType=\"\(type)[\(entries.count)]\">\(entries.joined())</\(name)>"
  }

  func method(_ name: String, _ arguments: String) -> String {
    let declared = declaresOnMethod ? " xmlns:\(cwmp)=\"\(cwmpNamespace)\"" : ""
    return "<\(cwmp):\(name)\(declared)>\(arguments)</\(cwmp):\(name)>"
  }

  func value(_ path: String, _ value: String) -> String {
    "<ParameterValueStruct><Name>\(path)</Name><Value\(type(path))>\(value)</Value></ParameterValueStruct>"
  }

  func values(_ parameters: [(key: String, value: String)]) -> String {
    method(
      "GetParameterValuesResponse",
      array("ParameterList", of: "ParameterValueStruct", parameters.map { value($0.key, $0.value) }))
  }

  func names(_ paths: [String], isWritable: String = "1") -> String {
    let entries = paths.map {
      "<ParameterInfoStruct><Name>\($0)</Name><Writable>\(isWritable)</Writable></ParameterInfoStruct>"
    }
    return method("GetParameterNamesResponse", array("ParameterList", of: "ParameterInfoStruct", entries))
  }

  func fault(_ code: Int, _ text: String = "") -> String {
    "<\(soap):Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail>"
      + method("Fault", "<FaultCode>\(code)</FaultCode><FaultString>\(text)</FaultString>")
      + "</detail></\(soap):Fault>"
  }
}
