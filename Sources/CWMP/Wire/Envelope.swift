package import XML

/// One message with its SOAP envelope (TR-069 section 3.4).
package struct Envelope<Body: EnvelopeBody>: Hashable, Sendable {
  /// The ID header as sent; nil where there is none, which some CPEs do.
  package var id: String?
  package var namespace: Namespace
  package var header: Header
  package var body: Body

  package init(id: String?, namespace: Namespace, header: Header = Header(), body: Body) {
    self.id = id
    self.namespace = namespace
    self.header = header
    self.body = body
  }
}

package typealias CPEEnvelope = Envelope<CPEMessage>
package typealias ACSEnvelope = Envelope<ACSMessage>

/// What stands in the body of an envelope.
package protocol EnvelopeBody: Hashable, Sendable {
  /// `element` is the method's.
  init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError)
  func encode(into writer: inout XMLWriter)
}

extension Envelope {
  /// Reads a message leniently: by local names, with any prefixes, whatever it lacks that can be done without. A
  /// document that is not well-formed is repaired where possible. `charset` is what the Content-Type says.
  package init(
    decoding bytes: [UInt8], charset: String? = nil, reader: XMLReader = XMLReader(), warnings: inout Warnings
  ) throws(EnvelopeError) {
    let root = try Self.document(bytes, charset, reader, &warnings)
    guard root.name == "Envelope" else { throw .notAnEnvelope(root.name.shortened) }
    guard let bodyElement = root.child("Body") else { throw .noBody }
    var methods = bodyElement.children
    guard let method = methods.next() else { throw .emptyBody }
    if methods.next() != nil { warnings.add(.severalMethods) }

    let headerElement = root.child("Header")
    id = headerElement?.child("ID")?.text.trimmed
    namespace = Self.namespace(of: method, in: [bodyElement, root], headerElement, &warnings)
    header = headerElement.map { Header(decoding: $0, &warnings) } ?? Header()
    body = try Body(decoding: method, &warnings)
  }

  /// The message as every CPE that we know of takes it: the field's own prefixes, all declared on the envelope. The XML
  /// declaration is written only if asked for: some CPEs cannot read it, one wants it.
  package func encoded(withDeclaration: Bool = false) -> [UInt8] {
    var writer = XMLWriter(reserving: 1024)
    if withDeclaration { writer.declaration() }
    writer.element(
      "soap-env:Envelope",
      [
        "xmlns:soap-env": "http://schemas.xmlsoap.org/soap/envelope/",
        "xmlns:soap-enc": "http://schemas.xmlsoap.org/soap/encoding/",
        "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xmlns:cwmp": namespace.urn,
      ]
    ) { writer in
      header.encode(id: id, into: &writer)
      writer.element("soap-env:Body") { body.encode(into: &$0) }
    }
    return writer.bytes
  }

  /// Whether bytes that were not read yet end as an Inform does. One that ends in an unusual way is not seen.
  package static func endsAsInform(_ bytes: [UInt8]) -> Bool {
    let tail = bytes.suffix(256)
    let end = "Inform>".utf8
    return tail.indices.dropLast(end.count).reversed().contains { place in
      (tail[place] == UInt8(ascii: ":") || tail[place] == UInt8(ascii: "/")) && tail[(place + 1)...].starts(with: end)
    }
  }

  private static func document(
    _ bytes: [UInt8], _ charset: String?, _ reader: XMLReader, _ warnings: inout Warnings
  ) throws(EnvelopeError) -> XMLElement {
    do {
      return try reader.read(bytes, encoding: charset)
    } catch .unknownEncoding where charset?.uppercased() != "UTF-8" {
      // A made-up name says nothing: what the document declares comes next, and then UTF-8.
      warnings.add(.unknownCharset(charset?.shortened))
      return try document(bytes, charset == nil ? "UTF-8" : nil, reader, &warnings)
    } catch {
      guard XMLRepair.isWorthwhile(after: error) else { throw .xml(error) }
      let repaired = XMLRepair.repaired(bytes, after: error)
      guard repaired != bytes else { throw .xml(error) }
      do {
        let root = try reader.read(repaired, encoding: charset)
        warnings.add(.repaired(error))
        return root
      } catch let second {
        throw .xml(second)
      }
    }
  }

  /// Looks on the method, in the header and the detail of a fault, and then at what was declared and not used.
  private static func namespace(
    of method: XMLElement, in parents: [XMLElement], _ header: XMLElement?, _ warnings: inout Warnings
  ) -> Namespace {
    if let namespace = method.namespace.flatMap(Namespace.init(urn:)) { return namespace }
    let elements = [method, header?.child("ID"), method.child("detail")?.child("Fault")].compactMap { $0 }
    let used = elements.compactMap(\.namespace)
    let declared = (elements + parents).flatMap(\.declaredNamespaces)
    if let namespace = (used + declared).lazy.compactMap(Namespace.init(urn:)).first { return namespace }
    warnings.add(method.namespace.map { .unknownNamespace($0.shortened) } ?? .noNamespace)
    return .newest
  }
}
