import Foundation
import HTTP
import Management
import Synchronization
import Transport

/// Files on their way to the daemon and back, piece by piece.
extension ControlClient {
  func put(_ target: String, file path: String) async throws -> FileReport {
    let source: ServedFile
    do throws(FileError) { source = try ServedFile(path: path) } catch { throw Failure("\(error).") }
    let offset = Mutex(0)
    var request = CurlRequest(.put, url: url(target))
    request.totalTimeout = nil
    request.upload = CurlRequest.Upload(length: source.size) { room in
      offset.withLock { offset in
        guard let bytes = try? source.read(at: offset, count: min(room, source.size - offset)) else { return nil }
        offset += bytes.count
        return bytes
      }
    }
    return try await JSONDecoder().decode(FileReport.self, from: Data(answer(to: request).body))
  }

  func delete(_ target: String) async throws {
    _ = try await answer(to: CurlRequest(.delete, url: url(target)))
  }

  /// The number of bytes that were written. The file is there whole, or as it was before.
  func download(_ target: String, to path: String) async throws -> Int {
    let partial = "\(path).part"
    guard FileManager.default.createFile(atPath: partial, contents: nil),
      let file = FileHandle(forWritingAtPath: partial)
    else { throw Failure("\(partial) cannot be written.") }
    defer { try? FileManager.default.removeItem(atPath: partial) }
    let failure = Mutex<String?>(nil)
    let written = Mutex(0)
    var request = CurlRequest(.get, url: url(target))
    request.totalTimeout = nil
    do {
      _ = try await answer(to: request) { piece in
        do {
          try file.write(contentsOf: Data(piece))
          written.withLock { $0 += piece.count }
          return true
        } catch {
          failure.withLock { $0 = "\(error)" }
          return false
        }
      }
      try file.close()
    } catch {
      if let reason = failure.withLock(\.self) { throw Failure("\(partial) cannot be written: \(reason).") }
      throw error
    }
    guard rename(partial, path) == 0 else { throw Failure("\(path): \(String(cString: strerror(errno))).") }
    return written.withLock(\.self)
  }
}
