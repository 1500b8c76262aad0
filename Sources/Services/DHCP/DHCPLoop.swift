import DHCP
import Journey
import Logging
import Net
import Store
import Transport

/// The loop of the DHCP service. Everything mutable is local to ``serve(_:)``.
struct DHCPLoop: Sendable {
  /// Messages that are decided, and committed, together.
  static let batchSize = 256
  /// So many leases shall share a commit where they come in a crowd, for which the first of them waits so long at most,
  /// in microseconds. Larger commits would cost hardly less, and answer in bursts that a relay may not take.
  private static let crowd = 20
  private static let longestWait: Int64 = 4_000

  let server: Server
  let zones: ZonePublisher
  let journey: JourneyRecorder
  let counters: Counters
  let heartbeat: Heartbeat
  let inbox: Inbox<DHCPService.Command>
  let logger: Logger
  let commitTrouble = Trouble()
  let others: Current<OtherServers>
  let leftAlone: LeftAlone

  /// The next addresses are asked ahead after batches of fewer messages than this, or else once a second.
  private static let calm = 16

  /// A message, and the port that it came in by.
  struct Inbound {
    let message: Message
    let arrival: Arrival
    let port: Int
  }

  /// Somebody says that it has an address; `hardware` is known on the link only.
  struct Claim {
    let address: IPv4Address
    let hardware: MACAddress?
  }

  func serve(_ table: consuming LeaseTable) {
    var server = server
    var table = table
    var room = WaitingRoom()
    var ports: [DHCPPort] = []
    var poller = poller(ports, room)
    var pace = Pace(crowd: Self.crowd, longest: Self.longestWait)
    var askedAhead = Timestamp.distantPast
    while true {
      let deadline = table.probes.nextDeadline.map { max(0, $0.milliseconds(since: SteadyClock.now())) } ?? 1000
      guard var ready = try? poller.wait(milliseconds: Int(min(deadline, 1000))) else {
        logger.critical("the DHCP loop cannot wait for packets and ends")
        return
      }
      heartbeat.beat()
      TurnWatch.begin("dhcp")
      defer { TurnWatch.end() }
      if ready.contains(0) {
        var isStopped = false
        for command in inbox.takeAll() {
          switch command {
          case .stop: isStopped = true
          case .serve(let interfaces, let next, let complete):
            complete(open(interfaces, in: &ports))
            poller = self.poller(ports, room)
            // What was ready was so at other places; who waits came in by other ports, and will ask again.
            ready = Poller.Ready()
            room.empty()
            if let next { configure(next, &server, &table) }
            askedAhead = .distantPast
          case .configure(let next):
            configure(next, &server, &table)
            askedAhead = .distantPast
          case .keep(let name, let hardware): server.keep(name, for: hardware)
          case .release(let address, let complete):
            complete(release(address, server: server, table: &table))
          }
        }
        if isStopped { return }
      }
      pace.wait()
      var claims = ready.contains(1 + 2 * ports.count) ? room.echoes() : []
      var batch = ports.indices.flatMap { position in
        receive(
          ports[position], at: position, frames: ready.contains(1 + 2 * position),
          datagrams: ready.contains(2 + 2 * position), claims: &claims)
      }
      let now = SteadyClock.now()
      batch += table.probes.settle(at: now).compactMap { room.take($0) }
      TurnWatch.note("\(batch.count) messages and \(claims.count) claims")
      if !batch.isEmpty || !claims.isEmpty {
        answer(batch, claims, through: ports, server: server, table: &table, room: &room, pace: &pace)
      }
      if batch.count < Self.calm || now.seconds(since: askedAhead) >= 1 {
        askedAhead = now
        server.askAhead(table: &table, now: now)
      }
      ask(&table, &room, through: ports)
    }
  }

  /// Sends the questions whether anybody has an address that is to be offered.
  private func ask(_ table: inout LeaseTable, _ room: inout WaitingRoom, through ports: [DHCPPort]) {
    let unsent = room.ask(table.probes.takeQuestions(), through: ports)
    if unsent > 0 { counters.increment("dhcp.questionUnsent", by: unsent) }
  }

  private func configure(_ next: ServerConfiguration, _ server: inout Server, _ table: inout LeaseTable) {
    server = Server(next)
    if next.audience == .everyone { leftAlone.forget() }
    next.take(over: &table, now: SteadyClock.now())
  }

  /// Opens what is not open, and closes what is not named. Returns why some could not be opened.
  private func open(_ interfaces: [NetworkInterface], in ports: inout [DHCPPort]) -> [any Error] {
    var errors: [any Error] = []
    let old = ports
    ports = interfaces.compactMap { interface in
      if let port = old.first(where: { $0.interface.isServed(as: interface) }) { return port }
      do {
        return try DHCPPort(interface)
      } catch {
        errors.append(error)
        return nil
      }
    }
    return errors
  }

