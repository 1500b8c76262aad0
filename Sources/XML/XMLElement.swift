import CLibXML2

/// An element of a document that was read. It is a place in the document: to copy it is cheap.
package struct XMLElement: Sendable {
  let tape: XMLTape
  /// The index of its start record.
  let start: Int

  /// Without its prefix.
  package var name: String { tape.names[Int(tape.words[start + 2])] }

  package var prefix: String? { tape.name(tape.words[start + 3]) }

  /// Nil where it has none, and where its prefix is not declared.
  package var namespace: String? { tape.name(tape.words[start + 4]) }

  /// The line at which its start tag ends, from 1.
  package var line: Int { Int(tape.words[start + 5]) }

  /// The namespaces that this element itself declares.
  package var declaredNamespaces: [String] {
    let first = start + Int(xml_start_words) + attributeCount * Int(xml_attribute_words)
    return (first..<first + declarationCount).compactMap { tape.name(tape.words[$0]) }
  }

  /// Its child elements, in order.
  package var children: XMLChildren { XMLChildren(tape: tape, place: firstRecord) }

  /// The first child element of this name, whatever its namespace.
  package func child(_ name: String) -> XMLElement? {
    children.first { $0.name == name }
  }

  /// The text that stands directly in it, references resolved. White space is kept where there is no child element.
  package var text: String {
    var text = ""
    var place = firstRecord
    while true {
      switch tape.words[place] {
      case xml_record_text.rawValue:
        let piece = tape.text(at: Int(tape.words[place + 1]), count: Int(tape.words[place + 2]))
        place += Int(xml_text_words)
        // Nearly always there is one.
        if text.isEmpty { text = piece } else { text += piece }
      case xml_record_start.rawValue:
        place = Int(tape.words[place + 1]) + Int(xml_end_words)
      default:
        return text
      }
    }
  }

  package var attributes: [XMLAttribute] {
    (0..<attributeCount).map { number in
      let place = start + Int(xml_start_words) + number * Int(xml_attribute_words)
      return XMLAttribute(
        name: tape.names[Int(tape.words[place])], prefix: tape.name(tape.words[place + 1]),
        namespace: tape.name(tape.words[place + 2]),
        value: tape.text(at: Int(tape.words[place + 3]), count: Int(tape.words[place + 4])))
    }
  }

  /// The value of the first attribute of this name, whatever its namespace.
  package func attribute(_ name: String) -> String? {
    for number in 0..<attributeCount {
      let place = start + Int(xml_start_words) + number * Int(xml_attribute_words)
      if tape.names[Int(tape.words[place])] == name {
        return tape.text(at: Int(tape.words[place + 3]), count: Int(tape.words[place + 4]))
      }
    }
    return nil
  }

  private var attributeCount: Int { Int(tape.words[start + 6]) }

  private var declarationCount: Int { Int(tape.words[start + 7]) }

  private var firstRecord: Int {
    start + Int(xml_start_words) + attributeCount * Int(xml_attribute_words) + declarationCount
  }
}

package struct XMLAttribute: Hashable, Sendable {
  /// Without its prefix.
  package let name: String
  package let prefix: String?
  package let namespace: String?
  package let value: String

  package init(name: String, prefix: String?, namespace: String?, value: String) {
    self.name = name
    self.prefix = prefix
    self.namespace = namespace
    self.value = value
  }
}

/// The child elements of an element, in order; text between them is passed over.
package struct XMLChildren: Sequence, IteratorProtocol, Sendable {
  let tape: XMLTape
  /// The index of the next record.
  var place: Int

  package mutating func next() -> XMLElement? {
    if tape.words[place] == xml_record_text.rawValue { place += Int(xml_text_words) }
    guard tape.words[place] == xml_record_start.rawValue else { return nil }
    let element = XMLElement(tape: tape, start: place)
    place = Int(tape.words[place + 1]) + Int(xml_end_words)
    return element
  }
}
