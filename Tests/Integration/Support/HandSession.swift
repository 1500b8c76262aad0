import Foundation
import Testing

/// A CWMP session that `curl` holds, message by message, from a client's namespace.
struct HandSession {
  static let url = "http://192.0.2.1:7547/acs"

  struct Answer {
    let status: Int
    let headers: String
    let body: String

    /// `cwmp:ID`.
    var id: String? { body.firstMatch(of: #/<\w+:ID[^>]*>([^<]*)</#).map { String($0.1) } }

    /// The namespace that its method is in.
    var namespace: String? { body.firstMatch(of: #/xmlns:cwmp="([^"]*)"/#).map { String($0.1) } }

    /// The method or answer in its body.
    var method: String? { body.firstMatch(of: #/<cwmp:(?!ID)(\w+)/#).map { String($0.1) } }

    /// Of a SetParameterValues.
    var parameters: [String: String] {
      let pairs = body.matches(of: #/<Name>([^<]*)</Name>\s*<Value[^>]*>([^<]*)</#).map { (String($0.1), String($0.2)) }
      return Dictionary(pairs) { $1 }
    }

    func element(_ name: String) throws -> String? {
      body.firstMatch(of: try Regex("<\(name)>([^<]*)<"))?.output[1].substring.map(String.init)
    }
  }

  let lab: Lab
  /// Of the lab's clients, the one that it is.
  var client = 0
  var url = HandSession.url
  /// `urn:dslforum-org:` and this.
  var version = "cwmp-1-0"
  var root = "InternetGatewayDevice."
  /// What curl is told beside all else.
  var options: [String] = []
  var keepsCookies = true
  /// The file of its cookies: a router forgets them with the session.
  var jar = "cookies"

  /// Gets the client its address by udhcpc. Returns the address.
  @discardableResult
  static func boot(in lab: Lab) async throws -> String {
    let script = try lab.write(
      """
      #!/bin/sh
      [ "$1" = bound ] && ip address replace "$ip/24" dev eth0
      exit 0
      """, to: "udhcpc.script")
    try await run("chmod", "+x", script)
    let client = try await run(
      "udhcpc", "-n", "-q", "-f", "-i", "eth0", "-s", script, "-t", "5", "-T", "1", in: lab.client())
    try #require(client.status == 0, "\(client.errors)")
    let addresses = try await run("ip", "-4", "-o", "address", "show", "dev", "eth0", in: lab.client())
    return try #require(addresses.output.firstMatch(of: #/inet ([\d.]+)//#).map { String($0.1) })
  }

  /// POSTs `body`, with digest authentication where a login (`user:password`) is given.
  func post(_ body: String, login: String? = nil, options extra: [String] = []) async throws -> Answer {
    let message = try lab.write(body, to: "message.xml")
    let headers = lab.folder.appending(path: "headers").path
    let jar = lab.folder.appending(path: jar).path
    var words = ["curl", "--silent", "--show-error", "--max-time", "20", "--dump-header", headers]
    if keepsCookies { words += ["--cookie-jar", jar, "--cookie", jar] }
    if let login { words += ["--digest", "--user", login] }
    words += ["--header", "Content-Type: text/xml; charset=\"utf-8\"", "--header", "SOAPAction:"]
    words += options + extra + ["--data-binary", "@\(message)", "--write-out", "\n%{http_code}", url]
    let result = try await Program(words, in: lab.client(client)).result()
    try #require(result.status == 0, "\(result.errors)")
    let end = try #require(result.output.lastIndex(of: "\n"))
    return Answer(
      status: Int(result.output[result.output.index(after: end)...]) ?? 0,
      headers: try String(contentsOfFile: headers, encoding: .utf8), body: String(result.output[..<end]))
  }

  /// GETs a URL without any credentials.
  func get(_ url: String) async throws -> (status: Int, body: String) {
    let result = try await run(
      "curl", "--silent", "--max-time", "20", "--write-out", "\n%{http_code}", url, in: lab.client())
    let end = try #require(result.output.lastIndex(of: "\n"), "\(result.errors)")
    return (Int(result.output[result.output.index(after: end)...]) ?? 0, String(result.output[..<end]))
  }

  // MARK: - What a router says

  func envelope(id: String, _ body: String) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" \
    xmlns:soap-enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" \
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:\(version)">
    <soap-env:Header><cwmp:ID soap-env:mustUnderstand="1">\(id)</cwmp:ID></soap-env:Header>
    <soap-env:Body>\(body)</soap-env:Body>
    </soap-env:Envelope>
    """
  }

  func inform(id: String, serial: String, events: [(code: String, key: String)]) -> String {
    let parameters = [
      ("DeviceInfo.HardwareVersion", "A"), ("DeviceInfo.SoftwareVersion", "7.1.064"),
      ("ManagementServer.ConnectionRequestURL", "http://192.0.2.100:7547/here"), ("ManagementServer.ParameterKey", ""),
    ]
    let eventStructs = events.map {
      "<EventStruct><EventCode>\($0.code)</EventCode><CommandKey>\($0.key)</CommandKey></EventStruct>"
    }
    let values = parameters.map {
      "<ParameterValueStruct><Name>\(root)\($0.0)</Name><Value xsi:type=\"xsd:string\">\($0.1)</Value></ParameterValueStruct>"
    }
    return envelope(
      id: id,
      """
      <cwmp:Inform>
      <DeviceId><Manufacturer>H3C</Manufacturer><OUI>000FE2</OUI><ProductClass>MSR36-20</ProductClass>\
      <SerialNumber>\(serial)</SerialNumber></DeviceId>
      <Event soap-enc:arrayType="cwmp:EventStruct[\(events.count)]">\(eventStructs.joined())</Event>
      <MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2026-01-05T10:00:00Z</CurrentTime><RetryCount>0</RetryCount>
      <ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[\(values.count)]">\(values.joined())</ParameterList>
      </cwmp:Inform>
      """)
  }

  func setParameterValuesResponse(to answer: Answer) -> String {
    envelope(
      id: answer.id ?? "",
      "<cwmp:SetParameterValuesResponse><Status>0</Status></cwmp:SetParameterValuesResponse>")
  }

  func downloadResponse(to answer: Answer) -> String {
    envelope(
      id: answer.id ?? "",
      """
      <cwmp:DownloadResponse><Status>1</Status><StartTime>0001-01-01T00:00:00Z</StartTime>\
      <CompleteTime>0001-01-01T00:00:00Z</CompleteTime></cwmp:DownloadResponse>
      """)
  }

  func setParameterValuesFault(to answer: Answer, path: String, code: Int, text: String) -> String {
    envelope(
      id: answer.id ?? "",
      """
      <soap-env:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>\
      <FaultCode>9003</FaultCode><FaultString>Invalid arguments</FaultString><SetParameterValuesFault>\
      <ParameterName>\(path)</ParameterName><FaultCode>\(code)</FaultCode><FaultString>\(text)</FaultString>\
      </SetParameterValuesFault></cwmp:Fault></detail></soap-env:Fault>
      """)
  }

  func transferComplete(id: String, key: String) -> String {
    envelope(
      id: id,
      """
      <cwmp:TransferComplete><CommandKey>\(key)</CommandKey><FaultStruct><FaultCode>0</FaultCode>\
      <FaultString></FaultString></FaultStruct><StartTime>2026-01-05T10:00:01Z</StartTime>\
      <CompleteTime>2026-01-05T10:00:02Z</CompleteTime></cwmp:TransferComplete>
      """)
  }
}
