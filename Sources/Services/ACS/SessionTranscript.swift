import CWMP
import HTTP
import Net
import Provisioning

/// What goes to and fro in one session, gathered as it is and made a transcript of only if it is worth keeping: most
/// sessions are greetings.
struct SessionTranscript: Sendable {
  private struct Message: Sendable {
    let moment: Timestamp
    let contentType: String?
    /// Nil for the CPE's.
    let status: Int?
    let body: [UInt8]
  }

  /// Bytes of the messages of a router that nobody has admitted: its greeting, and what it was refused for.
  static let strangersLimit = 32 << 10

  /// Bytes; as in ``Transcript``, where what lies beyond would not be kept, or less.
  private let byteLimit: Int
  let start: Timestamp
  private var messages: [Message] = []
  private var size = 0
  /// What kind of session it has been so far.
  private var kind: KeptTranscripts
  private let kept: KeptTranscripts
  private let place: TranscriptRoom.Place
  /// A message found no room: what follows it would mislead without it.
  private var isCut = false

  /// `isStranger`: nobody has admitted the router.
  init(start: Timestamp, isRoutine: Bool, isStranger: Bool, kept: KeptTranscripts, room: TranscriptRoom) {
    place = TranscriptRoom.Place(in: room)
    byteLimit = isStranger ? Self.strangersLimit : Transcript.byteLimit
    self.start = start
    self.kept = kept
    kind = isRoutine ? .all : .work
  }

  mutating func noteTrouble() {
    kind = .trouble
  }

  mutating func add(_ request: HTTP.Request, _ response: HTTP.Response, at now: Timestamp) {
    guard !isCut, messages.count < Transcript.entryLimit else { return }
    var answer: [UInt8] = []
    if case .bytes(let bytes) = response.body { answer = bytes }
    let added = request.body.count + answer.count
    guard size + added <= byteLimit, place.take(added) else {
      isCut = true
      return
    }
    messages.append(
      Message(moment: now, contentType: request.headers["Content-Type"], status: nil, body: request.body))
    messages.append(Message(moment: now, contentType: nil, status: response.status.rawValue, body: answer))
    size += added
    if messages.count > 4 { kind = min(kind, .work) }
  }

  var isWorthKeeping: Bool { kind <= kept && !messages.isEmpty }

  /// The transcript as bytes, without secrets. It takes milliseconds where the session was long.
  func bytes(of device: DeviceID) -> [UInt8] {
    var transcript = Transcript(device.name)
    let bodies = Transcript.blanked(messages.map(\.body), isSecret: Goal.Parameter.isConfidential)
    for (message, body) in zip(messages, bodies) {
      transcript.append(
        Transcript.Entry(
          message.status.map { .toCPE(status: $0) } ?? .fromCPE, at: message.moment,
          charset: message.contentType.flatMap { MediaType($0)?.charset }, body: body))
    }
    if isCut { transcript.cut() }
    return transcript.encode()
  }
}
