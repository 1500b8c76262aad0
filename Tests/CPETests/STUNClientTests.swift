import CPE
import CWMP
import Net
import Testing
import Transport

/// The STUN client over no network: what it sends is answered by the ACS's own responder.
struct STUNClientTests {
  private let start = Timestamp(secondsSince1970: 1_800_000_000)
  private let server = STUNAddress(IPv4Address(192, 0, 2, 1), port: 3478)
  private let local = STUNAddress(IPv4Address(10, 77, 0, 50), port: 7547)
  private let mapped = STUNAddress(IPv4Address(192, 0, 2, 2), port: 40_000)

  private func client(username: String = "msr", password: String = "word", period: Int64 = 25_000) -> STUNClient {
    STUNClient(
      .init(server: server, local: local, username: username, password: password, period: period), now: start,
      hmac: MessageAuthentication.hmacSHA1)
  }

  /// Bytes that are other ones each time.
  private final class Numbers {
    private var number: UInt8 = 0

    func bytes(_ count: Int) -> [UInt8] {
      number += 1
      return Array(repeating: number, count: count)
    }
  }

  private func sent(_ actions: [STUNClient.Action]) throws -> STUNMessage {
    for case .send(let datagram) in actions { return try STUNMessage(decoding: datagram.span.bytes) }
    throw NothingSent()
  }

  private struct NothingSent: Error {}

  /// What the server answers to a client that it sees at `place`.
  private func answer(
    to actions: [STUNClient.Action], from place: STUNAddress, challenges: STUNResponder.Challenges = .bindingChanges
  ) throws -> [UInt8] {
    let responder = STUNResponder(challenges: challenges, hmac: MessageAuthentication.hmacSHA1)
    for case .send(let datagram) in actions {
      switch responder.decide(datagram, from: place, at: server, password: { $0 == "msr" ? "word" : nil }) {
      case .respond(let reply, _), .refuse(_, let reply): return reply.datagram
      case .ignore(let refusal): throw refusal
      }
    }
    throw NothingSent()
  }

  @Test func `the binding is found, and told the server with a proof once it asks for one`() throws {
    var (client, numbers) = (client(), Numbers())
    var actions = client.tick(now: start, random: numbers.bytes)
    #expect(try sent(actions).attributes == [.connectionRequestBinding])

    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    #expect(actions.first == .learned(.init(place: mapped, isNATDetected: true)))
    #expect(try sent(actions).attributes == [.connectionRequestBinding, .bindingChange])

    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    let proof = try sent(actions)
    #expect(proof.has(.bindingChange) && proof.username == Array("msr".utf8) && proof.messageIntegrity != nil)

    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    #expect(actions.isEmpty)
    #expect(client.deadline == start.advanced(bySeconds: 25))
  }

  @Test func `the binding is kept by a request each period, and a change is told at once`() throws {
    var (client, numbers) = (try settled(), Numbers())
    let next = client.deadline
    #expect(client.tick(now: next.advanced(byMilliseconds: -1), random: numbers.bytes).isEmpty)
    var actions = client.tick(now: next, random: numbers.bytes)
    #expect(try !sent(actions).has(.bindingChange))
    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: next, random: numbers.bytes)
    #expect(actions.isEmpty && client.deadline == next.advanced(bySeconds: 25))

