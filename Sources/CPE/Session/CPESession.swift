package import CWMP
package import Net

/// The CPE's side of one CWMP session (TR-069 section 3.7): pure, told what the ACS answers, it says what to send next.
package struct CPESession: Sendable {
  package enum Step: Hashable, Sendable {
    case post(CPEEnvelope)
    /// The CPE has nothing to say: the ACS may ask.
    case postEmpty
    case end
    case fail(Failure)
  }

  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case refused(Fault)
    case unreadable(EnvelopeError)
    /// An answer that has no place there.
    case unexpected(String)

    package var description: String {
      switch self {
      case .refused(let fault): "the ACS refused the Inform: \(fault)"
      case .unreadable(let error): "the ACS sent what is no CWMP message: \(error)"
      case .unexpected(let what): "the ACS sent \(what)"
      }
    }
  }

  /// What the router is to do once the session is over.
  package enum Command: Hashable, Sendable {
    case reboot(commandKey: String)
    case factoryReset
  }

  private enum Phase {
    case informing
    case telling(FinishedTransfer)
    case answering
    case ended
  }

  package private(set) var router: RouterState
  package private(set) var commands: [Command] = []
  /// The events of the Inform.
  package let events: [InformEvent]
  /// What the ACS called last, for the console.
  private var lastMethod: String?

  private let url: String
  private let now: Timestamp
  private let namespace = Namespace.newest
  private var phase = Phase.informing
  private var untold: [FinishedTransfer]
  private var isHeld = false
  private var lastRequest: CPERequest?
  private var requests = 0
  private var repetitions = 0

  private static let maximumRepetitions = 4

  /// A session of `router` with the ACS at `url`; `now` is when it begins.
  package init(router: RouterState, url: String, now: Timestamp) {
    self.router = router
    self.router.tell(time: now)
    self.router.notePassiveChanges()
    self.url = url
    self.now = now
    events = self.router.flash.events.informed
    untold = router.flash.finished
  }

  /// The Inform.
  package mutating func begin() -> Step {
    let identity = router.identity
    var paths = Path.forcedInform
    if events.contains(where: { $0.code == .valueChange }) {
      paths += router.tree.paths(where: { $0.goesWithInform }).filter { !paths.contains($0) }
    }
    let inform = Inform(
      manufacturer: identity.manufacturer,
      device: DeviceID(oui: identity.oui, productClass: identity.productClass, serialNumber: identity.serialNumber),
      events: events, currentTime: now, retryCount: router.retryCount,
      parameters: (try? router.tree.values(of: paths)) ?? [])
    return send(.inform(inform))
  }

  /// What the ACS answered: a message, or nothing (204, or a body of no bytes).
  package mutating func receive(_ body: [UInt8], charset: String? = nil) -> Step {
    guard !body.isEmpty else { return receiveEmpty() }
    var warnings = Warnings()
    let envelope: ACSEnvelope
    do throws(EnvelopeError) {
      envelope = try ACSEnvelope(decoding: body, charset: charset, warnings: &warnings)
    } catch {
      return fail(.unreadable(error))
    }
    isHeld = envelope.header.holdRequests
    switch envelope.body {
    case .request, .unknown:
      return answer(envelope)
    case .response(let response):
      return receive(response)
    case .fault(let fault):
      return receive(fault)
    }
  }

  /// The method that the ACS has called since this was asked last.
  package mutating func takeMethod() -> String? {
    defer { lastMethod = nil }
    return lastMethod
  }

  private mutating func receiveEmpty() -> Step {
    guard case .answering = phase else { return fail(.unexpected("nothing in answer to a request")) }
    isHeld = false
    guard untold.isEmpty else { return next() }
    phase = .ended
    return .end
  }

  private mutating func receive(_ response: ACSResponse) -> Step {
    switch (phase, response) {
    case (.informing, .inform):
      router.informed(events, at: url)
      return next()
    case (.telling(let transfer), .transferComplete):
      router.transferAcknowledged(transfer)
      return next()
    default:
      return fail(.unexpected("a \(response.method.rawValue)Response that was not asked for"))
    }
  }

  /// 8005 asks for the same request again. Another fault to an Inform ends the session; to a TransferComplete it leaves
  /// the telling for the next session.
  private mutating func receive(_ fault: Fault) -> Step {
    if fault.code == Fault.retryRequest.code, let lastRequest, repetitions < Self.maximumRepetitions {
      repetitions += 1
      return post(.request(lastRequest), id: "\(requests)")
    }
    switch phase {
    case .informing: return fail(.refused(fault))
    case .telling: return next()
    case .answering, .ended: return fail(.unexpected("a fault to a response: \(fault)"))
    }
  }

  /// Our own requests go first, unless the ACS holds them.
  private mutating func next() -> Step {
    if !isHeld, !untold.isEmpty {
      let transfer = untold.removeFirst()
      phase = .telling(transfer)
      let fault = transfer.faultCode == 0 ? nil : TransferFault(code: transfer.faultCode, text: transfer.faultText)
      return send(
        .transferComplete(
          TransferComplete(
            commandKey: transfer.commandKey, fault: fault, startTime: transfer.started,
            completeTime: transfer.completed)))
    }
    phase = .answering
    return .postEmpty
  }

  private mutating func answer(_ envelope: ACSEnvelope) -> Step {
    guard case .answering = phase else { return fail(.unexpected("a request before the CPE's own were done")) }
    if envelope.header.misunderstood != nil { return post(.fault(.mustUnderstand), id: envelope.id) }
    switch envelope.body {
    case .request(let request):
      lastMethod = request.method.rawValue
      do throws(MethodPerformance.Refused) {
        return post(.response(try perform(request)), id: envelope.id)
      } catch {
        return post(.fault(error.fault), id: envelope.id)
      }
    case .unknown(let name):
      lastMethod = name
      return post(.fault(Fault(code: 9000, text: "Method not supported: \(name)")), id: envelope.id)
    case .response, .fault:
      return fail(.unexpected("what is no request"))
    }
  }

  private mutating func perform(_ request: ACSRequest) throws(MethodPerformance.Refused) -> CPEResponse {
    var performance = MethodPerformance(router: router, now: now)
    let response = try performance.perform(request)
    router = performance.router
    commands += performance.commands
    return response
  }

  private mutating func send(_ request: CPERequest) -> Step {
    requests += 1
    repetitions = 0
    lastRequest = request
    return post(.request(request), id: "\(requests)")
  }

  private func post(_ message: CPEMessage, id: String?) -> Step {
    .post(CPEEnvelope(id: id, namespace: namespace, body: message))
  }

  private mutating func fail(_ failure: Failure) -> Step {
    phase = .ended
    return .fail(failure)
  }
}
