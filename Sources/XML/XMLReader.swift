import CLibXML2

/// Reads documents with libxml2: namespaces, no document type, no entities but the predefined, no network, and never
/// beyond its limits.
package struct XMLReader: Sendable {
  package let limits: XMLLimits

  package init(limits: XMLLimits = XMLLimits()) {
    self.limits = limits
  }

  /// The root element of the document. `encoding`, such as the charset of a Content-Type, goes before what the document
  /// itself declares; without either it is UTF-8. White space ahead of the document is passed over.
  package func read(_ bytes: [UInt8], encoding: String? = nil) throws(XMLError) -> XMLElement {
    guard bytes.count <= limits.bytes else { throw .tooLarge(bytes: bytes.count, limit: limits.bytes) }
    var tape = xml_tape()
    defer { unsafe xml_tape_free(&tape) }
    var bounds = xml_limits(
      depth: UInt32(clamping: limits.depth), elements: UInt32(clamping: limits.elements),
      attributes: UInt32(clamping: limits.attributes), names: UInt32(clamping: limits.names))
    unsafe bytes.withUnsafeBufferPointer { buffer in
      if let encoding {
        unsafe xml_tape_read(&tape, buffer.baseAddress, buffer.count, encoding, &bounds)
      } else {
        unsafe xml_tape_read(&tape, buffer.baseAddress, buffer.count, nil, &bounds)
      }
    }
    if let error = unsafe error(of: tape) { throw error }
    return XMLElement(tape: unsafe XMLTape(tape), start: 0)
  }

  private func error(of tape: xml_tape) -> XMLError? {
    let position = unsafe XMLPosition(line: max(1, Int(tape.line)), column: Int(tape.column))
    switch unsafe tape.failure {
    case xml_no_failure: return nil
    case xml_cut_short: return .truncated(at: position)
    case xml_document_type: return .documentType(at: position)
    case xml_undefined_entity: return .undefinedEntity(at: position)
    case xml_illegal_character: return .illegalCharacter(at: position)
    case xml_wrong_encoding: return .wrongEncoding(at: position)
    case xml_unknown_encoding: return unsafe .unknownEncoding(message(of: tape))
    case xml_too_deep: return .tooDeep(limit: limits.depth, at: position)
    case xml_too_many_elements: return .tooManyElements(limit: limits.elements, at: position)
    case xml_too_many_attributes: return .tooManyAttributes(limit: limits.attributes, at: position)
    case xml_too_many_names: return .tooManyNames(limit: limits.names, at: position)
    case xml_out_of_memory: return .outOfMemory
    default: return unsafe .malformed(message(of: tape), at: position)
    }
  }

  private func message(of tape: xml_tape) -> String {
    unsafe withUnsafeBytes(of: tape.message) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
