import Glibc
import Net

/// Why a socket could not be opened or used.
package enum SocketError: Error, Hashable, Sendable {
  case addressInUse(Endpoint)
  /// No interface has this address.
  case addressNotAvailable(Endpoint)
  /// A port below 1024 without CAP_NET_BIND_SERVICE, a broadcast without `SocketOptions.broadcast`, or a firewall.
  case notPermitted(Endpoint)
  case noSuchInterface(String)
  /// No route leads there, or the interface is down.
  case unreachable(Endpoint)
  /// The send queue is full; the datagram was not sent.
  case busy(Endpoint)
  case system(SystemError)

  init(_ operation: String, _ endpoint: Endpoint, code: Int32) {
    switch code {
    case EADDRINUSE: self = .addressInUse(endpoint)
    case EADDRNOTAVAIL: self = .addressNotAvailable(endpoint)
    case EACCES, EPERM: self = .notPermitted(endpoint)
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN: self = .unreachable(endpoint)
    case EAGAIN, ENOBUFS: self = .busy(endpoint)
    default: self = .system(SystemError("\(operation) \(endpoint)", code: code))
    }
  }

  package var counterName: String {
    switch self {
    case .addressInUse: "socket.addressInUse"
    case .addressNotAvailable: "socket.addressNotAvailable"
    case .notPermitted: "socket.notPermitted"
    case .noSuchInterface: "socket.noSuchInterface"
    case .unreachable: "socket.unreachable"
    case .busy: "socket.busy"
    case .system: "socket.system"
    }
  }
}

extension SocketError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .addressInUse(let endpoint):
      "\(endpoint) is taken by another program; `ss -lunpt 'sport = :\(endpoint.port)'` says which"
    case .addressNotAvailable(let endpoint): "no interface has the address \(endpoint.address)"
    case .notPermitted(let endpoint):
      "\(endpoint): not permitted; a port below 1024 needs root or CAP_NET_BIND_SERVICE, or a firewall forbids it"
    case .noSuchInterface(let name): "there is no interface \(name)"
    case .unreachable(let endpoint): "\(endpoint) cannot be reached"
    case .busy(let endpoint): "the send queue toward \(endpoint) is full"
    case .system(let error): "\(error)"
    }
  }
}
