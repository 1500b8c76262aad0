import GRDB
import Journey
import Net
import Store

/// An event as a row.
extension RecordedEvent {
  static let select = "SELECT number, router, moment, name, detail FROM event"

  init(row: Row) throws {
    let number = try row.decode(Int64.self, atIndex: 0)
    let name = try row.decode(String.self, atIndex: 3)
    let detail = try row.decode(String.self, atIndex: 4)
    guard let fact = Fact(name: name, detail: detail) else {
      throw StoreError.corrupt("event \(number): \(name) \(detail)")
    }
    self.init(
      number: number,
      event: Event(
        router: RouterID(rawValue: try row.decode(Int64.self, atIndex: 1)),
        moment: Timestamp(rawValue: try row.decode(Int64.self, atIndex: 2)),
        fact: fact))
  }
}

extension Event {
  static let insert = "INSERT INTO event (router, moment, name, detail) VALUES (?, ?, ?, ?)"

  var columns: StatementArguments {
    [router.rawValue, moment.rawValue, fact.name, fact.detail]
  }
}
