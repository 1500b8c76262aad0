import DNS
import Net

/// Any bytes as a query, to a zone with all that zones have: what is answered is a response with the query's ID, no
/// larger than allowed; a response is never answered.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let bytes = Array(input.dropFirst())
  let transport: Responder.Transport = input[0] & 1 == 0 ? .udp : .tcp
  var limiter = RateLimiter(rate: input[0] & 2 == 0 ? 0 : 1, slip: 1)
  var writer = ResponseWriter()
  let client = IPv4Address(192, 0, 2, input[0])
  let asker = Responder.Asker(client, over: transport, at: Timestamp(rawValue: 1_800_000_000_000))
  // A second time, so that what is limited is seen too.
  for _ in 0..<2 {
    let outcome = Lab.responder.answer(
      bytes.span.bytes, from: asker, by: Lab.zones, limiter: &limiter, into: &writer)
    let response = writer.bytes
    guard !response.isEmpty else {
      precondition(
        bytes.count < 12 || bytes[2] & 0x80 != 0 || outcome.ruling == .drop, "a query was dropped without a reason")
      continue
    }
    precondition(bytes[2] & 0x80 == 0, "a response was answered")
    precondition(Array(response[..<2]) == Array(bytes[..<2]), "the ID differs")
    precondition(response.count <= (transport == .udp ? 1232 : 65_535), "larger than allowed")
    guard let message = try? Message(decoding: response.span.bytes) else {
      preconditionFailure("what is sent is no message")
    }
    precondition(message.flags.contains(.response) && message.flags.rawValue & 0x0040 == 0, "QR or Z is wrong")
    if transport == .udp, message.edns == nil, outcome.ruling == .pass {
      precondition(response.count <= 512, "larger than a client without EDNS takes")
    }
  }
  if let (zone, request) = ZoneTransfer.zone(askedBy: bytes.span.bytes, in: Lab.zones) {
    let messages = ZoneTransfer.messages(for: request, of: zone, in: Lab.zones, client: client)
    precondition(messages.allSatisfy { (1...65_535).contains($0.count) }, "a transfer does not fit")
  }
  return 0
}

private enum Lab {
  static let responder: Responder = {
    var generator = Fixed()
    return Responder(cookies: Cookies(using: &generator))
  }()

  static let zones: ZoneSet = {
    do {
      let name = { (text: String) throws(NameError) -> Name in try Name(text) }
      var builder = ZoneBuilder(
        serial: SerialNumber(rawValue: 7), appliance: ApplianceAddresses(IPv4Address(192, 0, 2, 1)))
      let zone = try name("a")
      let acs = try name("acs.a")
      try builder.addZone(zone, nameServer: acs)
      try builder.addReverseZones(of: Subnet(containing: IPv4Address(192, 0, 2, 0), prefixLength: 24), nameServer: acs)
      try builder.addAppliance(acs, timeToLive: 60)
      for (owner, data) in [
        ("c.a", .cname(acs)), ("d.a", .cname(try name("c.a"))), ("l.a", .cname(try name("m.a"))),
        ("m.a", .cname(try name("l.a"))), ("m2.a", .mx(preference: 1, exchange: acs)),
        ("t.a", .txt((0..<12).map { [UInt8](repeating: $0, count: 200) })), ("*.w.a", .txt([[1]])),
        ("s.a", .ns(try name("n.s.a"))), ("n.s.a", .a(IPv4Address(192, 0, 2, 9))),
        ("u.a", .opaque(RecordType(rawValue: 65_400), [1, 2, 3])),
        ("v.a", .srv(priority: 1, weight: 2, port: 3, target: acs)),
      ] as [(String, RecordData)] {
        try builder.add(ResourceRecord(try name(owner), timeToLive: 300, data))
      }
      return try builder.build().namingLeases(in: zone, timeToLive: 30).updating([
        LeaseName(IPv4Address(192, 0, 2, 10), isLeased: true, hostname: "r"),
        LeaseName(IPv4Address(192, 0, 2, 11), isLeased: true, hostname: "r"),
        LeaseName(IPv4Address(192, 0, 2, 12), isLeased: true),
      ])
    } catch {
      preconditionFailure("the zones cannot be made: \(error)")
    }
  }()
}

private struct Fixed: RandomNumberGenerator {
  mutating func next() -> UInt64 { 0x0123_4567_89AB_CDEF }
}
