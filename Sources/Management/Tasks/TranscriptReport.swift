import Store

/// A transcript of a session, without what stands in it.
package struct TranscriptReport: Codable, Sendable, Equatable {
  package var transcript: Int64
  package var device: String
  package var start: String
  /// Bytes.
  package var size: Int

  init(_ record: StoredTranscript) {
    transcript = record.number
    device = record.device
    start = "\(record.start)"
    size = record.size
  }
}
