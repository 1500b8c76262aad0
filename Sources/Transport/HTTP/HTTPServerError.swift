import Glibc
import NIOCore

/// Why a server cannot listen.
package enum HTTPServerError: Error, Hashable, Sendable {
  case addressInUse(HTTPServer.Address)
  case notPermitted(HTTPServer.Address)
  case addressNotOurs(HTTPServer.Address)
  case failed(HTTPServer.Address, reason: String)

  init(_ error: any Error, address: HTTPServer.Address) {
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE: self = .addressInUse(address)
    case EACCES, EPERM: self = .notPermitted(address)
    case EADDRNOTAVAIL: self = .addressNotOurs(address)
    case let code?: self = .failed(address, reason: String(cString: strerror(code)))
    case nil: self = .failed(address, reason: "\(error)")
    }
  }

  package var counterName: String {
    switch self {
    case .addressInUse: "httpServer.addressInUse"
    case .notPermitted: "httpServer.notPermitted"
    case .addressNotOurs: "httpServer.addressNotOurs"
    case .failed: "httpServer.failed"
    }
  }
}

extension HTTPServerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .addressInUse(let address): "\(address) is taken by another program"
    case .notPermitted(let address): "listening on \(address) is not permitted to this user"
    case .addressNotOurs(let address): "\(address) cannot be listened on: no interface has that address"
    case .failed(let address, let reason): "\(address) cannot be listened on: \(reason)"
    }
  }
}
