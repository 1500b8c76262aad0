import CWMP
import Dispatch
import Net
import Synchronization

/// Makes the transcripts that are worth keeping, away from the event loops: to look through a long session for its
/// secrets takes milliseconds. Of routers that nobody has admitted it keeps few, and short ones: anybody can be one.
final class TranscriptKeeper: Sendable {
  /// Bytes that are gathered of all sessions of routers that nobody has admitted.
  static let strangersRoom = 4 << 20
  /// Such routers of which a transcript is kept; that of another takes the place of the oldest.
  static let strangersKept = 64
  /// Transcripts that wait to be made; more are counted and lost. What is in them is bounded by the rooms.
  static let waitingLimit = 1024

  private let journey: JourneyRecorder
  private let counters: Counters
  private let room = TranscriptRoom()
  private let strangersRoom = TranscriptRoom(limit: strangersRoom)
  private let waiting = Mutex(0)
  private let strangers = Mutex(KeptStrangers())
  private let queue = DispatchQueue(label: "transcripts", qos: .utility)

  init(journey: JourneyRecorder, counters: Counters) {
    self.journey = journey
    self.counters = counters
  }

  /// That of a session that begins.
  func transcript(of device: Device, start: Timestamp, isRoutine: Bool, kept: KeptTranscripts) -> SessionTranscript {
    let isStranger = device.isStranger
    return SessionTranscript(
      start: start, isRoutine: isRoutine, isStranger: isStranger, kept: kept,
      room: isStranger ? strangersRoom : room)
  }

  /// Keeps a transcript that is worth it, as one of so many of its device.
  func keep(_ transcript: SessionTranscript, of device: Device, kept: Int) {
    guard transcript.isWorthKeeping, kept > 0 else { return }
    let isTaken = waiting.withLock { waiting in
      guard waiting < Self.waitingLimit else { return false }
      waiting += 1
      return true
    }
    guard isTaken else { return counters.increment("acs.transcripts.lost") }
    let (id, isStranger) = (device.id, device.isStranger)
    queue.async { [self] in
      keep(transcript.bytes(of: id), of: id, isStranger: isStranger, start: transcript.start, kept: kept)
      waiting.withLock { $0 -= 1 }
    }
  }

  private func keep(_ bytes: [UInt8], of device: DeviceID, isStranger: Bool, start: Timestamp, kept: Int) {
    let former = strangers.withLock { isStranger ? $0.add(device) : $0.remove(device) }
    if let former {
      counters.increment("acs.transcripts.forgotten")
      journey.forgetTranscripts(of: former)
    }
    journey.keep(transcript: bytes, of: device, start: start, kept: isStranger ? 1 : kept)
  }

  /// Returns when what waits is kept.
  func finish() async {
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }

  /// The routers that nobody has admitted and of which a transcript was kept, the oldest first.
  private struct KeptStrangers {
    private var devices: [DeviceID] = []

    /// Returns the device whose place it takes.
    mutating func add(_ device: DeviceID) -> DeviceID? {
      if let place = devices.firstIndex(of: device) { devices.remove(at: place) }
      devices.append(device)
      return devices.count > TranscriptKeeper.strangersKept ? devices.removeFirst() : nil
    }

    /// It has been admitted.
    mutating func remove(_ device: DeviceID) -> DeviceID? {
      devices.removeAll { $0 == device }
      return nil
    }
  }
}

extension Device {
  fileprivate var isStranger: Bool {
    switch admission {
    case .admitted: false
    case .undecided, .quarantined: true
    }
  }
}
