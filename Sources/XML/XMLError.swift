/// Why bytes are no document that we read, and where.
package enum XMLError: Error, Hashable, Sendable {
  case tooLarge(bytes: Int, limit: Int)
  case tooDeep(limit: Int, at: XMLPosition)
  case tooManyElements(limit: Int, at: XMLPosition)
  case tooManyAttributes(limit: Int, at: XMLPosition)
  case tooManyNames(limit: Int, at: XMLPosition)
  /// The bytes end before the document does.
  case truncated(at: XMLPosition)
  /// A document type declaration, which is where entities and external files come from.
  case documentType(at: XMLPosition)
  /// An entity other than the five that XML predefines.
  case undefinedEntity(at: XMLPosition)
  /// A character, or a reference to one, that XML 1.0 section 2.2 does not have.
  case illegalCharacter(at: XMLPosition)
  /// Bytes that the document's encoding does not have.
  case wrongEncoding(at: XMLPosition)
  /// An encoding that we do not read, such as UTF-16.
  case unknownEncoding(String)
  /// Against the grammar in another way; the text is libxml2's.
  case malformed(String, at: XMLPosition)
  case outOfMemory
}

/// A place in a document.
package struct XMLPosition: Hashable, Sendable {
  /// From 1.
  package let line: Int
  /// From 1; 0 where it is not known.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

extension XMLError {
  /// The stable name under which such refusals are counted.
  package var counter: String {
    switch self {
    case .tooLarge: "xml.refused.tooLarge"
    case .tooDeep: "xml.refused.tooDeep"
    case .tooManyElements: "xml.refused.tooManyElements"
    case .tooManyAttributes: "xml.refused.tooManyAttributes"
    case .tooManyNames: "xml.refused.tooManyNames"
    case .truncated: "xml.refused.truncated"
    case .documentType: "xml.refused.documentType"
    case .undefinedEntity: "xml.refused.undefinedEntity"
    case .illegalCharacter: "xml.refused.illegalCharacter"
    case .wrongEncoding: "xml.refused.wrongEncoding"
    case .unknownEncoding: "xml.refused.unknownEncoding"
    case .malformed: "xml.refused.malformed"
    case .outOfMemory: "xml.refused.outOfMemory"
    }
  }
}

extension XMLError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let limit): "the document has \(bytes) bytes; \(limit) are read at most"
    case .tooDeep(let limit, let position): "\(position): elements stand more than \(limit) deep in each other"
    case .tooManyElements(let limit, let position): "\(position): more than \(limit) elements"
    case .tooManyAttributes(let limit, let position): "\(position): an element with more than \(limit) attributes"
    case .tooManyNames(let limit, let position): "\(position): more than \(limit) different names"
    case .truncated(let position): "\(position): the document ends too early"
    case .documentType(let position): "\(position): a document type declaration is not allowed"
    case .undefinedEntity(let position): "\(position): an entity that XML does not predefine"
    case .illegalCharacter(let position): "\(position): a character that XML does not allow"
    case .wrongEncoding(let position): "\(position): bytes that the document's encoding does not have"
    case .unknownEncoding(let name): "the encoding \(name) is not read"
    case .malformed(let text, let position): "\(position): \(text)"
    case .outOfMemory: "no memory is left to read the document"
    }
  }
}

extension XMLPosition: CustomStringConvertible {
  package var description: String { column > 0 ? "line \(line), column \(column)" : "line \(line)" }
}
