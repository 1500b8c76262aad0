import XML

/// Any bytes are a document within the limits or are refused, before repair and after it, whatever was read before; every
/// text of a document is written and read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1, let start else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  // The first byte says how narrow the limits are, and whether the encoding is told from outside.
  let limits =
    input[0] & 1 != 0
    ? XMLLimits(bytes: 2048, depth: 4, elements: 16, attributes: 3, names: 12)
    : XMLLimits(bytes: 4096, depth: 16, elements: 256, attributes: 8, names: 64)
  let encoding = input[0] & 2 != 0 ? ["utf-8", "iso-8859-1", "us-ascii", "odd"][Int(input[0] >> 2 & 3)] : nil
  let bytes = Array(input.dropFirst())
  let reader = XMLReader(limits: limits)
  checkIndependence(bytes, reader)
  do throws(XMLError) {
    check(try reader.read(bytes, encoding: encoding), limits)
    precondition(bytes.count <= limits.bytes, "more bytes than allowed")
  } catch {
    precondition(!error.description.isEmpty && !error.counter.isEmpty, "a refusal without a reason")
    guard XMLRepair.isWorthwhile(after: error) else { return 0 }
    let repaired = XMLRepair.repaired(bytes, after: error)
    precondition(repaired.count <= 5 * bytes.count, "the repaired document has grown beyond its ampersands")
    if String(validating: bytes, as: UTF8.self) != nil {
      precondition(XMLRepair.repaired(repaired, after: error) == repaired, "what was repaired is repaired again")
    }
    if let root = try? reader.read(repaired, encoding: encoding) { check(root, limits) }
  }
  return 0
}

/// A document whose encoding is told leaves nothing in the parser. What cannot be read takes the parser with it, so the
/// first answer is a fresh one's.
private func checkIndependence(_ bytes: [UInt8], _ reader: XMLReader) {
  func answer() -> String {
    do throws(XMLError) {
      var tally = Tally()
      walk(try reader.read(bytes), depth: 1, &tally)
      return "\(tally.depth) \(tally.elements) \(tally.attributes) \(tally.names.sorted()) \(tally.texts)"
    } catch {
      return "\(error)"
    }
  }
  _ = try? reader.read(Array("<".utf8))
  let alone = answer()
  _ = try? reader.read(Array("<?xml version='1.0' encoding='gb18030'?><a xmlns='b'/>".utf8), encoding: "iso-8859-1")
  precondition(answer() == alone, "a document reads otherwise behind another")
}

private func check(_ root: XMLElement, _ limits: XMLLimits) {
  var tally = Tally()
  walk(root, depth: 1, &tally)
  precondition(tally.depth <= limits.depth, "deeper than allowed")
  precondition(tally.elements <= limits.elements, "more elements than allowed")
  precondition(tally.attributes <= limits.attributes, "more attributes than allowed")
  precondition(tally.names.count <= limits.names, "more names than allowed")
  for text in tally.texts where !text.isEmpty { checkWriting(text) }
}

private struct Tally {
  var depth = 0
  var elements = 0
  var attributes = 0
  var names: Set<String> = []
  var texts: [String] = []
}

private func walk(_ element: XMLElement, depth: Int, _ tally: inout Tally) {
  tally.depth = max(tally.depth, depth)
  tally.elements += 1
  precondition(element.line >= 1, "an element without a place")
  let attributes = element.attributes
  tally.attributes = max(tally.attributes, attributes.count + element.declaredNamespaces.count)
  tally.names.formUnion([element.name] + [element.prefix, element.namespace].compactMap { $0 })
  tally.texts.append(element.text)
  for attribute in attributes {
    precondition(element.attribute(attribute.name) != nil, "an attribute is not found")
    tally.names.formUnion([attribute.name] + [attribute.prefix, attribute.namespace].compactMap { $0 })
    tally.texts.append(attribute.value)
  }
  for child in element.children {
    precondition(element.child(child.name) != nil, "a child is not found")
    walk(child, depth: depth + 1, &tally)
  }
}

/// The writer escapes all that a reader would take for something else.
private func checkWriting(_ text: String) {
  var writer = XMLWriter()
  writer.declaration()
  writer.element("a", ["b": text], text: text)
  guard let root = try? XMLReader().read(writer.bytes) else { preconditionFailure("what was written is not read") }
  precondition(root.text == text, "a text differs")
  precondition(root.attribute("b") == text, "an attribute differs")
}
