import CLibXML2

/// A document as a sequence of records: starts of elements, texts, ends of elements. CLibXML2.h says how they are laid
/// out.
final class XMLTape: Sendable {
  let words: [UInt32]
  /// Texts and the values of attributes, UTF-8, in the order of the document.
  let text: [UInt8]
  /// Each name, prefix and namespace once.
  let names: [String]

  init(_ tape: xml_tape) {
    words = unsafe Array(UnsafeBufferPointer(start: tape.words, count: tape.word_count))
    text = unsafe Array(UnsafeBufferPointer(start: tape.text, count: tape.text_count))
    let places = unsafe UnsafeBufferPointer(start: tape.names, count: tape.name_count * 2)
    let nameText = unsafe UnsafeBufferPointer(start: tape.name_text, count: tape.name_text_count)
    names = unsafe (0..<tape.name_count).map { number in
      let start = unsafe Int(places[number * 2])
      let end = unsafe start + Int(places[number * 2 + 1])
      return unsafe String(decoding: nameText[start..<end], as: UTF8.self)
    }
  }

  func text(at offset: Int, count: Int) -> String {
    String(decoding: text[offset..<offset + count], as: UTF8.self)
  }

  /// The name whose number plus one is `reference`; nil for 0.
  func name(_ reference: UInt32) -> String? {
    reference == 0 ? nil : names[Int(reference) - 1]
  }
}
