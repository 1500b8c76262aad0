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

  func wait(_ time: TimeAmount, count event: HTTPCounter) {
    wait(time) { connection in
      connection.gauge.count(event)
      connection.phase = .leaving
      connection.close()
    }
  }

  /// One deadline at a time: this one takes the place of the last.
  func wait(_ time: TimeAmount, then act: @escaping @Sendable (HTTPConnection) -> Void) {
    guard let context else { return }
    let isAwake = deadline.set(in: time) { act($0) }
    if !isAwake { wake(in: time, context) }
  }

  /// A timer is made once for many deadlines: where it fires before the present one, it goes on for the rest.
  private func wake(in time: TimeAmount, _ context: ChannelHandlerContext) {
    let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
    deadline.timer = context.eventLoop.scheduleTask(in: time) {
      let connection = connection.value
      switch connection.deadline.fire() {
      case .nothing: break
      case .later(let time): if let context = connection.context { connection.wake(in: time, context) }
      case .now(let act): act(connection)
      }
    }
  }
}
