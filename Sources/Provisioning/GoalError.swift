package import CWMP

/// Why no goal can be made for a router: its profile or its row in the inventory is at fault.
package enum GoalError: Error, Hashable, Sendable {
  case unknownProfile(name: String, line: Int, nearest: String?)
  /// None of the profiles matches.
  case noProfile(of: DeviceID)
  case template(TemplateError, of: String, profile: String?)
  case invalidPath(String)
  case valueTooLong(path: String, limit: Int)
  case tooManyParameters(limit: Int)
}

extension GoalError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownProfile(let name, let line, let nearest):
      "line \(line) of the inventory names the profile \(name.quoted), which does not exist\(suggestion(nearest))"
    case .noProfile(let id):
      "no profile matches a router of OUI \(id.oui.quoted) and product class \(id.productClass.quoted)"
    case .template(let error, let of, let profile):
      "\(of)\(profile.map { " of profile \($0.quoted)" } ?? ""): \(error)"
    case .invalidPath(let path): "\(path.quoted) is no parameter path"
    case .valueTooLong(let path, let limit): "the value of \(path) has more than \(limit) characters"
    case .tooManyParameters(let limit): "a profile with more than \(limit) parameters"
    }
  }
}