    let later = client.deadline
    let moved = STUNAddress(mapped.address, port: 40_001)
    actions = client.tick(now: later, random: numbers.bytes)
    actions = client.receive(try answer(to: actions, from: moved), from: server, now: later, random: numbers.bytes)
    #expect(actions.first == .learned(.init(place: moved, isNATDetected: true)))
    #expect(try sent(actions).has(.bindingChange))
  }

  @Test func `a NAT that changes with every datagram is told once a second`() throws {
    var (client, numbers) = (client(), Numbers())
    var (now, port) = (start, UInt16(40_000))
    var requests = 0
    while now < start.advanced(bySeconds: 10) {
      var actions = client.tick(now: now, random: numbers.bytes)
      while (try? sent(actions)) != nil {
        requests += 1
        port += 1
        let place = STUNAddress(mapped.address, port: port)
        actions = client.receive(
          try answer(to: actions, from: place, challenges: .never), from: server, now: now, random: numbers.bytes)
      }
      now = max(client.deadline, now.advanced(byMilliseconds: 1))
    }
    #expect((10...12).contains(requests))
  }

  @Test func `a router that is seen as it is has no NAT before it`() throws {
    var (client, numbers) = (client(), Numbers())
    let actions = client.tick(now: start, random: numbers.bytes)
    let learned = client.receive(
      try answer(to: actions, from: local), from: server, now: start, random: numbers.bytes)
    #expect(learned.first == .learned(.init(place: local, isNATDetected: false)))
  }

  @Test func `a request is repeated nine times in all, given up, and made again a period later`() throws {
    var (client, numbers) = (client(), Numbers())
    var moments: [Int64] = []
    while true {
      let now = client.deadline
      let actions = client.tick(now: now, random: numbers.bytes)
      guard case .send? = actions.first else {
        #expect(actions == [.report(.noAnswer(server: server))])
        #expect(now == start.advanced(byMilliseconds: 9500))
        #expect(client.deadline == now.advanced(bySeconds: 25))
        break
      }
      moments.append(now.milliseconds(since: start))
    }
    #expect(moments == [0, 100, 300, 700, 1500, 3100, 4700, 6300, 7900])
    let next = client.deadline
    #expect(try sent(client.tick(now: next, random: numbers.bytes)).attributes == [.connectionRequestBinding])
  }

  @Test func `a change that was not answered is told again`() throws {
    var (client, numbers) = (client(), Numbers())
    var actions = client.tick(now: start, random: numbers.bytes)
    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    repeat { actions = client.tick(now: client.deadline, random: numbers.bytes) } while (try? sent(actions)) != nil
    #expect(try sent(client.tick(now: client.deadline, random: numbers.bytes)).has(.bindingChange))
  }

  @Test func `without a user name a challenge is a refusal, and the binding is kept all the same`() throws {
    var (client, numbers) = (client(username: ""), Numbers())
    var actions = client.tick(now: start, random: numbers.bytes)
    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    #expect(actions == [.report(.refused(code: 401, reason: "Unauthorized"))])
    #expect(
      try sent(client.tick(now: client.deadline, random: numbers.bytes)).attributes == [.connectionRequestBinding])
  }

  @Test func `another password is refused, without a loop of challenges`() throws {
    var (client, numbers) = (client(password: "other"), Numbers())
    var actions = client.tick(now: start, random: numbers.bytes)
    for _ in 0..<3 {
      actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    }
    #expect(actions == [.report(.refused(code: 431, reason: "Integrity Check Failure "))])
    #expect(client.deadline == start.advanced(bySeconds: 25))
  }

  @Test func `what another one sends, or answers to another request, or cannot prove, has no effect`() throws {
    var (client, numbers) = (client(), Numbers())
    var actions = client.tick(now: start, random: numbers.bytes)
    let good = try answer(to: actions, from: mapped)
    var other = good
    other[10] ^= 0xFF
    let hostile: [([UInt8], STUNAddress)] = [
      (good, STUNAddress(server.address, port: 3479)), (other, server), ([], server), ([1, 1], server),
      (Array(good.dropLast()), server),
    ]
    for (datagram, source) in hostile {
      #expect(client.receive(datagram, from: source, now: start, random: numbers.bytes).isEmpty)
    }
    actions = client.receive(good, from: server, now: start, random: numbers.bytes)
    actions = client.receive(try answer(to: actions, from: mapped), from: server, now: start, random: numbers.bytes)
    // From here on the server is to prove itself, too.
    let proof = try sent(actions)
    let forged = STUNMessage(
      .bindingResponse, transaction: proof.transaction,
      attributes: [.mappedAddress(STUNAddress(IPv4Address(203, 0, 113, 9), port: 9))]
    ).encoded()
    #expect(client.receive(forged, from: server, now: start, random: numbers.bytes).isEmpty)
    #expect(client.binding?.place == mapped)
  }

  /// A client whose binding is known and told.
  private func settled() throws -> STUNClient {
    var (client, numbers) = (client(), Numbers())
    var actions = client.tick(now: start, random: numbers.bytes)
    while (try? sent(actions)) != nil {
      actions = client.receive(
        try answer(to: actions, from: mapped, challenges: .never), from: server, now: start, random: numbers.bytes)
    }
    return client
  }
}
