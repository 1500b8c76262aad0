package import Net

/// A whole zone as the messages that answer one AXFR question (RFC 5936): the SOA, all records, the SOA again. IXFR is
/// answered with the same (RFC 1995 section 4).
package enum ZoneTransfer {
  /// Bytes of a message, beyond which the next one begins.
  private static let messageSize = 16_000

  /// The zone that a message asks for, and the question itself; nil where the message is no such question.
  package static func zone(askedBy message: RawSpan, in zones: ZoneSet) -> (zone: Zone, request: Message)? {
    guard let request = try? Message(decoding: message), !request.flags.contains(.response),
      request.flags.opcode == .query, request.questions.count == 1, let question = request.questions.first,
      question.type == .axfr || question.type == .ixfr, question.recordClass == .internet,
      let zone = zones.zones.first(where: { $0.apex == question.name })
    else { return nil }
    return (zone, request)
  }

  /// The messages, in order. `client` decides which address of the appliance its names have.
  package static func messages(
    for request: Message, of zone: Zone, in zones: ZoneSet, client: IPv4Address
  ) -> [[UInt8]] {
    let soa = ResourceRecord(zone.apex, timeToLive: zone.timeToLive, .soa(zone.soa))
    var messages: [[UInt8]] = []
    var records: [ResourceRecord] = []
    var size = 0
    func close() {
      guard !records.isEmpty else { return }
      // The question stands in the first message (RFC 5936 section 2.2.1).
      let message = Message(
        id: request.id, flags: Flags([.response, .authoritative]),
        questions: messages.isEmpty ? request.questions : [], answers: records)
      messages.append(message.encode())
      records = []
      size = 0
    }
    func add(_ record: ResourceRecord) {
      let more = record.name.wire.count + record.data.estimatedSize + 10
      if size + more > messageSize { close() }
      records.append(record)
      size += more
    }
    add(soa)
    zones.forEachRecord(in: zone, client: client, add)
    add(soa)
    close()
    return messages
  }
}

extension ZoneSet {
  /// Hands over all records of a zone but its SOA: those of the configuration, then those of leases.
  fileprivate func forEachRecord(in zone: Zone, client: IPv4Address, _ body: (ResourceRecord) -> Void) {
    guard let number = zones.firstIndex(where: { $0.apex == zone.apex }) else { return }
    table.forEach { node in
      guard node.zone == number else { return }
      for set in node.records {
        if node.isAppliance, set.type == .a {
          body(ResourceRecord(node.name, timeToLive: set.timeToLive, .a(appliance.address(for: client))))
        } else {
          for data in set.data { body(ResourceRecord(node.name, timeToLive: set.timeToLive, data)) }
        }
      }
    }
    leases?.forEach { address, _ in
      guard let leases, let holder = leases.holder(of: address) else { return }
      if leases.zone == number { body(ResourceRecord(holder, timeToLive: leases.timeToLive, .a(address))) }
      let reverse = Name(reverse: address)
      let wire = reverse.wire
      if let found = find(wire.span.bytes), case .leased = found, found.zone == number {
        body(ResourceRecord(reverse, timeToLive: leases.timeToLive, .ptr(holder)))
      }
    }
  }
}
