import CWMP
import Net

/// Messages as they stand on the wire, and the shorthand of the tests.
enum Messages {
  /// A branch router's first Inform, written after the guides of its vendor.
  static let inform = """
    <?xml version="1.0" encoding="UTF-8" ?>
    <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" \
    xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" \
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">
      <SOAP-ENV:Header>
        <cwmp:ID SOAP-ENV:mustUnderstand="1">100</cwmp:ID>
      </SOAP-ENV:Header>
      <SOAP-ENV:Body>
        <cwmp:Inform>
          <DeviceId>
            <Manufacturer>H3C</Manufacturer>
            <OUI>000fe2</OUI>
            <ProductClass>MSR36-20</ProductClass>
            <SerialNumber>210235A0LNH120000010</SerialNumber>
          </DeviceId>
          <Event SOAP-ENC:arrayType="cwmp:EventStruct[2]">
            <EventStruct><EventCode>0 BOOTSTRAP</EventCode><CommandKey></CommandKey></EventStruct>
            <EventStruct><EventCode>1 BOOT</EventCode><CommandKey/></EventStruct>
          </Event>
          <MaxEnvelopes>1</MaxEnvelopes>
          <CurrentTime>2026-02-03T04:05:06+01:00</CurrentTime>
          <RetryCount>3</RetryCount>
          <ParameterList SOAP-ENC:arrayType="cwmp:ParameterValueStruct[3]">
            <ParameterValueStruct>
              <Name>InternetGatewayDevice.DeviceInfo.SoftwareVersion</Name>
              <Value xsi:type="xsd:string">7.1.064, Release 0821P20</Value>
            </ParameterValueStruct>
            <ParameterValueStruct>
              <Name>InternetGatewayDevice.ManagementServer.ConnectionRequestURL</Name>
              <Value xsi:type="xsd:string">http://192.0.2.20:7547/a&amp;b</Value>
            </ParameterValueStruct>
            <ParameterValueStruct>
              <Name>InternetGatewayDevice.ManagementServer.PeriodicInformEnable</Name>
              <Value xsi:type="xsd:boolean">0</Value>
            </ParameterValueStruct>
          </ParameterList>
        </cwmp:Inform>
      </SOAP-ENV:Body>
    </SOAP-ENV:Envelope>
    """

  static let device = DeviceID(oui: "000FE2", productClass: "MSR36-20", serialNumber: "210235A0LNH120000010")

  static let decodedInform = Inform(
    manufacturer: "H3C", device: device, events: [InformEvent(.bootstrap), InformEvent(.boot)],
    currentTime: Timestamp(secondsSince1970: 1_770_087_906), retryCount: 3,
    parameters: [
      ParameterValue(
        path: "InternetGatewayDevice.DeviceInfo.SoftwareVersion", value: "7.1.064, Release 0821P20"),
      ParameterValue(
        path: "InternetGatewayDevice.ManagementServer.ConnectionRequestURL", value: "http://192.0.2.20:7547/a&b"),
      ParameterValue(
        path: "InternetGatewayDevice.ManagementServer.PeriodicInformEnable", value: "0", type: .boolean),
    ])

  /// An envelope around `body`, with the prefixes `soap` and `cwmp`.
  static func envelope(_ body: String, id: String? = "7", header: String = "") -> String {
    let idElement = id.map { #"<cwmp:ID soap:mustUnderstand="1">\#($0)</cwmp:ID>"# } ?? ""
    return """
      <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" \
      xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" \
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-2">\
      <soap:Header>\(idElement)\(header)</soap:Header><soap:Body>\(body)</soap:Body></soap:Envelope>
      """
  }

  /// The least that is an Inform, with `rest` behind its DeviceId.
  static func inform(_ rest: String) -> String {
    envelope(
      "<cwmp:Inform><DeviceId><OUI>000FE2</OUI><SerialNumber>1</SerialNumber></DeviceId>\(rest)</cwmp:Inform>")
  }
}

func fromCPE(_ text: String) throws(EnvelopeError) -> (envelope: CPEEnvelope, warnings: [Warning]) {
  try fromCPE(Array(text.utf8))
}

func fromCPE(_ bytes: [UInt8]) throws(EnvelopeError) -> (envelope: CPEEnvelope, warnings: [Warning]) {
  var warnings = Warnings()
  let envelope = try CPEEnvelope(decoding: bytes, warnings: &warnings)
  return (envelope, warnings.first)
}

func fromACS(_ bytes: [UInt8]) throws(EnvelopeError) -> (envelope: ACSEnvelope, warnings: [Warning]) {
  var warnings = Warnings()
  let envelope = try ACSEnvelope(decoding: bytes, warnings: &warnings)
  return (envelope, warnings.first)
}
