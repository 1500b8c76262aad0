import Net

extension DeviceID {
  /// As a person reads it: `OUI-ProductClass-SerialNumber`, the class left out where it is empty, with nothing encoded.
  package var name: String {
    [oui, productClass, serialNumber].filter { !$0.isEmpty }.joined(separator: "-").printable()
  }

  /// The name of the device that is described so, see ``description``; the text itself where it describes none.
  package static func name(of description: String) -> String {
    DeviceID(description)?.name ?? description
  }

  /// A text for persons, in which devices that are described stand with their names.
  package static func naming(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    var shown = ""
    var rest = text[...]
    while let first = rest.first {
      guard isPart(first) else {
        shown.append(rest.removeFirst())
        continue
      }
      let word = rest.prefix(while: isPart)
      rest = rest[word.endIndex...]
      // Only what describes a device, and is written as we write it.
      let device = word.contains("%") ? DeviceID(String(word)) : nil
      shown += device.flatMap { "\($0)" == word ? $0.name : nil } ?? String(word)
    }
    return shown
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-%".contains(character))
  }

  /// The devices that ``name`` may stand for: a class and a serial number can have dashes of their own.
  package static func named(_ name: String) -> [DeviceID] {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard (2...16).contains(parts.count), parts[0].utf8.count == 6, parts[0].allSatisfy(\.isHexDigit) else { return [] }
    let oui = String(parts[0])
    let whole = DeviceID(oui: oui, productClass: "", serialNumber: parts.dropFirst().joined(separator: "-"))
    return [whole]
      + (2..<max(2, parts.count)).map { end in
        DeviceID(
          oui: oui, productClass: parts[1..<end].joined(separator: "-"),
          serialNumber: parts[end...].joined(separator: "-"))
      }
  }
}
