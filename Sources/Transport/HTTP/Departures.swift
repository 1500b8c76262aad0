import NIOCore
import NIOPosix

/// The connections of one event loop that have written an answer. It leaves at the end of the loop's turn, or once there
/// are several: to send is to wake who waits for it, which costs more than all else in it, and a client with many
/// connections is awake after the first.
final class Departures: Sendable {
  private static let ofThread = ThreadSpecificVariable<Departures>()
  private static let mostAtOnce = 32

  private let loop: any EventLoop
  private let connections: NIOLoopBoundBox<[HTTPConnection]>

  /// To be called on the loop.
  private init(_ loop: any EventLoop) {
    self.loop = loop
    connections = NIOLoopBoundBox([], eventLoop: loop)
  }

  /// Those of the loop that this is called on.
  static func of(_ loop: any EventLoop) -> Departures {
    if let departures = ofThread.currentValue { return departures }
    let departures = Departures(loop)
    ofThread.currentValue = departures
    return departures
  }

  func add(_ connection: HTTPConnection) {
    connections.value.append(connection)
    switch connections.value.count {
    case 1: loop.execute { self.leave() }
    case Self.mostAtOnce: leave()
    default: break
    }
  }

  private func leave() {
    // One by one, as another may be added meanwhile.
    var next = 0
    while next < connections.value.count {
      connections.value[next].context?.flush()
      next += 1
    }
    connections.value.removeAll(keepingCapacity: true)
  }
}
