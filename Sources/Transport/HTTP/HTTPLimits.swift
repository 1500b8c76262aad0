/// What a server grants its clients.
package struct HTTPLimits: Sendable {
  /// Bytes of a request's body, compressed or not; more is answered with 413, at the latest when so many were read.
  package var body = 8 << 20
  /// Bytes of all bodies together that are being received or answered; more is answered with 503.
  package var bodies = 64 << 20
  /// Of these, bytes of the bodies from one address.
  package var bodiesOfPeer = 16 << 20
  /// A body that is larger than so many bytes leaves a quarter of the room to those that are not, so that a few large
  /// ones do not keep everybody from greeting.
  package var smallBody = 128 << 10
  /// Bytes of a request's header fields, names and values, of each and of all together; more is answered with 400.
  package var headers = 32 << 10
  package var headerFields = 128
  /// Connections open at the same time; more are closed at once.
  package var connections = 1024
  /// Of these, connections from one address. Where that is not all of them, an address has no more than half of what
  /// is still free either, so that no few addresses keep out all others.
  package var connectionsOfPeer = 1024
  /// How long a connection may stay without a whole request head, from its start or its last answer.
  package var idleTimeout = Duration.seconds(60)
  /// How long TLS may take from the connection's start until a request can be sent.
  package var handshakeTimeout = Duration.seconds(10)
  /// How long a request's body may take from its head to its end; longer is answered with 408.
  package var requestTimeout = Duration.seconds(30)
  /// How long 64 KiB of a body may take to come that is handed over in pieces; longer is answered with 408.
  package var pieceTimeout = Duration.seconds(60)
  /// Bodies that are handed over in pieces at the same time; more is answered with 503.
  package var streams = 32
  /// How long 64 KiB of an answer may wait for the client to take them.
  package var stallTimeout = Duration.seconds(60)
  /// How long answers may go on once the server is to end.
  package var shutdownGrace = Duration.seconds(5)

  package init() {}

  /// While so many connections are free. One address may always have one.
  func connectionsOfPeer(whileFree free: Int) -> Int {
    connectionsOfPeer < connections ? min(connectionsOfPeer, max(1, free / 2)) : connectionsOfPeer
  }
}

/// What a server saw, since its start.
package struct HTTPCounts: Hashable, Sendable {
  package var connections = 0
  /// Open now.
  package var openConnections = 0
  /// Bytes of bodies that are being received or answered now.
  package var bodyBytes = 0
  package var requests = 0
  /// Beyond the number of connections.
  package var refusedConnections = 0
  /// Closed without a request: probes of a port, and clients that gave up.
  package var emptyConnections = 0
  /// Closed because no request came in time.
  package var idleConnections = 0
  package var unreadableRequests = 0
  /// Requests with a header field that is folded over lines; they are read all the same.
  package var foldedHeaders = 0
  package var oversizeRequests = 0
  /// Beyond the bytes of all bodies together or of one peer's, or the number of those handed over in pieces.
  package var overloadedRequests = 0
  /// In a content coding that is not known.
  package var compressedRequests = 0
  /// In a content coding that is known, but damaged or cut short.
  package var undecodableRequests = 0
  package var slowRequests = 0
  /// Answers that the client did not take: it was gone, or too slow.
  package var brokenAnswers = 0
  /// Connections to a TLS port that came to nothing, by the name of the reason's counter.
  package var handshakeFailures: [String: Int] = [:]

  package init() {}
}
