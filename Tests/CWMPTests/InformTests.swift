import CWMP
import Net
import Testing

struct InformTests {
  private func inform(_ text: String) throws -> (inform: Inform, warnings: [Warning]) {
    let (envelope, warnings) = try fromCPE(text)
    guard case .request(.inform(let inform)) = envelope.body else { throw NoInform() }
    return (inform, warnings)
  }

  private struct NoInform: Error {}

  @Test func `quirk 18: all but OUI and serial number may be missing`() throws {
    let (inform, warnings) = try inform(Messages.inform(""))
    #expect(
      inform
        == Inform(
          manufacturer: "", device: DeviceID(oui: "000FE2", productClass: "", serialNumber: "1"), events: [],
          currentTime: nil, parameters: []))
    #expect(
      warnings == [
        .missing("DeviceId.Manufacturer"), .missing("DeviceId.ProductClass"), .missing("Inform.Event"),
        .missing("Inform.MaxEnvelopes"), .missing("Inform.CurrentTime"), .missing("Inform.RetryCount"),
        .missing("Inform.ParameterList"),
      ])
  }

  @Test func `without OUI or serial number it is refused, with the line`() {
    #expect(throws: EnvelopeError.missing("Inform.DeviceId", line: 1)) {
      try fromCPE(Messages.envelope("<cwmp:Inform/>"))
    }
    #expect(throws: EnvelopeError.missing("Inform.DeviceId.OUI", line: 8)) {
      try fromCPE(Messages.inform.replacing("<OUI>000fe2</OUI>", with: "<OUI> </OUI>").replacing("SOAP-ENV:", with: ""))
    }
    #expect(throws: EnvelopeError.missing("Inform.DeviceId.SerialNumber", line: 1)) {
      try fromCPE(Messages.inform("").replacing("<SerialNumber>1</SerialNumber>", with: ""))
    }
  }

  @Test func `quirk 16: a value of no or of an unknown type is a string, with a warning`() throws {
    let (inform, warnings) = try inform(
      Messages.inform(
        """
        <ParameterList enc:arrayType="cwmp:ParameterValueStruct[4]">\
        <ParameterValueStruct><Name>Device.A</Name><Value>1</Value></ParameterValueStruct>\
        <ParameterValueStruct><Name>Device.B</Name><Value xsi:type="odd">2</Value></ParameterValueStruct>\
        <ParameterValueStruct><Name>Device.C</Name><Value xsi:type="int">three</Value></ParameterValueStruct>\
        <ParameterValueStruct><Name>Device.D</Name></ParameterValueStruct></ParameterList>
        """))
    #expect(
      inform.parameters == [
        ParameterValue(path: "Device.A", value: "1"), ParameterValue(path: "Device.B", value: "2"),
        ParameterValue(path: "Device.C", value: "three", type: .int), ParameterValue(path: "Device.D", value: ""),
      ])
    #expect(
      warnings.suffix(3) == [
        .unknownType(path: "Device.A", type: nil), .unknownType(path: "Device.B", type: "odd"),
        .missing("ParameterValueStruct.Value"),
      ])
  }

  @Test(arguments: [
    (#" enc:arrayType="cwmp:ParameterValueStruct[4294967295]""#, "cwmp:ParameterValueStruct[4294967295]"),
    (#" enc:arrayType="cwmp:ParameterValueStruct[-1]""#, "cwmp:ParameterValueStruct[-1]"),
    (#" enc:arrayType="cwmp:ParameterValueStruct[]""#, "cwmp:ParameterValueStruct[]"),
    ("", nil),
  ])
  func `an arrayType is compared, never believed`(attribute: String, stated: String?) throws {
    let (inform, warnings) = try inform(
      Messages.inform(
        """
        <ParameterList\(attribute)><ParameterValueStruct><Name>Device.A</Name>\
        <Value xsi:type="xsd:string">1</Value></ParameterValueStruct></ParameterList>
        """))
    #expect(inform.parameters == [ParameterValue(path: "Device.A", value: "1")])
    #expect(warnings.last == .wrongArrayType(element: "Inform.ParameterList", stated: stated, found: 1))
  }

  @Test(arguments: [
    ("1 Boot", EventCode.boot), ("0", .bootstrap), ("M REBOOT", .rebootMethod), ("2  PERIODIC", .periodic),
    ("01 BOOT", .boot),
  ])
  func `quirk 48: an event code in another spelling is what it means, with a warning`(
    sent: String, code: EventCode
  ) throws {
    let (inform, warnings) = try inform(
      Messages.inform(
        """
        <Event enc:arrayType="cwmp:EventStruct[1]"><EventStruct><EventCode>\(sent)</EventCode>\
        <CommandKey>k</CommandKey></EventStruct></Event>
        """))
    #expect(inform.events == [InformEvent(code, commandKey: "k")])
    #expect(warnings.contains(.unusualEvent(sent)))
  }

  @Test func `white space around an event code is no matter`() throws {
    let (inform, warnings) = try inform(
      Messages.inform("<Event><EventStruct><EventCode> 14 HEARTBEAT \n</EventCode></EventStruct></Event>"))
    #expect(inform.events == [InformEvent(.heartbeat)])
    #expect(!warnings.contains { if case .unusualEvent = $0 { true } else { false } })
  }

  @Test(arguments: ["15 NEW", "100 FAR", "1BOOT", "X 000FE2 Odd", "M X_000FE2_Odd", "", "99999999999999999999 BOOT"])
  func `an event code of a vendor or of a later version stays as it is`(sent: String) throws {
    let (inform, _) = try inform(
      Messages.inform("<Event><EventStruct><EventCode>\(sent)</EventCode></EventStruct></Event>"))
    #expect(inform.events == [InformEvent(EventCode(rawValue: sent))])
  }

  @Test func `events beyond the 64 that the standard allows are left out`() throws {
    let events = String(repeating: "<EventStruct><EventCode>1 BOOT</EventCode></EventStruct>", count: 65)
    let (inform, warnings) = try inform(Messages.inform("<Event>\(events)</Event>"))
    #expect(inform.events.count == 64)
    #expect(warnings.contains(.tooMany(element: "Inform.Event", limit: 64)))
  }

  @Test(arguments: [
    ("2026-02-03T04:05:06Z", 1_770_091_506_000), ("2026-02-03T04:05:06", 1_770_091_506_000),
    ("2026-02-03T04:05:06.5Z", 1_770_091_506_500), ("2026-02-03T04:05:06.123456+02:00", 1_770_084_306_123),
    ("2026-02-03T04:05:06-00:30", 1_770_093_306_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
    ("1970-01-01T00:00:10Z", 10_000), ("9999-12-31T23:59:59Z", 253_402_300_799_000),
  ])
  func `quirk 17: a dateTime may have a zone, a fraction, or neither`(text: String, milliseconds: Int64) throws {
    let (inform, _) = try inform(Messages.inform("<CurrentTime>\(text)</CurrentTime>"))
    #expect(inform.currentTime == Timestamp(rawValue: milliseconds))
  }

  @Test(arguments: [
    "", "today", "2026-13-03T04:05:06Z", "2026-02-03T04:05:06+1", "2026-02-03T04:05", "2026-02-03T04:05:06Zzz",
    "-026-02-03T04:05:06Z", "2026-02-03T04:05:06.", "２026-02-03T04:05:06", "9999-12-31T23:59:59-00:01",
  ])
  func `what is no dateTime is no time, with a warning`(text: String) throws {
    let (inform, warnings) = try inform(Messages.inform("<CurrentTime>\(text)</CurrentTime>"))
    let expected: Timestamp? = text.hasSuffix(".") ? Timestamp(rawValue: 1_770_091_506_000) : nil
    #expect(inform.currentTime == expected)
    #expect(warnings.contains(.illegalValue(element: "Inform.CurrentTime", text: text)) == (expected == nil))
  }

  @Test(arguments: ["0001-01-01T00:00:00Z", "0001-12-31T23:59:59", "0002-01-01T00:00:00+00:01"])
  func `the Unknown Time is nil, without a warning, and is sent for nil`(text: String) throws {
    let (inform, warnings) = try inform(Messages.inform("<CurrentTime>\(text)</CurrentTime>"))
    #expect(inform.currentTime == nil)
    #expect(!warnings.contains { if case .illegalValue = $0 { true } else { false } })
    let envelope = CPEEnvelope(id: nil, namespace: .newest, body: .request(.inform(inform)))
    #expect(String(decoding: envelope.encoded(), as: UTF8.self).contains("<CurrentTime>0001-01-01T00:00:00Z<"))
  }

  @Test(arguments: ["-1", "4294967296", "two", "1.0", ""])
  func `a number that is none is the default, with a warning`(text: String) throws {
    let (inform, warnings) = try inform(Messages.inform("<RetryCount>\(text)</RetryCount>"))
    #expect(inform.retryCount == 0)
    #expect(warnings.contains(.illegalValue(element: "Inform.RetryCount", text: text)))
  }

  @Test func `warnings are collected up to a number, and counted beyond`() throws {
    var warnings = Warnings()
    let values = String(
      repeating: "<ParameterValueStruct><Name>A</Name><Value>1</Value></ParameterValueStruct>", count: 1000)
    _ = try CPEEnvelope(
      decoding: Array(Messages.inform("<ParameterList>\(values)</ParameterList>").utf8), warnings: &warnings)
    #expect(warnings.first.count == Warnings.limit)
    #expect(warnings.dropped == 1000 + 7 - Warnings.limit)
  }

  @Test func `it shows its data model, and values below its root`() {
    let inform = Messages.decodedInform
    #expect(inform.dataModel == .internetGatewayDevice)
    #expect(inform.value(of: "DeviceInfo.SoftwareVersion") == "7.1.064, Release 0821P20")
    #expect(inform.value(of: "DeviceInfo.HardwareVersion") == nil)
    #expect(inform.isBoot)
    #expect(inform.has(.boot))
    #expect(!inform.has(.periodic))
    var other = inform
    other.parameters = [ParameterValue(path: "Device.DeviceInfo.SoftwareVersion", value: "2")]
    #expect(other.dataModel == .device)
    #expect(other.value(of: "DeviceInfo.SoftwareVersion") == "2")
    other.parameters = []
    #expect(other.dataModel == nil)
  }
}
