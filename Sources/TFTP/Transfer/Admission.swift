/// What a read-only server makes of a packet that came to port 69: all but an ERROR is answered (RFC 1350 section 5).
package enum Admission: Sendable {
  /// To be started from a port of its own (RFC 1350 section 4).
  case accepted(Transfer, FileName)
  /// The packet, an ERROR, goes back to the client.
  case refused(Refusal, Packet)
  /// An ERROR: nothing is answered, so that two servers cannot keep each other busy.
  case ignored(Packet)

  package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    case readOnly
    /// A request that cannot be read, or a packet of a kind that TFTP does not have.
    case malformed(PacketError)
    /// A packet of a transfer, at the port for requests.
    case noTransfer
    /// Mail mode.
    case mode
    case fileName(FileNameError)
    case noSuchFile(FileName)
    /// It is there, and not to be read: a folder, a link, no permission.
    case unreadable(reason: String)
    /// The client has so many transfers under way already.
    case tooManyOfClient(limit: Int)
    /// All clients together have.
    case tooMany(limit: Int)
    /// The system gives no descriptor or memory for it.
    case exhausted(reason: String)

    package var counter: String {
      switch self {
      case .readOnly: "tftp.refused.readOnly"
      case .malformed(let error): error.counter
      case .noTransfer: "tftp.refused.noTransfer"
      case .mode: "tftp.refused.mode"
      case .fileName(let error): error.counter
      case .noSuchFile: "tftp.refused.noSuchFile"
      case .unreadable: "tftp.refused.unreadable"
      case .tooManyOfClient: "tftp.refused.tooManyOfClient"
      case .tooMany: "tftp.refused.tooManyTransfers"
      case .exhausted: "tftp.refused.exhausted"
      }
    }

    /// The ERROR that tells the client.
    package var packet: Packet { .error(code, message: description) }

    private var code: ErrorCode {
      switch self {
      case .mode, .malformed: .illegalOperation
      case .noTransfer: .unknownTransfer
      case .noSuchFile: .fileNotFound
      case .readOnly, .fileName, .unreadable: .accessViolation
      case .tooManyOfClient, .tooMany, .exhausted: .notDefined
      }
    }

    package var description: String {
      switch self {
      case .readOnly: "nothing can be written here: this server is read-only"
      case .malformed(let error): "\(error)"
      case .noTransfer: "no transfer goes on with this port"
      case .mode: "mail mode is obsolete"
      case .fileName(let error): "\(error)"
      case .noSuchFile(let name): "there is no file \(name)"
      case .unreadable(let reason): reason
      case .tooManyOfClient(let limit): "\(limit) transfers to this address are under way, which is the limit"
      case .tooMany(let limit): "\(limit) transfers are under way, which is the limit"
      case .exhausted(let reason): "the system gives nothing for another transfer: \(reason)"
      }
    }
  }

  /// Decides on a packet; `content` is asked for a file, and answers nil where there is none.
  package init(
    _ packet: Packet, retransmission: Retransmission = Retransmission(),
    content: (FileName) throws(Refusal) -> Content?
  ) {
    switch packet {
    case .readRequest(let request):
      guard request.mode != .mail else {
        self = .refuse(.mode)
        return
      }
      do throws(Refusal) {
        let name = try FileName(checking: request.fileName)
        guard let content = try content(name) else { throw .noSuchFile(name) }
        self = .accepted(Transfer(content, request: request, retransmission: retransmission), name)
      } catch {
        self = .refuse(error)
      }
    case .writeRequest:
      self = .refuse(.readOnly)
    case .data, .acknowledgment, .optionAcknowledgment:
      self = .refuse(.noTransfer)
    case .error:
      self = .ignored(packet)
    }
  }

  /// Decides on a datagram that is no packet. Nil where nothing is answered: it has no opcode, or one that no request
  /// has, and an ERROR is not answered.
  package init?(unreadable error: PacketError) {
    switch error {
    case .opcode, .unterminated, .requestTooLong, .mode: self = .refuse(.malformed(error))
    case .truncated, .trailingBytes: return nil
    }
  }

  private static func refuse(_ refusal: Refusal) -> Admission {
    .refused(refusal, refusal.packet)
  }
}

extension FileName {
  fileprivate init(checking text: String) throws(Admission.Refusal) {
    do throws(FileNameError) { try self.init(text) } catch { throw .fileName(error) }
  }
}
