import CWMP
import HTTP
import Net
import Transport

/// Makes the file transfers that the ACS asked for.
struct TransferDriver: Sendable {
  let resolver: Resolver
  let tls: CurlClient.TLSFiles
  /// Milliseconds without an answer.
  let closeWait: Int64

  enum Outcome<Value> {
    case done(Value)
    case failed(TransferFault)
  }

  /// Bytes of a system software image.
  private static let limit = 512 << 20

  /// The file's bytes, or the fault that the ACS is told (TR-069 table "CPE fault codes").
  func download(_ transfer: PendingTransfer) async -> Outcome<[UInt8]> {
    let content: [UInt8]
    switch await send(request(.get, transfer), failure: 9010) {
    case .done(let response): content = response.body
    case .failed(let fault): return .failed(fault)
    }
    guard transfer.fileSize == 0 || transfer.fileSize == content.count else {
      return .failed(
        TransferFault(code: 9017, text: "\(content.count) bytes came, \(transfer.fileSize) were announced"))
    }
    guard !content.isEmpty else { return .failed(TransferFault(code: 9018, text: "the file is empty")) }
    return .done(content)
  }

  func upload(_ transfer: PendingTransfer, content: [UInt8]) async -> TransferFault? {
    var request = request(.put, transfer)
    request.body = content
    request.headers["Content-Type"] = "text/plain"
    switch await send(request, failure: 9011) {
    case .done: return nil
    case .failed(let fault): return fault
    }
  }

  private func request(_ method: HTTP.Method, _ transfer: PendingTransfer) -> CurlRequest {
    var request = CurlRequest(method, url: transfer.url)
    if !transfer.username.isEmpty {
      request.credentials = CurlRequest.Credentials(username: transfer.username, password: transfer.password)
    }
    request.maximumBody = Self.limit
    request.totalTimeout = 3600
    request.connectTimeout = Double(closeWait) / 1000
    request.followsRedirects = true
    return request
  }

  private func send(_ request: CurlRequest, failure: Int) async -> Outcome<CurlResponse> {
    var request = request
    do {
      request.resolved = try await resolver.resolved(request.url)
      let client = try CurlClient(CurlClient.Options(interface: "\(resolver.source)", tls: tls))
      let response = try await client.send(request)
      switch response.status {
      case .ok, .created, .noContent: return .done(response)
      case .unauthorized: return .failed(TransferFault(code: 9012, text: "the file server wants other credentials"))
      default: return .failed(TransferFault(code: 9016, text: "the file server answers \(response.status)"))
      }
    } catch let error as CurlError {
      switch error {
      case .resolve, .refused, .connect, .dropped, .timeout, .silent: return .failed(TransferFault(code: 9015, error))
      case .tooLarge: return .failed(TransferFault(code: 9010, error))
      default: return .failed(TransferFault(code: failure, error))
      }
    } catch {
      return .failed(TransferFault(code: 9015, error))
    }
  }
}

extension TransferFault {
  fileprivate init(code: Int, _ error: any Error) {
    self.init(code: code, text: String("\(error)".prefix(256)))
  }
}

extension Resolver {
  /// What libcurl is to know of the URL's host, which it cannot ask the lease's servers about: nothing for an address.
  func resolved(_ url: String) async throws -> [ResolvedHost] {
    guard let place = HostPort(url: url) else { throw CurlError.invalidURL(url) }
    guard IPv4Address(place.host) == nil, !place.host.contains(":") else { return [] }
    return [ResolvedHost(host: place.host, port: place.port, address: "\(try await address(of: place.host))")]
  }
}
