package import Net

/// Why a connection request (TR-069 section 3.2.2) led to no session.
package enum ConnectionRequestProblem: Error, Hashable, Sendable {
  // Before anything is sent
  /// The router has not informed yet.
  case unknownDevice
  case noURL
  case unusableURL(ConnectionRequestURLError)
  /// The URL's host is not the router's own address, and not in a network that the configuration allows.
  case foreignHost(String, own: IPv4Address?)
  /// The same, where it could be asked over UDP but for what is missing.
  case behindNAT(String, own: IPv4Address?, Missing)
  case alreadyUnderWay
  case tooManyWaiting(limit: Int)
  /// The system gives nothing to send with.
  case notSent(reason: String)

  // On the way
  case unreachable(reason: String)
  case refused
  case connectTimeout(seconds: Int)
  case answerTimeout(seconds: Int)
  case dropped(reason: String)

  // What it answered
  /// It asks for credentials, and has been given none of its own.
  case noCredentials
  /// A 401 that asks for no digest; the word or words that it asks for.
  case noDigest(asked: String)
  case digestRefused(username: String)
  case busy
  case status(Int)

  // After that
  case noInform(seconds: Int)
  /// Sent to the UDP address, with nothing to follow. `silence` is how many seconds ago the STUN server heard from there
  /// last, nil where it has not within ten minutes; `period` is how often it should.
  case noInformAfterUDP(seconds: Int, silence: Int64?, period: Int)

  /// What keeps a router behind a NAT from being asked over UDP.
  package enum Missing: Hashable, Sendable {
    /// It refused the STUN parameters with this fault (TR-069 table "CPE fault codes").
    case stunParameters(code: Int)
    /// It has not told where it is seen.
    case udpAddress
    /// What it told is neither its own address nor in a network that the configuration allows.
    case foreignUDPAddress(String)
  }
}

extension ConnectionRequestProblem {
  /// Seconds by which a request that keeps a binding may be late.
  private static let keepAliveSlack: Int64 = 5

  /// The step that failed: those before it went well.
  package var stage: ConnectionRequestStage {
    switch self {
    case .unknownDevice, .noURL, .unusableURL, .foreignHost, .behindNAT, .alreadyUnderWay, .tooManyWaiting, .notSent:
      .address
    case .unreachable, .refused, .connectTimeout: .connection
    case .answerTimeout, .dropped, .noDigest, .status: .answer
    case .noCredentials, .digestRefused: .login
    case .busy: .acceptance
    case .noInform, .noInformAfterUDP: .inform
    }
  }

  /// The stable name under which it is counted.
  package var counter: String {
    let reason =
      switch self {
      case .unknownDevice: "unknownDevice"
      case .noURL: "noUrl"
      case .unusableURL: "unusableUrl"
      case .foreignHost: "foreignHost"
      case .behindNAT: "behindNat"
      case .alreadyUnderWay: "alreadyUnderWay"
      case .tooManyWaiting: "tooManyWaiting"
      case .notSent: "notSent"
      case .unreachable: "unreachable"
      case .refused: "refused"
      case .connectTimeout: "connectTimeout"
      case .answerTimeout: "answerTimeout"
      case .dropped: "dropped"
      case .noCredentials: "noCredentials"
      case .noDigest: "noDigest"
      case .digestRefused: "digestRefused"
      case .busy: "busy"
      case .status: "status"
      case .noInform: "noInform"
      case .noInformAfterUDP: "noInformAfterUdp"
      }
    return "acs.connectionRequests.failed.\(reason)"
  }
}

