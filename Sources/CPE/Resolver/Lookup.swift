package import DNS
package import Net

/// The search for the IPv4 address of a name: pure, told what comes and what time it is, it says what to ask whom. Each
/// server is asked in turn, all of them twice.
package struct Lookup: Sendable {
  package struct Query: Hashable, Sendable {
    package let server: IPv4Address
    package let bytes: [UInt8]
  }

  package enum Outcome: Hashable, Sendable {
    /// At least one.
    case addresses([IPv4Address])
    case failed(Failure)
  }

  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case noServers
    case badName(String, NameError)
    case noAnswer
    case noSuchName
    /// The name is there, without an address.
    case noAddress
    case refused(ResponseCode)

    package var description: String {
      switch self {
      case .noServers: "the lease names no DNS server"
      case .badName(let name, let error): "\(name.debugDescription) is no domain name: \(error)"
      case .noAnswer: "no DNS server answers"
      case .noSuchName: "there is no such name"
      case .noAddress: "the name has no IPv4 address"
      case .refused(let code): "the DNS server answers \(code)"
      }
    }
  }

  package private(set) var outcome: Outcome?
  package private(set) var deadline: Timestamp?

  private let question: Question
  private let servers: [IPv4Address]
  private let wait: Int64
  private var id: UInt16 = 0
  private var attempts = 0
  private var lastRefusal: ResponseCode?

  /// `wait` is in milliseconds, for each query. Throws `.noServers` and `.badName`.
  package init(_ text: String, servers: [IPv4Address], wait: Int64 = 2000) throws(Failure) {
    guard !servers.isEmpty else { throw .noServers }
    do throws(NameError) { question = Question(try Name(text), .a) } catch { throw .badName(text, error) }
    self.servers = servers
    self.wait = wait
  }

  /// The first query; `random` becomes its id.
  package mutating func start(now: Timestamp, random: UInt32) -> Query? {
    ask(now, random)
  }

  /// A datagram that came from port 53 of `source`. What does not answer the last query is passed over (RFC 5452 section
  /// 9). Gives the next query where this server cannot help.
  package mutating func receive(
    _ bytes: [UInt8], from source: IPv4Address, now: Timestamp, random: UInt32
  ) -> Query? {
    guard outcome == nil, attempts > 0, source == server,
      let message = try? DNS.Message(decoding: bytes.span.bytes), message.id == id,
      message.flags.contains(.response), message.questions == [question]
    else { return nil }
    switch message.responseCode {
    case .noError:
      let addresses = message.addresses(of: question.name)
      outcome = addresses.isEmpty ? .failed(.noAddress) : .addresses(addresses)
    case .nameError:
      outcome = .failed(.noSuchName)
    default:
      lastRefusal = message.responseCode
      return ask(now, random)
    }
    deadline = nil
    return nil
  }

  package mutating func tick(now: Timestamp, random: UInt32) -> Query? {
    guard outcome == nil, let deadline, now >= deadline else { return nil }
    return ask(now, random)
  }

  private var server: IPv4Address { servers[(attempts - 1) % servers.count] }

  private mutating func ask(_ now: Timestamp, _ random: UInt32) -> Query? {
    guard attempts < servers.count * 2 else {
      outcome = .failed(lastRefusal.map { .refused($0) } ?? .noAnswer)
      deadline = nil
      return nil
    }
    attempts += 1
    id = UInt16(truncatingIfNeeded: random)
    deadline = now.advanced(byMilliseconds: wait)
    return Query(server: server, bytes: DNS.Message.query(id: id, question, edns: nil).encode())
  }
}
