/// Why frames cannot be received or sent on an interface.
package enum LinkError: Error, Hashable, Sendable {
  case noSuchInterface(String)
  case notPermitted(String)
  case notUp(String)
  /// It was up, and is no more.
  case wentDown(String)
  /// `type` is a DLT_ value of libpcap.
  case notEthernet(String, type: Int32)
  case badFilter(String, reason: String)
  /// Longer than the interface's MTU allows.
  case frameTooLong(String, bytes: Int)
  /// The send queue is full; the frame was not sent.
  case busy(String)
  case failed(String, reason: String)

  package var counterName: String {
    switch self {
    case .noSuchInterface: "link.noSuchInterface"
    case .notPermitted: "link.notPermitted"
    case .notUp: "link.notUp"
    case .wentDown: "link.wentDown"
    case .notEthernet: "link.notEthernet"
    case .badFilter: "link.badFilter"
    case .frameTooLong: "link.frameTooLong"
    case .busy: "link.busy"
    case .failed: "link.failed"
    }
  }
}

extension LinkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noSuchInterface(let name): "there is no interface \(name); `ip link` lists those there are"
    case .notPermitted(let name):
      "raw frames on \(name) are not permitted; run as root or with CAP_NET_RAW (AmbientCapabilities=CAP_NET_RAW in a unit)"
    case .notUp(let name): "\(name) is down; `ip link set \(name) up`"
    case .wentDown(let name): "\(name) went down"
    case .notEthernet(let name, let type): "\(name) is not an Ethernet interface (link type \(type))"
    case .badFilter(let filter, let reason): "the capture filter '\(filter)' is wrong: \(reason)"
    case .frameTooLong(let name, let bytes): "a frame of \(bytes) bytes is too long for \(name)"
    case .busy(let name): "the send queue of \(name) is full"
    case .failed(let name, let reason): "\(name): \(reason)"
    }
  }
}