extension ConnectionRequestProblem: CustomStringConvertible {
  /// What happened, without the full stop.
  package var description: String {
    switch self {
    case .unknownDevice: "the router has not informed yet"
    case .noURL: "the router has told no ConnectionRequestURL"
    case .unusableURL(let error): "its ConnectionRequestURL cannot be used: \(error)"
    case .foreignHost(let host, let own):
      "its ConnectionRequestURL leads to \(host), and the router is at \(own.map { "\($0)" } ?? "no known address")"
    case .behindNAT(let host, let own, let missing):
      "it seems to be behind a NAT, as its ConnectionRequestURL leads to \(host), and it is seen at "
        + "\(own.map { "\($0)" } ?? "no known address"); \(missing)"
    case .alreadyUnderWay: "a connection request to it is under way"
    case .tooManyWaiting(let limit): "\(limit) connection requests are waiting, which is the limit"
    case .notSent(let reason): "nothing could be sent: \(reason)"
    case .unreachable(let reason): "there is no way to it: \(reason)"
    case .refused: "it refused the connection: nothing listens at that port"
    case .connectTimeout(let seconds): "no connection within \(seconds) s"
    case .answerTimeout(let seconds): "it took the connection and did not answer within \(seconds) s"
    case .dropped(let reason): "it dropped the connection without an answer, twice: \(reason)"
    case .noCredentials: "it asks for a login, and has no credentials of its own yet"
    case .noDigest(let asked): "it asks for a login by \(asked), and not by digest"
    case .digestRefused(let username): "it does not accept the credentials that \(username) was given"
    case .busy: "it is busy (503): in a session already, or asked too often"
    case .status(let code): "it answered with status \(code)"
    case .noInform(let seconds): "it accepted, and did not inform within \(seconds) s"
    case .noInformAfterUDP(let seconds, let silence, let period):
      "it did not inform within \(seconds) s of the datagrams, which nobody acknowledges; the STUN server "
        + (silence.map { "heard from there \($0) s ago, and should every \(period) s" } ?? "has not heard from there")
    }
  }

  /// The next thing to try, without the full stop.
  package var advice: String {
    switch self {
    case .unknownDevice: "wait for its first Inform; `usher journey` shows how far it has come"
    case .noURL:
      "let its ManagementServer.ConnectionRequestURL be read, or wait for its periodic Inform: every Inform should carry it"
    case .unusableURL: "look at ManagementServer.ConnectionRequestURL at the router"
    case .foreignHost:
      "if that address is right, put its network under `acs.connection-requests-to`; behind a NAT, turn on `acs.stun`"
    case .behindNAT(_, _, .stunParameters):
      "turn its STUN client on at the router (ManagementServer.STUNEnable); it informs at its next interval"
    case .behindNAT(_, _, .udpAddress):
      "wait for its next session, in which it is given the STUN parameters, and for its first binding; if it is behind "
        + "no NAT and that address is right, put its network under `acs.connection-requests-to`"
    case .behindNAT(_, _, .foreignUDPAddress):
      "if that address is right, put its network under `acs.connection-requests-to`"
    case .alreadyUnderWay: "wait for its outcome"
    case .tooManyWaiting: "try again in a minute"
    case .notSent: "look at the daemon's log"
    case .unreachable: "look for its link and its lease (`usher leases`), and at the routes of this machine"
    case .refused: "see whether its TR-069 client is on (ManagementServer.EnableCWMP), and whether its port has changed"
    case .connectTimeout:
      "see whether it has power, and whether a filter lies between: it may only be reached from within"
    case .answerTimeout: "see whether the router is overloaded, and try again"
    case .dropped: "see whether it takes connection requests of this ACS's address alone, and of which"
    case .noCredentials: "it is given them in its next session; admit it if it is quarantined"
    case .noDigest: "set its login to digest; no password is sent in the clear"
    case .digestRefused:
      "somebody changed ConnectionRequestUsername or ConnectionRequestPassword at the router: a factory reset, or its next "
        + "session with new credentials, mends it"
    case .busy: "try again in a minute"
    case .status(404): "its ConnectionRequestURL has changed: wait for its next Inform"
    case .status: "see what the router logs about the request"
    case .noInform:
      "see whether it reaches the ACS: `usher journey` shows its lookups and connections since"
    case .noInformAfterUDP(_, let silence?, let period) where silence <= Int64(period) + Self.keepAliveSlack:
      "its binding is alive: see whether it reaches the ACS (`usher journey`), and whether something on the way drops "
        + "the datagrams, as a NAT does that forgets sooner than `acs.stun.keep-alive`"
    case .noInformAfterUDP:
      "it no longer keeps its binding, and its NAT has forgotten it: see whether it has power, and whether UDP to the "
        + "port of `acs.stun` passes; it informs at its next interval"
    }
  }
}

extension ConnectionRequestProblem.Missing: CustomStringConvertible {
  package var description: String {
    switch self {
    case .stunParameters(let code): "it refused the STUN parameters with fault \(code)"
    case .udpAddress: "it has told no UDPConnectionRequestAddress"
    case .foreignUDPAddress(let text):
      "its UDPConnectionRequestAddress \(String(text.prefix(64)).debugDescription) is another one's"
    }
  }
}
