import Net
import TFTP
import Transport

/// What comes to the port for requests. Each is answered, but for those that ``Admission`` passes over.
extension TransferLoop {
  /// Begins what is asked for, or says why not.
  func accept(
    from listener: Listener, with batch: inout DatagramBatch, into table: inout TransferTable,
    _ nextToken: inout UInt64, _ poller: borrowing EventPoller, _ budget: inout SightingBudget, now: Timestamp
  ) {
    for arrival in arrivals(at: listener, with: &batch) {
      let peer = TransferTable.Peer(client: arrival.source, server: listener.address)
      guard case .success(.readRequest(let request)) = arrival.packet else {
        refuse(arrival, from: peer, at: listener, &budget, now: now)
        continue
      }
      switch table.standing(of: request, from: peer, now: now) {
      case .new: break
      case .repeated:
        counters.increment("tftp.repeated")
        continue
      case .supersedes(let token):
        if let old = table.remove(token) { note(.failed(.superseded), of: old) }
      case .refused(let refusal):
        refuse(refusal, request.fileName, peer, at: listener, &budget, now: now)
        continue
      }
      do throws(Admission.Refusal) {
        let started = try start(request, with: peer, at: listener, poller, token: nextToken, now: now)
        table.insert(started, token: nextToken)
        counters.increment("tftp.accepted")
        if started.isBootFile {
          journey.sighting(at: peer.client.address, .bootFileRequested(name: started.name, scheme: "tftp"))
        }
        started.send(started.transfer.start(now: now))
        if started.transfer.outcome != nil { end(nextToken, in: &table) }
        nextToken += 1
      } catch {
        refuse(error, request.fileName, peer, at: listener, &budget, now: now)
      }
    }
  }

  /// A transfer with a socket of its own, which has sent nothing yet.
  private func start(
    _ request: Request, with peer: TransferTable.Peer, at listener: Listener, _ poller: borrowing EventPoller,
    token: UInt64, now: Timestamp
  ) throws(Admission.Refusal) -> RunningTransfer {
    var isBootFile = false
    let admission = Admission(.readRequest(request)) { name throws(Admission.Refusal) in
      let found = try files.find(name, for: peer.client.address)
      isBootFile = found?.isBootFile ?? false
      return found?.content
    }
    switch admission {
    case .refused(let refusal, _): throw refusal
    case .ignored: throw .noTransfer
    case .accepted(let transfer, let name):
      do {
        let socket = try DatagramSocket(listener.address, port: 0)
        try poller.add(socket.fileDescriptor, token: token)
        return RunningTransfer(
          transfer, of: request, name: name.path, isBootFile: isBootFile, with: peer, socket: socket, now: now)
      } catch {
        throw .exhausted(reason: "\(error)")
      }
    }
  }

  /// Answers what is no read request.
  private func refuse(
    _ arrival: Arrival, from peer: TransferTable.Peer, at listener: Listener, _ budget: inout SightingBudget,
    now: Timestamp
  ) {
    let admission: Admission?
    switch arrival.packet {
    case .success(let packet): admission = Admission(packet) { _ in nil }
    case .failure(let error): admission = Admission(unreadable: error)
    }
    switch admission {
    case .refused(let refusal, _)?: refuse(refusal, arrival.fileName, peer, at: listener, &budget, now: now)
    case .accepted?, .ignored?: counters.increment("tftp.ignored")
    case nil:
      if case .failure(let error) = arrival.packet { counters.increment(error.counter) }
    }
  }

  /// What cannot be had here is not answered where it was broadcast, since another server may have it: Comware takes
  /// the first answer. (RFC 1123 section 4.2.3.5 would have no broadcast answered at all; those that are heard here
  /// passed no router.) A server that has too much to do keeps silent too: the client asks again, and there may be room.
  private func refuse(
    _ refusal: Admission.Refusal, _ name: String, _ peer: TransferTable.Peer, at listener: Listener,
    _ budget: inout SightingBudget, now: Timestamp
  ) {
    counters.increment(refusal.counter)
    guard !listener.hearsBroadcasts else { return }
    switch refusal {
    case .tooMany, .exhausted: break
    case .readOnly, .malformed, .noTransfer, .mode, .fileName, .noSuchFile, .unreadable, .tooManyOfClient:
      try? listener.socket.send(refusal.packet.encode(), to: peer.client)
    }
    // A last acknowledgment that comes late is nothing to tell.
    if case .noTransfer = refusal { return }
    guard budget.take(for: peer.client.address, at: now) else { return }
    journey.sighting(at: peer.client.address, .bootFileFailed(name: name, reason: "\(refusal)"))
  }

  /// What came to the port for requests.
  private struct Arrival {
    let packet: Result<Packet, PacketError>
    /// What it asks for, as far as that shows; empty for what is no request.
    let fileName: String
    let source: Endpoint
  }

  private func arrivals(at listener: Listener, with batch: inout DatagramBatch) -> [Arrival] {
    guard let count = try? listener.socket.receive(into: &batch), count > 0 else { return [] }
    var arrivals: [Arrival] = []
    batch.forEach { datagram in
      let packet: Result<Packet, PacketError>
      var name = ""
      do throws(PacketError) {
        let decoded = try Packet(decoding: datagram.bytes)
        switch decoded {
        case .readRequest(let request), .writeRequest(let request): name = request.fileName
        case .data, .acknowledgment, .error, .optionAcknowledgment: break
        }
        packet = .success(decoded)
      } catch {
        name = Request.fileName(ofUnreadable: datagram.bytes) ?? ""
        packet = .failure(error)
      }
      arrivals.append(Arrival(packet: packet, fileName: name, source: datagram.source))
    }
    return arrivals
  }
}
