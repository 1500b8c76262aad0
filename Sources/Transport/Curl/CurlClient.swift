import CLibCurl
import Dispatch
import HTTP
import Synchronization

/// An HTTP client over libcurl: one handle with its own connections, cookies and digest state, and one thread, on which
/// its requests run one after the other. A router's session is one client; when the client goes, its connections close.
package final class CurlClient: Sendable {
  /// What holds for all requests of a client.
  package struct Options: Sendable {
    /// Every connection goes to this Unix socket, whatever the URL's host.
    package var unixSocket: String?
    /// The interface's name or the source address that connections come from.
    package var interface: String?
    /// How it and its peers prove who they are over TLS.
    package var tls = TLSFiles()
    /// Runs first on the client's thread, such as to enter a network namespace: its sockets are opened there.
    package var onThreadStart: (@Sendable () throws -> Void)?

    package init(
      unixSocket: String? = nil, interface: String? = nil, tls: TLSFiles = TLSFiles(),
      onThreadStart: (@Sendable () throws -> Void)? = nil
    ) {
      self.unixSocket = unixSocket
      self.interface = interface
      self.tls = tls
      self.onThreadStart = onThreadStart
    }
  }

  /// Paths of PEM files.
  package struct TLSFiles: Hashable, Sendable {
    /// Whom to trust; nil for whom the machine trusts.
    package var authority: String?
    /// The client's own certificate, if it has one.
    package var certificate: String?
    /// Nil where the key is in the certificate's file.
    package var key: String?

    package init(authority: String? = nil, certificate: String? = nil, key: String? = nil) {
      self.authority = authority
      self.certificate = certificate
      self.key = key
    }
  }

  package static let maximumRedirects = 5

  private let queue = CurlQueue()

  /// Throws `.setup` where no thread can be had; what `onThreadStart` throws comes with the first request.
  package init(_ options: Options = Options()) throws(CurlError) {
    do {
      let queue = queue
      _ = try OwnThread(named: "curl") { queue.run(options) }
    } catch {
      throw .setup(error.description)
    }
  }

  deinit {
    queue.close()
  }

  /// Makes a request and waits for its whole answer. Canceling the task ends it within a second, as `.canceled`.
  package func send(_ request: CurlRequest) async throws(CurlError) -> CurlResponse {
    try await perform(request, receive: nil)
  }

  /// The same, but hands over the body of a 2xx answer piece by piece, as it comes, on the client's thread; false ends
  /// the transfer as `.canceled`. The body of any other answer is in the response.
  package func send(
    _ request: CurlRequest, receive: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(CurlError) -> CurlResponse {
    try await perform(request, receive: receive)
  }

  private func perform(
    _ request: CurlRequest, receive: (@Sendable ([UInt8]) -> Bool)?
  ) async throws(CurlError) -> CurlResponse {
    let cancellation = CurlCancellation()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.add(
          CurlJob(request: request, receive: receive, cancellation: cancellation) { continuation.resume(returning: $0) }
        )
      }
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }
}

/// A request on its way to the client's thread, and the way back.
struct CurlJob: Sendable {
  let request: CurlRequest
  let receive: (@Sendable ([UInt8]) -> Bool)?
  let cancellation: CurlCancellation
  let complete: @Sendable (Result<CurlResponse, CurlError>) -> Void
}

/// Whether the caller has lost interest: set by any thread, asked by the client's.
final class CurlCancellation: Sendable {
  private let flag = Atomic(false)

  var isCanceled: Bool { flag.load(ordering: .relaxed) }

  func cancel() { flag.store(true, ordering: .relaxed) }
}

/// The jobs of one client and the loop that does them.
private final class CurlQueue: Sendable {
  private struct State {
    var jobs: [CurlJob] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Counts the jobs, and one more once closed.
  private let waiting = DispatchSemaphore(value: 0)

  func add(_ job: CurlJob) {
    state.withLock { $0.jobs.append(job) }
    waiting.signal()
  }

  /// No job can follow: the client, which alone adds them, is gone, and has none outstanding.
  func close() {
    state.withLock { $0.isClosed = true }
    waiting.signal()
  }

  /// The client's thread, from its start to its end.
  func run(_ options: CurlClient.Options) {
    let handle: Result<CurlHandle, CurlError>
    do {
      try options.onThreadStart?()
      handle = CurlHandle(options).map { .success($0) } ?? .failure(.setup("libcurl has no handle to give"))
    } catch {
      handle = .failure(.setup("\(error)"))
    }
    while let job = next() {
      switch handle {
      case .success(let handle): job.complete(handle.perform(job))
      case .failure(let error): job.complete(.failure(error))
      }
    }
  }

  private func next() -> CurlJob? {
    waiting.wait()
    return state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }
}
