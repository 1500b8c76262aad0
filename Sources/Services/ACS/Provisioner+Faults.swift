import CWMP
import Provisioning

extension Provisioner {
  /// A response that is no success by its Status is a fault without a code.
  static func judged(_ answer: CWMP.Session.Answer) -> CWMP.Session.Answer {
    guard case .response(let response) = answer, let failure = response.failure else { return answer }
    return .fault(Fault(code: 0, text: failure))
  }
}

extension Fault {
  /// A fault that names no parameter, to a request for the router's own credentials, is about those: the profile has no
  /// part in it.
  func naming(_ request: ACSRequest, of step: Step) -> Fault {
    guard step == .secure, parameters.isEmpty, case .setParameterValues(let set) = request else { return self }
    var fault = self
    fault.parameters = set.parameters.map { ParameterFault(path: $0.path, code: code, text: text) }
    return fault
  }
}
