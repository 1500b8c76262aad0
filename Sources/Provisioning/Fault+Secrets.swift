package import CWMP

extension Fault {
  /// With `***` in place of each secret that the request was to set: some routers repeat what they refuse.
  package func withoutSecrets(of request: ACSRequest) -> Fault {
    guard case .setParameterValues(let set) = request else { return self }
    let secrets = set.parameters.secrets
    guard !secrets.isEmpty else { return self }
    var fault = self
    fault.text = text.blanking(secrets)
    fault.parameters = parameters.map { parameter in
      var parameter = parameter
      parameter.text = parameter.text.blanking(secrets)
      return parameter
    }
    return fault
  }
}

extension [ParameterValue] {
  /// The values that are not to be shown, the longest first, as one may stand in another.
  var secrets: [String] {
    filter { $0.isConfidential && !$0.value.isEmpty }.map(\.value).sorted { $0.count > $1.count }
  }
}

extension String {
  func blanking(_ secrets: [String]) -> String {
    secrets.reduce(self) { $0.replacing($1, with: "***") }
  }
}
