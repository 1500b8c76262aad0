import NIOCore

/// A client may send many requests ahead of their answers. Few of them are answered in a turn: others wait for the loop.
extension HTTPConnection {
  /// Requests that are answered before others have their turn.
  static let requestsOfTurn = 16
  /// How long they have it: at least one round of the loop.
  private static let rest = TimeAmount.milliseconds(1)

  func channelReadComplete(context: ChannelHandlerContext) {
    if !isResting { requestsTaken = 0 }
    context.fireChannelReadComplete()
  }

  /// Whether the next request waits for the next turn, which comes by itself.
  func restsBeforeNext() -> Bool {
    guard requestsTaken >= Self.requestsOfTurn, let context else { return false }
    isResting = true
    let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.rest) {
      TurnWatch.begin(HTTPServer.loopName)
      defer { TurnWatch.end() }
      connection.value.isResting = false
      connection.value.requestsTaken = 0
      connection.value.takeArrivals()
    }
    return true
  }
}
