import GRDB
import Journey
import Net
import Store

/// An event as a row.
extension RecordedEvent {
  static let select = "SELECT number, router, moment, name, detail FROM event"

  init(row: PreparedStatement) throws {
    let number = row.int64(at: 0)
    let name = row.text(at: 3) ?? ""
    let detail = row.text(at: 4) ?? ""
    guard let fact = Fact(name: name, detail: detail) else {
      throw StoreError.corrupt("event \(number): \(name) \(detail)")
    }
    self.init(
      number: number,
      event: Event(
        router: RouterID(rawValue: row.int64(at: 1)), moment: Timestamp(rawValue: row.int64(at: 2)), fact: fact))
  }
}

extension Event {
  static let insert = "INSERT INTO event (router, moment, name, detail) VALUES (?, ?, ?, ?)"

  func write(by statements: inout WriteStatements) throws {
    let row = try statements.event()
    try row.bind(router.rawValue, at: 1)
    try row.bind(moment.rawValue, at: 2)
    try row.bind(fact.name, at: 3)
    try row.bind(fact.detail, at: 4)
    try row.run()
  }
}
