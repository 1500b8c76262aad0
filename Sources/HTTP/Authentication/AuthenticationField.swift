/// One scheme with its parameters, of an Authorization or a WWW-Authenticate field (RFC 9110 §11).
package struct AuthenticationField: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    package let name: String
    package let value: String
  }

  /// `Digest`, in whatever case it came.
  package let scheme: String
  package private(set) var parameters: [Parameter]

  /// More than any scheme has; a field with more is refused.
  package static let maximumParameters = 64
  package static let maximumSchemes = 16

  /// The first parameter of that name, its case aside.
  package subscript(name: String) -> String? {
    parameters.first { $0.name.isSameIgnoringCase(as: name) }?.value
  }

  package func isScheme(_ name: String) -> Bool { scheme.isSameIgnoringCase(as: name) }

  /// Every scheme in the field. Read leniently, as routers write it: values unquoted that ought to be quoted, spaces
  /// around `=`, commas doubled or forgotten. A parameter that comes twice keeps its first value in the look-up.
  package static func parse(_ fieldValue: String) throws(AuthenticationError) -> [AuthenticationField] {
    var fields: [AuthenticationField] = []
    var scanner = FieldScanner(fieldValue)
    while true {
      scanner.skip { $0.isBlank || $0 == UInt8(ascii: ",") }
      guard !scanner.isAtEnd else { return fields }
      let name = scanner.take(while: \.isTokenCharacter)
      guard !name.isEmpty else { throw .unexpectedCharacter }
      scanner.skip(while: \.isBlank)
      guard scanner.skip(UInt8(ascii: "=")) else {
        guard fields.count < maximumSchemes else { throw .tooManySchemes }
        fields.append(AuthenticationField(scheme: name, parameters: []))
        // As many as a digest has.
        fields[fields.count - 1].parameters.reserveCapacity(10)
        continue
      }
      guard let current = fields.indices.last else { throw .noScheme }
      guard fields[current].parameters.count < maximumParameters else { throw .tooManyParameters }
      scanner.skip(while: \.isBlank)
      let value: String
      if scanner.next == UInt8(ascii: "\"") {
        guard let quoted = scanner.takeQuoted() else { throw .unterminatedQuote(parameter: name) }
        value = quoted
      } else {
        value = scanner.take { !$0.isBlank && $0 != UInt8(ascii: ",") }
      }
      fields[current].parameters.append(Parameter(name: name, value: value))
    }
  }
}

/// Why the value of an Authorization field, or of the WWW-Authenticate field that it would answer, could not be read.
package enum AuthenticationError: Error, Hashable, Sendable {
  case noScheme
  case otherScheme
  case unexpectedCharacter
  case tooManySchemes
  case tooManyParameters
  case unterminatedQuote(parameter: String)
  case missing(parameter: String)
  case malformed(parameter: String)
}

extension AuthenticationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noScheme: "the Authorization field names no scheme"
    case .otherScheme: "the Authorization field is of another scheme"
    case .unexpectedCharacter: "the Authorization field has a character where a name should be"
    case .tooManySchemes: "the Authorization field names more than \(AuthenticationField.maximumSchemes) schemes"
    case .tooManyParameters:
      "the Authorization field has more than \(AuthenticationField.maximumParameters) parameters"
    case .unterminatedQuote(let parameter):
      "the value of \(parameter) in the Authorization field lacks its closing quote"
    case .missing(let parameter): "the parameter \(parameter) is missing in the Authorization field"
    case .malformed(let parameter): "the value of \(parameter) in the Authorization field is malformed"
    }
  }
}
