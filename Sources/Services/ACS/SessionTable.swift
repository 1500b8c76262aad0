import CWMP
import Journey
import Net
import Provisioning
import Synchronization

/// One session of a router, from its Inform to the last empty answer.
struct ACSSession: Sendable {
  /// The value of the cookie.
  let id: String
  let router: RouterID
  /// From which it began.
  let address: IPv4Address?
  /// Of the appliance's addresses, the one that it reached.
  var reached: IPv4Address?
  let start: Timestamp
  let deviceID: DeviceID
  /// Of the last POST.
  var connection: UInt64
  private var boxedSession: Boxed<CWMP.Session>
  private var boxedDevice: Boxed<Device>
  /// Whether the router has answered to the notifications of ``STUNAdvice``, well or not.
  var hasSTUNNotifications = false
  /// What the outstanding request is for.
  var purpose: Purpose?
  /// A reading of its goal's parameters that is under way.
  var readBack: ReadBack?
  /// A task that is taken apart.
  var batch: Boxed<TaskBatch>?
  /// A reading of its data model that is under way.
  var discovery: DiscoveryUnderWay?
  var lastPost: Timestamp
  var requests = 0
  /// What it is to become, as long as nothing that this follows from changes.
  var goal: KnownGoal?
  /// Nil where none is kept.
  var transcript: SessionTranscript?
  /// What its model needs.
  private var boxedModel = standardModel
  private static let standardModel = Boxed(Model.standard)
  /// Whether its own messages begin with an XML declaration.
  var declares = false
  /// Whether it has confirmed the end; see ``Model/End/confirmed``.
  var isConfirmed = false

  init(
    id: String, router: RouterID, address: IPv4Address?, connection: UInt64, session: CWMP.Session, device: Device,
    start: Timestamp
  ) {
    self.id = id
    self.router = router
    self.connection = connection
    deviceID = device.id
    boxedSession = Boxed(session)
    boxedDevice = Boxed(device)
    self.address = address
    self.start = start
    lastPost = start
    isOver = session.state == .ended
  }

  var session: CWMP.Session {
    get { boxedSession.value }
    set {
      boxedSession.value = newValue
      isOver = newValue.state == .ended
    }
  }

  var model: Model {
    get { boxedModel.value }
    set { boxedModel.value = newValue }
  }

  /// As committed.
  var device: Device {
    get { boxedDevice.value }
    set { boxedDevice.value = newValue }
  }

  /// Whether it has come to its end.
  private(set) var isOver: Bool

  enum Purpose: Hashable, Sendable {
    case step(Step)
    case task(DeviceTask)
    case discovery
  }

  struct KnownGoal: Sendable {
    let site: UInt64
    let circumstances: Circumstances
    let goal: Boxed<Goal>
  }

  struct DiscoveryUnderWay: Sendable {
    var discovery: Discovery
    let start: Timestamp
    /// Nil where nobody asked for it: it is done with each new router.
    let task: DeviceTask?
  }

  /// An ID for the next request, new in this session.
  mutating func nextRequestID() -> String {
    requests += 1
    return "\(id.prefix(8))-\(requests)"
  }
}

/// The sessions that are under way, by their cookie or, for routers that keep none, by their connection. A session is
/// taken out while one POST is answered, so that no two change it at once.
final class SessionTable: Sendable {
  /// Sessions at once; a router that comes beyond that is told to come again later.
  static let limit = 50_000
  /// Seconds for which a session that has ended is kept: some routers still send what they have after the last answer.
  static let endedKept: Int64 = 3

  enum Finding {
    case session(ACSSession)
    case none
    /// Another POST of the same session is being answered.
    case busy
    /// The session began somewhere else, and is left as it is.
    case foreign(Place)
  }

  /// The router of a session, and the address where the session began.
  struct Place: Hashable, Sendable {
    let router: RouterID
    let address: IPv4Address?
  }

  /// Sessions that are served at once before others are told to wait their turn.
  static let servedAtOnce = 1_000
  /// Of these, sessions that began at one address: no client takes the place of all others.
  static let servedAtOnceOfAddress = 500

  private struct State {
    var sessions: [String: ACSSession] = [:]
    /// How many of them are over, and kept for what their routers may still send.
    var ended = 0
    /// Those that came to their end, oldest first, some of which are gone or go on.
    var endings: [(id: String, moment: Timestamp)] = []
    var firstEnding = 0
    var admission = SessionAdmission(limit: SessionTable.servedAtOnce)
    var byConnection: [UInt64: String] = [:]
    /// How many are in the table and not over, by the address where they began.
    var ofAddress: [IPv4Address: Int] = [:]
    /// The last session of each device: one that it began before is worth nothing any more.
    var latest: [DeviceID: String] = [:]
    var busy: Set<String> = []
    /// Sessions whose Informs are being committed.
    var beginning = 0

    var underWay: Int { sessions.count - ended + busy.count + beginning }

    mutating func count(_ session: ACSSession, _ change: Int) {
      guard let address = session.address, !session.isOver else { return }
      let count = ofAddress[address, default: 0] + change
      ofAddress[address] = count > 0 ? count : nil
    }
  }

  private let state = Mutex(State())

  /// Seconds after which a router that would begin a session is to come instead; nil where it may begin it now.
  func wait(at now: Timestamp) -> Int64? {
    state.withLock { $0.admission.wait(underWay: $0.underWay, at: now) }
  }