  private func poller(_ ports: [DHCPPort], _ room: borrowing WaitingRoom) -> Poller {
    Poller(
      [inbox.fileDescriptor] + ports.flatMap { [$0.link.fileDescriptor, $0.socket.fileDescriptor] }
        + [room.fileDescriptor].compactMap { $0 })
  }

  // MARK: - Receive and decode

  private func receive(
    _ port: DHCPPort, at position: Int, frames: Bool, datagrams: Bool, claims: inout [Claim]
  ) -> [Inbound] {
    var batch: [Inbound] = []
    if frames {
      do throws(LinkError) {
        _ = try port.link.receive(maximum: Self.batchSize) { bytes in
          do throws(FrameError) {
            if let answer = ARPFrame(decoding: bytes) {
              return claims.append(Claim(address: answer.sender, hardware: answer.senderHardware))
            }
            let frame = try UDPFrame(decoding: bytes)
            guard frame.destinationPort == 67 else { return noteServer(in: frame) }
            decode(frame.payload, from: frame.source, to: frame.destination, port, position, into: &batch)
          } catch {
            counters.increment(error.counter)
          }
        }
      } catch {
        // An interface that goes down or away is told by who looks after the interfaces.
        counters.increment(error.counterName)
        logger.debug(
          "an interface cannot be read", metadata: [.interface: "\(port.interface.name)", .reason: "\(error)"])
      }
    }
    if datagrams {
      let tooLong = port.tooLong
      defer {
        if port.tooLong > tooLong { counters.increment("dhcp.undecodable.tooLong", by: port.tooLong - tooLong) }
      }
      do throws(SocketError) {
        try port.receiveDatagrams(maximum: Self.batchSize) { payload, source, destination in
          decode(payload, from: source, to: destination, port, position, into: &batch)
        }
      } catch {
        counters.increment(error.counterName)
      }
    }
    return batch
  }

  /// Another server speaks to a client: told in the log, in the status and, where that is a router, on its journey.
  private func noteServer(in frame: UDPFrame) {
    guard let message = try? Message(decoding: frame.payload), let server = message.server(from: frame.source) else {
      return
    }
    noteServer(server, at: frame.sourceHardware, answering: message.hardware)
    if let taken = ElsewhereLease(message, of: server) {
      journey.leasedElsewhere(taken.hardware, taken.address, from: server, at: SteadyClock.now())
    }
  }

  func noteServer(_ server: IPv4Address, at hardware: MACAddress?, answering client: MACAddress?) {
    let now = SteadyClock.now()
    var servers = others.value
    let isNews = servers.note(server, hardware: hardware, at: now)
    others.value = servers
    counters.increment("dhcp.otherServer")
    if isNews {
      logger.warning(
        "another DHCP server is on the network",
        metadata: [.address: "\(server)", .hardware: hardware.map { "\($0)" } ?? "unknown"])
    }
    guard let client else { return }
    let seen = servers.present(at: now).first { $0.address == server }?.hardware
    journey.sighting(
      ofKnown: client, .answeredByOther(server: server, hardware: seen.map { "\($0)" }), at: now)
  }

  private func decode(
    _ payload: [UInt8], from source: IPv4Address, to destination: IPv4Address, _ port: DHCPPort, _ position: Int,
    into batch: inout [Inbound]
  ) {
    do throws(MessageError) {
      let message = try Message(decoding: payload)
      let arrival = Arrival(interfaceAddresses: port.addresses, source: source, destination: destination)
      batch.append(Inbound(message: message, arrival: arrival, port: position))
    } catch {
      counters.increment(error.counter)
      logger.debug("a malformed message", metadata: [.peer: "\(source)", .reason: "\(error)"])
    }
  }

  // MARK: - Decide, commit, send

