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

  /// As in ``Transcript``: what lies beyond would not be kept.
  private static let byteLimit = Transcript.byteLimit

  let start: Timestamp
  private var messages: [Message] = []
  private var size = 0
  /// What kind of session it has been so far.
  private var kind: KeptTranscripts
  private let kept: KeptTranscripts
  private let place: TranscriptRoom.Place
  /// A message found no room: what follows it would mislead without it.
  private var isCut = false

  init(start: Timestamp, isRoutine: Bool, kept: KeptTranscripts, room: TranscriptRoom) {
    place = TranscriptRoom.Place(in: room)
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
    guard size + added <= Self.byteLimit, place.take(added) else {
      isCut = true
      return
    }
    messages.append(
      Message(moment: now, contentType: request.headers["Content-Type"], status: nil, body: request.body))
    messages.append(Message(moment: now, contentType: nil, status: response.status.rawValue, body: answer))
    size += added
    if messages.count > 4 { kind = min(kind, .work) }
  }

  /// The transcript as bytes, without secrets; nil where it is not worth keeping.
  func bytes(of device: DeviceID) -> [UInt8]? {
    guard kind <= kept, !messages.isEmpty else { return nil }
    var transcript = Transcript(device.name)
    var secrets: Set<[UInt8]> = []
    for message in messages {
      let body = Transcript.blanked(message.body, after: &secrets, isSecret: Goal.Parameter.isConfidential)
      transcript.append(
        Transcript.Entry(
          message.status.map { .toCPE(status: $0) } ?? .fromCPE, at: message.moment,
          charset: message.contentType.flatMap { MediaType($0)?.charset }, body: body))
    }
    return transcript.encode()
  }
}
