import Synchronization

/// How much is gathered of all sessions under way together, for their transcripts: beyond that, transcripts are cut, and
/// the sessions go on.
final class TranscriptRoom: Sendable {
  /// Bytes.
  static let limit = 64 << 20

  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int = TranscriptRoom.limit) {
    self.limit = limit
  }

  var bytes: Int { taken.withLock { $0 } }

  /// What one session has taken; it is given back when the last copy of the session is gone.
  final class Place: Sendable {
    private let room: TranscriptRoom
    private let taken = Mutex(0)

    init(in room: TranscriptRoom) {
      self.room = room
    }

    deinit {
      let bytes = taken.withLock { $0 }
      room.taken.withLock { $0 -= bytes }
    }

    /// False where there is no room.
    func take(_ bytes: Int) -> Bool {
      let isTaken = room.taken.withLock { taken in
        guard taken + bytes <= room.limit else { return false }
        taken += bytes
        return true
      }
      if isTaken { taken.withLock { $0 += bytes } }
      return isTaken
    }
  }
}
