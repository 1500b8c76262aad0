/// How a router writes what XML Schema lets be written in more than one way (part 2, sections 3.2.2 and 3.2.7). Nil
/// where it has not been seen; what was seen first holds.
package struct Habits: Hashable, Sendable, Codable {
  package enum Booleans: String, CaseIterable, Hashable, Sendable, Codable {
    /// `1` and `0`.
    case digits
    /// `true` and `false`.
    case words
  }

  package var booleans: Booleans?
  /// Whether its times have a fraction of a second.
  package var milliseconds: Bool?

  package init(booleans: Booleans? = nil, milliseconds: Bool? = nil) {
    self.booleans = booleans
    self.milliseconds = milliseconds
  }

  /// With those of `other` where it has none itself.
  package func filled(from other: Habits) -> Habits {
    Habits(booleans: booleans ?? other.booleans, milliseconds: milliseconds ?? other.milliseconds)
  }

  /// Learns from what the router reported.
  package mutating func learn(from parameters: [ParameterValue]) {
    guard booleans == nil || milliseconds == nil else { return }
    for parameter in parameters {
      switch parameter.type {
      case .boolean: booleans = booleans ?? Self.booleans(in: parameter.value)
      case .dateTime: milliseconds = milliseconds ?? Self.milliseconds(in: parameter.value)
      case .string, .int, .unsignedInt, .long, .unsignedLong, .base64, .hexBinary: break
      }
    }
  }

  /// The value in the router's own way of writing it.
  package func spelled(_ parameter: ParameterValue) -> ParameterValue {
    var parameter = parameter
    switch parameter.type {
    case .boolean:
      let spellings =
        switch booleans {
        case .digits?: ["true": "1", "false": "0"]
        case .words?: ["1": "true", "0": "false"]
        case nil: [String: String]()
        }
      parameter.value = spellings[parameter.value] ?? parameter.value
    case .dateTime where milliseconds == true && Self.milliseconds(in: parameter.value) == false:
      parameter.value = "\(parameter.value.prefix(19)).000\(parameter.value.dropFirst(19))"
    case .string, .int, .unsignedInt, .long, .unsignedLong, .dateTime, .base64, .hexBinary: break
    }
    return parameter
  }

  private static func booleans(in text: String) -> Booleans? {
    switch text.trimmed.lowercased() {
    case "1", "0": .digits
    case "true", "false": .words
    default: nil
    }
  }

  /// Nil for what is no time, and for the Unknown Time, which everyone writes the same.
  private static func milliseconds(in text: String) -> Bool? {
    guard case .known = DateTime.decode(text) else { return nil }
    return text.dropFirst(19).first == "."
  }
}

extension ACSRequest {
  /// With its values in the router's own way of writing them.
  package func spelled(by habits: Habits) -> ACSRequest {
    guard case .setParameterValues(var request) = self, habits != Habits() else { return self }
    request.parameters = request.parameters.map(habits.spelled)
    return .setParameterValues(request)
  }
}
