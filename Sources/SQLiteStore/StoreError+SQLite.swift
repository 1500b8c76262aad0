import GRDB
import Store

extension StoreError {
  /// Runs `body` and gives its errors the words of the store.
  static func translating<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
    do {
      return try body()
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(error)
    } catch {
      // A row or a JSON text that does not decode.
      throw .corrupt("\(error)")
    }
  }

  private init(_ error: DatabaseError) {
    let text = "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
    self =
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: .corrupt(text)
      case .SQLITE_TOOBIG, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_RANGE: .refused(text)
      default: .unavailable(text)
      }
  }
}
