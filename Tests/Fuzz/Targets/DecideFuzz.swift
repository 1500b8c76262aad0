import DHCP
import Net

/// Any sequence of messages against one server: each message stands behind two bytes of its length, and a byte that says
/// how much time passes before it and what becomes of its batch.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var session = Session()
  var rest = bytes[...]
  while rest.count >= 3 {
    let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
    let control = rest[rest.startIndex + 2]
    rest = rest.dropFirst(3)
    session.take(Array(rest.prefix(length)), control)
    rest = rest.dropFirst(min(length, rest.count))
  }
  return 0
}

private struct Session {
  private static let own = IPv4Address(192, 0, 2, 1)
  private static let server = makeServer()

  private var now = Timestamp(secondsSince1970: 1_800_000_000)
  private var table: LeaseTable
  /// What clients were promised, and until when: by the server's own ACKs.
  private var promises: [IPv4Address: (client: ClientKey, expiry: Timestamp)] = [:]

  init() {
    table = Self.server.configuration.table(leases: [], now: now)
  }

  mutating func take(_ packet: [UInt8], _ control: UInt8) {
    now = now.advanced(bySeconds: [0, 1, 61, 4000][Int(control & 3)])
    guard let message = try? Message(decoding: packet) else { return }
    let arrival = Arrival(
      interfaceAddresses: [Self.own], source: control & 4 == 0 ? .unspecified : message.ciaddr,
      destination: control & 8 == 0 ? .broadcast : Self.own)
    let before = table
    for address in table.probes.settle(at: now) { precondition(!table.probes.isAsked(address), "asked for ever") }
    table.begin()
    if control & 16 != 0 { claim() }
    let decision = Self.server.decide(message, from: arrival, table: &table, now: now)
    precondition(!decision.outcomes.isEmpty, "nothing was said of a message")
    // One commit in eight fails.
    if control >> 5 == 7 {
      table.rollback()
      for change in decision.changes {
        precondition(table.lease(at: change.address) == before.lease(at: change.address), "a change was not undone")
      }
      return
    }
    table.commit()
    check(decision, of: message)
    for change in decision.changes {
      precondition(table.lease(at: change.address) == change, "a change is not in the table")
      note(change)
    }
  }

  /// Somebody answers for what was asked last.
  private mutating func claim() {
    guard let question = table.probes.takeQuestions().last else { return }
    let stranger = MACAddress(rawValue: 0x0200_0000_0000 + UInt64(question.address.rawValue & 15))
    guard table.probes.answered(question.address, by: stranger) == .inUse,
      let decision = Self.server.conflict(
        at: question.address, by: stranger, waiting: nil, table: &table, now: now)
    else { return }
    precondition(!table.isFree(question.address), "what is in use is free")
    for change in decision.changes { note(change) }
  }

  private func check(_ decision: Decision, of message: Message) {
    guard let reply = decision.reply else { return }
    let encoded = reply.encode()
    precondition(encoded.bytes.count <= max(reply.limit, Message.minimumSize), "longer than the client takes")
    guard let sent = try? Message(decoding: encoded.bytes) else { preconditionFailure("a reply that nobody can read") }
    precondition(sent.op == .reply && sent.xid == message.xid && sent.chaddr == message.chaddr, "not this client's")
    if let relay = message.options[.relayInformation], !encoded.dropped.contains(.relayInformation) {
      precondition(sent.options[.relayInformation]?.elementsEqual(relay) == true, "option 82 differs")
      precondition(lastCode(in: encoded.bytes) == OptionCode.relayInformation.rawValue, "option 82 is not the last")
    }
    precondition(sent.yiaddr != Self.own && sent.yiaddr != .broadcast, "an address that nobody can have")
  }

  /// The last code of the options field; what the file and sname fields carry comes after it, wherever that stands.
  private func lastCode(in reply: [UInt8]) -> UInt8? {
    var last: UInt8?
    var offset = 240
    while offset + 1 < reply.count, reply[offset] != OptionCode.end.rawValue {
      if reply[offset] == OptionCode.pad.rawValue {
        offset += 1
      } else {
        last = reply[offset]
        offset += 2 + Int(reply[offset + 1])
      }
    }
    return last
  }

  private mutating func note(_ change: Lease) {
    let promised = promises[change.address]
    switch change.state {
    case .bound:
      if let promised, now < promised.expiry {
        precondition(promised.client == change.client || change.address == Self.portAddress, "bound to two clients")
      }
      promises[change.address] = (change.client, change.expiry)
    case .released, .declined:
      precondition(
        promised.map { $0.client == change.client } ?? true || change.state == .declined, "another's address")
      promises[change.address] = nil
    }
  }

  /// Set down for whoever is at a port.
  private static let portAddress = IPv4Address(198, 51, 100, 9)

  private static func makeServer() -> Server {
    let local = SubnetConfiguration(
      subnet: Subnet(containing: own, prefixLength: 24), sharedNetwork: "a",
      pools: ["192.0.2.100-192.0.2.103"].compactMap { AddressRange($0) },
      reservations: Reservations([
        Reservation(client: .hardware(MACAddress(rawValue: 0x000F_E200_0009)), address: IPv4Address(192, 0, 2, 9))
      ]), routers: [own], domainNameServers: [own], domainName: "lab.example",
      bootFile: BootFile(name: "device.cfg", servers: [own]))
    let second = SubnetConfiguration(
      subnet: Subnet(containing: IPv4Address(203, 0, 113, 1), prefixLength: 24), sharedNetwork: "a",
      pools: ["203.0.113.100-203.0.113.101"].compactMap { AddressRange($0) })
    var remote = SubnetConfiguration(
      subnet: Subnet(containing: IPv4Address(198, 51, 100, 1), prefixLength: 24),
      pools: ["198.51.100.100-198.51.100.103"].compactMap { AddressRange($0) },
      reservations: Reservations([Reservation(client: .circuit([1]), address: portAddress)]))
    remote.classes = [
      ClassConfiguration(
        matching: [.vendorClass("H3C*")], pools: ["198.51.100.110-198.51.100.111"].compactMap { AddressRange($0) },
        in: remote
      ) { $0.leaseTimes.standard = 600 },
      ClassConfiguration(matching: [.circuit(BytesPattern("?"))], in: remote) { $0.dialect = .bareURL },
    ]
    let advisor = try? Advisor(
      acs: ACSParameters(url: "http://acs.usher.internal:7547/acs", username: "usher", password: "secret"),
      others: [.bareURL])
    var configuration = ServerConfiguration(
      subnets: [local, second, remote], serverAddresses: [own], advisor: advisor ?? .silent, commitsRapidly: true,
      maximumOffers: 6, detectsConflicts: true)
    configuration.honorsSubnetSelection = true
    return Server(configuration)
  }
}
