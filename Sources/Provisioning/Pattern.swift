/// A pattern with `*` for any characters, none included, and `?` for one; letters match in either case.
package struct Pattern: Hashable, Sendable {
  package let text: String
  private let characters: [Character]

  package init(_ text: String) {
    self.text = text
    characters = Array(text.lowercased())
  }

  package static let any = Pattern("*")

  /// Takes at most (length of the pattern) × (length of the subject) steps.
  package func matches(_ subject: String) -> Bool {
    guard characters != ["*"] else { return true }
    let subject = Array(subject.lowercased())
    var place = 0
    var position = 0
    var star: (place: Int, position: Int)?
    while position < subject.count {
      if place < characters.count, characters[place] == "*" {
        star = (place, position)
        place += 1
      } else if place < characters.count, characters[place] == "?" || characters[place] == subject[position] {
        place += 1
        position += 1
      } else if let last = star {
        place = last.place + 1
        position = last.position + 1
        star = (last.place, position)
      } else {
        return false
      }
    }
    return characters[place...].allSatisfy { $0 == "*" }
  }
}
