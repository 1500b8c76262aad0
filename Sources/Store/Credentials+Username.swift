package import CWMP

extension Credentials {
  /// The name by which the device logs in where it is its own.
  package var username: String? {
    switch self {
    case .bootstrap: nil
    case .proposed(let sealed), .confirmed(let sealed): sealed.username
    }
  }
}