  /// Takes a place for the session of a router that has logged in, until ``leavePlace()``; seconds after which it is to
  /// come instead where there is none. Who was let to log in is seldom sent away: there are half as many places more.
  func takePlace(at now: Timestamp) -> Int64? {
    state.withLock { state in
      if let wait = state.admission.wait(underWay: state.underWay - Self.servedAtOnce / 2, at: now) { return wait }
      state.beginning += 1
      return nil
    }
  }

  /// The session has begun, or will not.
  func leavePlace() {
    state.withLock { $0.beginning -= 1 }
  }

  /// Whether so many routers are served that what can wait for their next sessions should.
  var isCrowded: Bool {
    state.withLock { $0.underWay > Self.servedAtOnce / 8 }
  }

  /// Whether as many sessions are under way as one address may have.
  func isCrowded(_ address: IPv4Address) -> Bool {
    state.withLock { $0.ofAddress[address, default: 0] >= Self.servedAtOnceOfAddress }
  }

  var count: Int { state.withLock { $0.sessions.count + $0.busy.count } }

  /// Whether the session of the cookie, else of the connection, is under way and its router is admitted.
  func hasAdmitted(cookie: String?, connection: UInt64) -> Bool {
    state.withLock { state in
      guard
        let session = cookie.flatMap({ state.sessions[$0] })
          ?? state.byConnection[connection].flatMap({ state.sessions[$0] }), !session.isOver
      else { return false }
      if case .admitted = session.device.admission { return true }
      return false
    }
  }

  /// Takes out the session of the cookie, else of the connection, for a POST from `address`. One that is over and began
  /// somewhere else is none: its router may have another address by now.
  func take(
    cookie: String?, connection: UInt64, from address: IPv4Address?, binding: AddressBinding
  ) -> Finding {
    state.withLock { state in
      let known = cookie.flatMap { state.sessions[$0] != nil || state.busy.contains($0) ? $0 : nil }
      guard let id = known ?? state.byConnection[connection] else { return .none }
      if state.busy.contains(id) { return .busy }
      if let session = state.sessions[id], !binding.holds(session.address, address) {
        return session.isOver ? .none : .foreign(Place(router: session.router, address: session.address))
      }
      guard let session = state.sessions.removeValue(forKey: id) else { return .none }
      if session.isOver { state.ended -= 1 }
      state.count(session, -1)
      state.busy.insert(id)
      state.byConnection[session.connection] = nil
      return .session(session)
    }
  }

  /// Takes out, for good, the session that the device of a new one began before, and would answer for from the past.
  func supersede(by session: ACSSession) -> ACSSession? {
    state.withLock { state in
      guard let former = state.latest.updateValue(session.id, forKey: session.deviceID),
        let superseded = state.sessions[former]
      else { return nil }
      if superseded.isOver { state.ended -= 1 }
      Self.remove(superseded, from: &state)
      return superseded
    }
  }

  /// What the device was asked last and has not answered, in a session that has no end.
  func outstanding(of device: DeviceID) -> ACSRequest? {
    state.withLock { state in
      guard let session = state.latest[device].flatMap({ state.sessions[$0] }),
        case .awaiting(let request, _) = session.session.state
      else { return nil }
      return request
    }
  }

  /// Puts back a session, or puts in a new one; false where there are too many, or where it was superseded meanwhile.
  func put(_ session: ACSSession) -> Bool {
    state.withLock { state in
      let isKnown = state.busy.remove(session.id) != nil
      guard isKnown ? state.latest[session.deviceID] == session.id : state.sessions.count < Self.limit else {
        return false
      }
      if !isKnown { state.latest[session.deviceID] = session.id }
      state.sessions[session.id] = session
      state.count(session, 1)
      if session.isOver {
        state.ended += 1
        state.endings.append((session.id, session.lastPost))
        state.admission.sessionEnded(at: session.lastPost)
      }
      state.byConnection[session.connection] = session.id
      return true
    }
  }

  /// Forgets a session that was taken out.
  func end(_ session: ACSSession) {
    state.withLock { state in
      state.busy.remove(session.id)
      if state.latest[session.deviceID] == session.id { state.latest[session.deviceID] = nil }
    }
  }

  /// Forgets the sessions that have been over for a while.
  func removeEnded(at now: Timestamp) {
    state.withLock { state in
      while state.firstEnding < state.endings.count {
        let (id, moment) = state.endings[state.firstEnding]
        guard now.seconds(since: moment) >= Self.endedKept else { break }
        state.firstEnding += 1
        guard let session = state.sessions[id], session.isOver, session.lastPost == moment else {
          continue
        }
        state.ended -= 1
        Self.remove(session, from: &state)
      }
      guard state.firstEnding > 1024 else { return }
      state.endings.removeFirst(state.firstEnding)
      state.firstEnding = 0
    }
  }

  /// Forgets the sessions whose routers have not been heard for as long as they are waited for, and returns them.
  func removeSilent(at now: Timestamp) -> [ACSSession] {
    state.withLock { state in
      let silent = state.sessions.values.filter { session in
        !session.isOver && now.seconds(since: session.lastPost) >= Int64(session.session.timeout)
      }
      for session in silent { Self.remove(session, from: &state) }
      return silent
    }
  }

  private static func remove(_ session: ACSSession, from state: inout State) {
    state.sessions[session.id] = nil
    state.count(session, -1)
    if state.latest[session.deviceID] == session.id { state.latest[session.deviceID] = nil }
    if state.byConnection[session.connection] == session.id { state.byConnection[session.connection] = nil }
  }
}
