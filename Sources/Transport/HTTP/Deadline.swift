import NIOCore

extension HTTPConnection {
  /// What is to happen if nothing else does by then. It is set anew several times for each request, and hardly ever
  /// passes, so setting it only notes it: a timer that runs already is left to run, unless it would be too late.
  struct Deadline {
    typealias Act = @Sendable (HTTPConnection) -> Void

    enum Firing {
      case nothing
      case later(TimeAmount)
      case now(Act)
    }

    var timer: Scheduled<Void>?
    private var wakes = NIODeadline.distantFuture
    private var moment: NIODeadline?
    private var act: Act?

    /// True where a timer runs that will see to it; false where the caller is to start one.
    mutating func set(in time: TimeAmount, _ act: @escaping Act) -> Bool {
      let moment = NIODeadline.now() + time
      self.moment = moment
      self.act = act
      if timer != nil, wakes <= moment { return true }
      timer?.cancel()
      wakes = moment
      return false
    }

    mutating func clear() {
      moment = nil
      act = nil
    }

    mutating func end() {
      clear()
      timer?.cancel()
      timer = nil
    }

    /// The timer has fired.
    mutating func fire() -> Firing {
      timer = nil
      guard let moment, let act else { return .nothing }
      let now = NIODeadline.now()
      guard moment <= now else {
        wakes = moment
        return .later(moment - now)
      }
      clear()
      return .now(act)
    }
  }
}