  private func answer(
    _ messages: [Inbound], _ claims: [Claim], through ports: [DHCPPort], server: Server, table: inout LeaseTable,
    room: inout WaitingRoom, pace: inout Pace
  ) {
    let now = SteadyClock.now()
    var batch = messages
    var decisions: [(inbound: Inbound, decision: Decision)] = []
    var found: [Decision] = []
    var changes: [Change] = []
    decisions.reserveCapacity(batch.count)
    changes.reserveCapacity(4 * batch.count)
    table.begin()
    for claim in claims {
      guard let decision = judge(claim, server: server, table: &table, room: &room, now: now) else { continue }
      changes += decision.changes.map { .lease($0) }
      found.append(decision)
    }
    for claim in claims where !table.probes.isAsked(claim.address) {
      if let inbound = room.take(claim.address) { batch.append(inbound) }
    }
    for inbound in batch {
      let decision = server.decide(inbound.message, from: inbound.arrival, table: &table, now: now)
      changes += decision.changes.map { .lease($0) }
      changes += note(decision, of: inbound, by: server, at: now)
      if case .ignored? = decision.outcomes.first,
        let taken = ElsewhereLease(inbound.message, from: inbound.arrival, decision.outcomes.first),
        table.lease(at: taken.address)?.isActive(at: now) != true
      {
        journey.leasedElsewhere(taken.hardware, taken.address, from: taken.server, at: now)
      }
      decisions.append((inbound, decision))
      if case .awaiting(let address)? = decision.outcomes.first { room.wait(inbound, for: address) }
    }
    guard commit(changes, pace: &pace) else {
      table.rollback()
      counters.increment("dhcp.unanswered.commitFailed", by: decisions.count)
      return
    }
    table.commit()
    for (inbound, decision) in decisions {
      counters.increment(decision.outcomes.lazy.map(\.counter))
      if let reply = decision.reply { send(reply, through: ports[inbound.port]) }
    }
    for port in ports { flush(port) }
    counters.increment(found.lazy.flatMap(\.outcomes).map(\.counter))
    let leases = found.flatMap(\.changes) + decisions.flatMap(\.decision.changes)
    if !leases.isEmpty { zones.apply(leases, now: now) }
  }

  /// Whether the changes are durable.
  private func commit(_ changes: [Change], pace: inout Pace) -> Bool {
    guard !changes.isEmpty else { return true }
    pace.begin(items: changes.count(where: \.isLease))
    TurnWatch.pause()
    defer { TurnWatch.resume() }
    do throws(StoreError) {
      try journey.commitAndWait(changes)
    } catch {
      counters.increment(error.counter)
      if commitTrouble.begins() {
        logger.error("leases cannot be committed; nobody is answered until they can", metadata: [.reason: "\(error)"])
      }
      return false
    }
    if commitTrouble.ends() { logger.notice("leases are committed again") }
    return true
  }

  /// What follows from somebody's word that it has an address; nil where nothing does.
  private func judge(
    _ claim: Claim, server: Server, table: inout LeaseTable, room: inout WaitingRoom, now: Timestamp
  ) -> Decision? {
    let hardware: Logger.MetadataValue = claim.hardware.map { "\($0)" } ?? "unknown"
    switch table.probes.answered(claim.address, by: claim.hardware) {
    case .unasked: return nil
    case .fromProxy(let isNews):
      if isNews {
        logger.warning(
          "a machine says of every address that it has it, and is not heeded", metadata: [.hardware: hardware])
      }
      counters.increment("dhcp.proxyAnswers")
      table.probes.isSilent(claim.address, at: now)
      return nil
    case .inUse:
      let client = room.client(waitingFor: claim.address)
      guard
        let decision = server.conflict(
          at: claim.address, by: claim.hardware, waiting: client, table: &table, now: now)
      else { return nil }
      logger.warning(
        "an address of a pool is in use by somebody who has no lease of it, and is kept back",
        metadata: [.address: "\(claim.address)", .hardware: hardware])
      return decision
    }
  }

  /// What the operator asked for; whether anyone held the address.
  private func release(_ address: IPv4Address, server: Server, table: inout LeaseTable) -> Result<Bool, StoreError> {
    let now = SteadyClock.now()
    table.begin()
    guard let decision = server.release(address, table: &table, now: now) else {
      table.commit()
      return .success(false)
    }
    do throws(StoreError) {
      try journey.commitAndWait(decision.changes.map { .lease($0) })
    } catch {
      table.rollback()
      counters.increment(error.counter)
      return .failure(error)
    }
    table.commit()
    counters.increment(decision.outcomes.lazy.map(\.counter))
    journey.sighting(at: address, .addressWithdrawn(address: address))
    zones.apply(decision.changes, now: now)
    logger.info("lease released by the operator", metadata: [.address: "\(address)"])
    return .success(true)
  }

  private func send(_ reply: Reply, through port: DHCPPort) {
    let encoded = reply.encode()
    if !encoded.dropped.isEmpty { counters.increment("dhcp.sent.optionsDropped") }
    do {
      try port.send(reply, encoded.bytes)
    } catch {
      noteUnsent(1, error)
    }
  }

  private func flush(_ port: DHCPPort) {
    if let sent = port.flush(), let error = sent.error { noteUnsent(sent.failed, error) }
  }

  private func noteUnsent(_ count: Int, _ error: any Error) {
    counters.increment("dhcp.sendFailed", by: count)
    logger.warning("a reply could not be sent", metadata: [.reason: "\(error)"])
  }
}

extension Change {
  fileprivate var isLease: Bool {
    if case .lease = self { true } else { false }
  }
}
