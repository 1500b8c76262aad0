package import Net

/// A DHCP message (RFC 2131 section 2): the fields of its fixed part under the RFC's own names, and its options.
package struct Message: Hashable, Sendable {
  package enum Operation: UInt8, Sendable {
    case request = 1
    case reply = 2
  }

  /// The `htype` of Ethernet (IANA: ARP hardware types).
  package static let ethernet: UInt8 = 1

  package var op: Operation
  /// The kind of `chaddr`.
  package var htype: UInt8
  package var hops: UInt8
  /// The transaction: chosen by the client, repeated in every answer.
  package var xid: UInt32
  /// Seconds since the client began.
  package var secs: UInt16
  package var flags: UInt16
  /// The client's address, where it has one and can answer ARP for it.
  package var ciaddr: IPv4Address
  /// "Your" address: what the server gives.
  package var yiaddr: IPv4Address
  /// The next server of the boot.
  package var siaddr: IPv4Address
  /// The relay agent, in the client's subnet.
  package var giaddr: IPv4Address
  /// The client's hardware address: `hlen` bytes, at most 16.
  package var chaddr: [UInt8]
  /// Up to 64 bytes of text, without the NUL that ends it. Empty where the field holds options.
  package var sname: [UInt8]
  /// Up to 128 bytes of text, without the NUL that ends it. Empty where the field holds options.
  package var file: [UInt8]
  /// All options of the message, also those that stood in `file` and `sname` (option 52 itself is not among them).
  package var options: OptionList
  /// What could not be read of the packet that the message was in, and is not among the options.
  package var defects: [OptionDefect]

  package init(
    op: Operation, htype: UInt8 = Message.ethernet, hops: UInt8 = 0, xid: UInt32, secs: UInt16 = 0, flags: UInt16 = 0,
    ciaddr: IPv4Address = .unspecified, yiaddr: IPv4Address = .unspecified, siaddr: IPv4Address = .unspecified,
    giaddr: IPv4Address = .unspecified, chaddr: [UInt8], sname: [UInt8] = [], file: [UInt8] = [],
    options: OptionList = OptionList(), defects: [OptionDefect] = []
  ) {
    self.op = op
    self.htype = htype
    self.hops = hops
    self.xid = xid
    self.secs = secs
    self.flags = flags
    self.ciaddr = ciaddr
    self.yiaddr = yiaddr
    self.siaddr = siaddr
    self.giaddr = giaddr
    self.chaddr = chaddr
    self.sname = sname
    self.file = file
    self.options = options
    self.defects = defects
  }

  /// The message of a client on Ethernet, with options 53 and, where given, 61.
  package init(_ type: MessageType, xid: UInt32, hardware: MACAddress, clientIdentifier: [UInt8]? = nil) {
    self.init(op: .request, xid: xid, chaddr: hardware.octets)
    options.set(.messageType, type)
    if let clientIdentifier { options.set(.clientIdentifier, bytes: clientIdentifier) }
  }

  /// The broadcast flag (RFC 2131 section 2, figure 2).
  package var isBroadcast: Bool {
    get { flags & 0x8000 != 0 }
    set { flags = newValue ? flags | 0x8000 : flags & 0x7FFF }
  }

  /// `chaddr` where it is an Ethernet address.
  package var hardware: MACAddress? {
    guard htype == Self.ethernet, chaddr.count == 6 else { return nil }
    return MACAddress(rawValue: chaddr.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The fixed fields and the cookie, in bytes.
  package static let fixedSize = 240
  /// No message shorter than this is sent: a BOOTP relay may drop it (RFC 1542 section 2.1).
  package static let minimumSize = 300
  /// The longest message that is read: what an Ethernet frame holds.
  package static let maximumSize = 1500
  static let cookie: [UInt8] = [99, 130, 83, 99]

  /// Where the fixed fields stand (RFC 2131 figure 1).
  enum Offset {
    static let chaddr = 28
    static let sname = 44..<108
    static let file = 108..<236
    static let cookie = 236..<240
  }
}
