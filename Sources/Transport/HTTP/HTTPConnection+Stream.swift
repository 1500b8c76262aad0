import HTTP
import NIOCore
import NIOHTTP1

/// Requests whose responder takes the body as it comes.
extension HTTPConnection {
  func stream(
    _ head: HTTPRequestHead, _ request: HTTP.Request, limit: Int, _ respond: @escaping HTTPServer.StreamResponder
  ) {
    guard let context else { return }
    let body: StreamedBody
    do throws(HTTPRefusal) {
      body = try StreamedBody(of: request.headers, limit: limit, awaitsContinue: head.expectsContinue)
      guard gauge.beginStream() else {
        throw HTTPRefusal(.serviceUnavailable, "too many files are being received", \.overloadedRequests)
      }
    } catch {
      return refuse(error)
    }
    phase = .streaming(head, body)
    if body.awaitsContinue { deadline.clear() } else { waitForPiece() }
    let loop = context.eventLoop
    let connection = NIOLoopBound(self, eventLoop: loop)
    let bound = NIOLoopBound(body, eventLoop: loop)
    let incoming = IncomingBody { () async throws(BodyError) in
      do {
        return try await loop.flatSubmit { connection.value.take(bound.value, on: loop) }.get()
      } catch {
        throw error as? BodyError ?? .interrupted
      }
    }
    Task { [gauge] in
      let response = await respond(request, incoming)
      gauge.endStream()
      loop.execute { connection.value.answer(response, to: bound.value) }
    }
  }

  func receive(_ buffer: ByteBuffer, for body: StreamedBody) {
    do throws(BodyError) {
      if try body.append(buffer) { waitForPiece() }
      try body.serveTaker()
    } catch {
      refuse(HTTPRefusal(error), error)
    }
  }

  func complete(_ body: StreamedBody) {
    deadline.clear()
    body.complete()
    do throws(BodyError) {
      try body.serveTaker()
    } catch {
      refuse(HTTPRefusal(error), error)
    }
  }

  private func take(_ body: StreamedBody, on loop: any EventLoop) -> EventLoopFuture<[UInt8]?> {
    if body.awaitsContinue {
      body.awaitsContinue = false
      guard case .streaming = phase else { return loop.makeFailedFuture(BodyError.interrupted) }
      sendContinue()
      waitForPiece()
    }
    let piece: EventLoopFuture<[UInt8]?>
    do throws(BodyError) {
      switch try body.next() {
      case .piece(let bytes): piece = loop.makeSucceededFuture(bytes)
      case .end: piece = loop.makeSucceededFuture(nil)
      case .nothingYet: piece = body.promise(on: loop)
      }
    } catch {
      refuse(HTTPRefusal(error), error)
      return loop.makeFailedFuture(error)
    }
    if isReadHeld, !body.isFull {
      waitForPiece()
      readAgain()
    }
    return piece
  }

  private func waitForPiece() {
    wait(limits.pieceTimeout.timeAmount) {
      $0.refuse(HTTPRefusal(BodyError.tooSlow), .tooSlow)
    }
  }

  func readAgain() {
    guard isReadHeld, arrivals.isEmpty else { return }
    isReadHeld = false
    context?.read()
  }

  private func answer(_ response: HTTP.Response, to body: StreamedBody) {
    guard case .streaming(let head, let current) = phase, current === body else { return }
    deadline.clear()
    body.fail(.interrupted)
    phase = .responding(HTTPExchange(head, keepsAlive: head.isKeepAlive && body.isComplete))
    send(response)
  }
}
