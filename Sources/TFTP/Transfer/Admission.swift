/// What a read-only server makes of a packet that came to port 69.
package enum Admission: Sendable {
  /// To be started from a port of its own (RFC 1350 section 4).
  case accepted(Transfer, FileName)
  /// The packet, an ERROR, goes back to the client.
  case refused(Refusal, Packet)
  /// Not a request: nothing is answered, so that two servers cannot keep each other busy.
  case ignored(Packet)

  package enum Refusal: Hashable, Sendable, CustomStringConvertible {
    case readOnly
    /// Mail mode.
    case mode
    case fileName(FileNameError)
    case noSuchFile(FileName)

    package var counter: String {
      switch self {
      case .readOnly: "tftp.refused.readOnly"
      case .mode: "tftp.refused.mode"
      case .fileName(let error): error.counter
      case .noSuchFile: "tftp.refused.noSuchFile"
      }
    }

    package var description: String {
      switch self {
      case .readOnly: "this server is read-only"
      case .mode: "mail mode is obsolete"
      case .fileName(let error): "\(error)"
      case .noSuchFile(let name): "there is no file \(name)"
      }
    }
  }

  /// Decides on a packet; `content` is asked for the bytes of a file, and answers nil where there is none.
  package init(
    _ packet: Packet, retransmission: Retransmission = Retransmission(), content: (FileName) -> [UInt8]?
  ) {
    switch packet {
    case .readRequest(let request):
      guard request.mode != .mail else {
        self = .refuse(.mode, .illegalOperation)
        return
      }
      do throws(FileNameError) {
        let name = try FileName(request.fileName)
        guard let content = content(name) else {
          self = .refuse(.noSuchFile(name), .fileNotFound)
          return
        }
        self = .accepted(Transfer(content: content, request: request, retransmission: retransmission), name)
      } catch {
        self = .refuse(.fileName(error), .accessViolation)
      }
    case .writeRequest:
      self = .refuse(.readOnly, .accessViolation)
    case .data, .acknowledgment, .error, .optionAcknowledgment:
      self = .ignored(packet)
    }
  }

  private static func refuse(_ refusal: Refusal, _ code: ErrorCode) -> Admission {
    .refused(refusal, .error(code, message: refusal.description))
  }
}
