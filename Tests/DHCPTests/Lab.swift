import DHCP
import Net
import Testing

/// A server on 192.0.2.0/24 with the pool 192.0.2.100 to .109, and a second subnet behind a relay at 198.51.100.1.
struct Lab {
  static let serverAddress = IPv4Address(192, 0, 2, 1)
  static let relay = IPv4Address(198, 51, 100, 1)
  static let local = IPv4Address(192, 0, 2, 100)
  static let start = Timestamp(secondsSince1970: 1_800_000_000)

  var server: Server
  var table: LeaseTable
  var now = Lab.start

  init(_ change: (inout ServerConfiguration) -> Void = { _ in }) {
    self.init(subnets: [Lab.subnet(), Lab.remote], change)
  }

  init(subnets: [SubnetConfiguration], _ change: (inout ServerConfiguration) -> Void = { _ in }) {
    var configuration = ServerConfiguration(subnets: subnets, serverAddresses: [Lab.serverAddress])
    change(&configuration)
    server = Server(configuration)
    table = configuration.table(leases: [], now: now)
  }

  static func subnet(
    pool: String = "192.0.2.100-192.0.2.109", reservations: [Reservation] = [], times: LeaseTimes = LeaseTimes(),
    extraOptions: OptionList = OptionList()
  ) -> SubnetConfiguration {
    SubnetConfiguration(
      subnet: Subnet(containing: serverAddress, prefixLength: 24), pools: [AddressRange(pool)].compactMap(\.self),
      reservations: Reservations(reservations), leaseTimes: times, routers: [IPv4Address(192, 0, 2, 1)],
      domainNameServers: [IPv4Address(192, 0, 2, 1)], domainName: "lab.example",
      ntpServers: [IPv4Address(192, 0, 2, 1)], extraOptions: extraOptions)
  }

  static var remote: SubnetConfiguration {
    SubnetConfiguration(
      subnet: Subnet(containing: relay, prefixLength: 24),
      pools: [AddressRange("198.51.100.100-198.51.100.109")].compactMap(\.self), routers: [relay])
  }

  /// By broadcast on the server's own link, unless it says otherwise. The message takes the way over the wire.
  mutating func send(
    _ message: Message, from source: IPv4Address = .unspecified, to destination: IPv4Address = .broadcast
  ) throws -> Decision {
    let received = try Message(decoding: message.encode(limit: 1472).bytes)
    return server.decide(
      received,
      from: Arrival(interfaceAddresses: [Lab.serverAddress], source: source, destination: destination),
      table: &table, now: now)
  }

  mutating func pass(seconds: Int64) {
    now = now.advanced(bySeconds: seconds)
  }

  /// DISCOVER and REQUEST; the address that was acknowledged.
  mutating func lease(_ client: Client) throws -> IPv4Address {
    let offer = try #require(try send(client.discover()).reply)
    let decision = try send(client.request(offer.message.yiaddr))
    let reply = try #require(decision.reply)
    try #require(reply.type == .acknowledgement)
    return reply.message.yiaddr
  }
}

/// What a client sends in each of its states.
struct Client {
  var hardware: MACAddress
  var identifier: [UInt8]?
  /// Added to every message.
  var options: [(OptionCode, [UInt8])] = []
  var giaddr = IPv4Address.unspecified

  init(_ number: UInt64, identifier: [UInt8]? = nil) {
    hardware = MACAddress(rawValue: 0x0200_0000_0000 | number)
    self.identifier = identifier
  }

  var key: ClientKey {
    identifier.map(ClientKey.identifier) ?? .hardware(type: 1, address: hardware.octets)
  }

  func message(_ type: MessageType, _ change: (inout Message) -> Void = { _ in }) -> Message {
    var message = Message(type, xid: 0x1234_5678, hardware: hardware, clientIdentifier: identifier)
    message.giaddr = giaddr
    for (code, bytes) in options { message.options.set(code, bytes: bytes) }
    change(&message)
    return message
  }

  func discover(requesting address: IPv4Address? = nil) -> Message {
    message(.discover) { if let address { $0.options.set(.requestedAddress, address) } }
  }

  /// SELECTING.
  func request(_ address: IPv4Address, of server: IPv4Address = Lab.serverAddress) -> Message {
    message(.request) {
      $0.options.set(.requestedAddress, address)
      $0.options.set(.serverIdentifier, server)
    }
  }

  /// INIT-REBOOT.
  func reboot(_ address: IPv4Address) -> Message {
    message(.request) { $0.options.set(.requestedAddress, address) }
  }

  /// RENEWING or REBINDING.
  func extend(_ address: IPv4Address) -> Message {
    message(.request) { $0.ciaddr = address }
  }

  func release(_ address: IPv4Address, of server: IPv4Address = Lab.serverAddress) -> Message {
    message(.release) {
      $0.ciaddr = address
      $0.options.set(.serverIdentifier, server)
    }
  }

  func decline(_ address: IPv4Address, of server: IPv4Address = Lab.serverAddress) -> Message {
    message(.decline) {
      $0.options.set(.requestedAddress, address)
      $0.options.set(.serverIdentifier, server)
    }
  }

  func requesting(_ codes: UInt8...) -> Client {
    with(.parameterRequestList, codes)
  }

  func with(_ code: OptionCode, _ bytes: some Collection<UInt8>) -> Client {
    var client = self
    client.options.append((code, Array(bytes)))
    return client
  }

  func behindRelay(_ information: [UInt8]? = nil) -> Client {
    var client = information.map { with(.relayInformation, $0) } ?? self
    client.giaddr = Lab.relay
    return client
  }
}

extension Reply {
  var type: MessageType? { (try? message.options.value(.messageType)) ?? nil }
}

/// Always the same numbers from the same seed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
