package import HTTP
package import Store
import Transport

extension FileStore {
  /// Bytes that are read and sent at once.
  private static let pieceSize = 128 << 10

  /// The answer to a GET or HEAD of a file, read as the client takes it; `served` is called once its end was taken.
  package func response(
    to request: HTTP.Request, _ record: FileRecord, _ served: @escaping @Sendable () -> Void = {}
  ) async throws(FileStoreError) -> HTTP.Response {
    let file = try await open(record)
    let representation = Representation(
      length: record.size, type: "application/octet-stream", entityTag: record.digest,
      lastModified: HTTPDate(secondsSince1970: record.moment.secondsSince1970))
    return representation.response(to: request) { range in
      { write in
        var offset = range.lowerBound
        while offset < range.upperBound {
          let (start, count) = (offset, min(Self.pieceSize, range.upperBound - offset))
          let piece = try await DiskWork.run { () throws(SystemError) in try file.read(at: start, count: count) }
          guard piece.count == count else { throw FileStoreError.lost(record.name) }
          try await write(piece)
          offset += count
        }
        if range.upperBound == record.size { served() }
      }
    }
  }
}
