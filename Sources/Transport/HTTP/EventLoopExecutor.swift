import NIOCore

/// Runs the parts of a task on an event loop, between its other work: what answers a request without waiting costs no
/// change of thread then.
final class EventLoopExecutor: TaskExecutor {
  private let loop: any EventLoop
  private let startsAtOnce: NIOLoopBoundBox<Bool>

  /// To be called on the loop.
  init(_ loop: any EventLoop) {
    self.loop = loop
    startsAtOnce = NIOLoopBoundBox(false, eventLoop: loop)
  }

  /// Has a task that is made within run at once, on the loop, up to where it first waits.
  func withoutDelay(_ make: () -> Void) {
    startsAtOnce.value = true
    make()
    startsAtOnce.value = false
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    guard loop.inEventLoop, startsAtOnce.value else {
      return loop.execute { Self.run(job, on: executor) }
    }
    startsAtOnce.value = false
    Self.run(job, on: executor)
  }

  private static func run(_ job: UnownedJob, on executor: UnownedTaskExecutor) {
    TurnWatch.begin(HTTPServer.loopName)
    job.runSynchronously(on: executor)
    TurnWatch.end()
  }
}
