import HTTP
import Management
import Services
import Store

/// What the operator may do with the running daemon's files.
struct KeptFiles: FileActions {
  let store: FileStore

  var limit: Int { store.limits.file }

  func files() async throws(ErrorReport) -> [FileReport] {
    store.files.map(FileReport.init)
  }

  func add(
    _ body: IncomingBody, length: Int?, name: String, kind: FileKind, replacing: Bool
  ) async throws(ErrorReport) -> FileReport {
    guard let name = FileRecord.Name(rawValue: name) else {
      throw ErrorReport(error: "notAName", text: "A file's name has \(FileRecord.Name.expected).")
    }
    do throws(FileStoreError) {
      return FileReport(
        try await store.add(body, length: length, as: name, kind: kind, from: .operator, replacing: replacing))
    } catch {
      throw ErrorReport(error)
    }
  }

  func remove(_ name: String) async throws(ErrorReport) {
    do throws(FileStoreError) {
      try await store.remove(try record(name).name)
    } catch {
      throw ErrorReport(error)
    }
  }

  func content(of name: String, for request: HTTP.Request) async throws(ErrorReport) -> HTTP.Response {
    do throws(FileStoreError) {
      return try await store.response(to: request, try record(name))
    } catch {
      throw ErrorReport(error)
    }
  }

  private func record(_ text: String) throws(FileStoreError) -> FileRecord {
    guard let name = FileRecord.Name(rawValue: text), let record = store.file(named: name) else { throw .unknown(text) }
    return record
  }
}

extension ErrorReport {
  fileprivate init(_ error: FileStoreError) {
    let text = "\(error)"
    let word: String =
      switch error {
      case .tooLarge: "fileTooLarge"
      case .storeFull, .diskFull: "noRoom"
      case .exists: "fileExists"
      case .busy: "fileBusy"
      case .unknown: "unknownFile"
      case .lost: "fileLost"
      case .body: "file"
      case .file, .store: "disk"
      }
    self.init(error: word, text: text.prefix(1).uppercased() + text.dropFirst() + ".")
  }
}
