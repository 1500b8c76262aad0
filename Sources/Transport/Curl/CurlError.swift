import CLibCurl
import Glibc

/// Why a request got no answer, by the stage that it failed in.
package enum CurlError: Error, Hashable, Sendable {
  case invalidURL(String)
  /// A header, name or path holds a line end or a null byte.
  case invalidRequest(String)
  case resolve(String)
  case refused(String)
  /// Unreachable, or not to be bound to the interface asked for.
  case connect(String)
  /// The connection was there, and ended before the answer.
  case dropped(String)
  /// No connection in time.
  case timeout(String)
  /// The connection was there in time, and the whole answer was not.
  case silent(String)
  case tls(String)
  case tooLarge(limit: Int)
  case protocolError(String)
  case tooManyRedirects
  case canceled
  /// libcurl or its thread could not be set up.
  case setup(String)

  package var counterName: String {
    switch self {
    case .invalidURL: "httpClient.invalidUrl"
    case .invalidRequest: "httpClient.invalidRequest"
    case .resolve: "httpClient.resolve"
    case .refused: "httpClient.refused"
    case .connect: "httpClient.connect"
    case .dropped: "httpClient.dropped"
    case .timeout: "httpClient.timeout"
    case .silent: "httpClient.silent"
    case .tls: "httpClient.tls"
    case .tooLarge: "httpClient.tooLarge"
    case .protocolError: "httpClient.protocol"
    case .tooManyRedirects: "httpClient.redirects"
    case .canceled: "httpClient.canceled"
    case .setup: "httpClient.setup"
    }
  }

  /// `detail` is libcurl's own sentence; `systemError` the errno of the last connect, 0 for none.
  init(_ code: CURLcode, detail: String, systemError: Int32, isConnected: Bool) {
    self =
      switch code {
      case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalidURL(detail)
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve(detail)
      case CURLE_COULDNT_CONNECT: systemError == ECONNREFUSED ? .refused(detail) : .connect(detail)
      case CURLE_INTERFACE_FAILED: .connect(detail)
      case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .dropped(detail)
      case CURLE_OPERATION_TIMEDOUT: isConnected ? .silent(detail) : .timeout(detail)
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED:
        .tls(detail)
      case CURLE_TOO_MANY_REDIRECTS: .tooManyRedirects
      case CURLE_ABORTED_BY_CALLBACK: .canceled
      case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .setup(detail)
      default: .protocolError(detail)
      }
  }
}

extension CurlError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidURL(let detail): "the URL cannot be used: \(detail)"
    case .invalidRequest(let detail): "the request cannot be sent: \(detail)"
    case .resolve(let detail): "the name was not resolved: \(detail)"
    case .refused(let detail): "the connection was refused: \(detail)"
    case .connect(let detail): "the connection failed: \(detail)"
    case .dropped(let detail): "the connection was dropped: \(detail)"
    case .timeout(let detail): "no connection in time: \(detail)"
    case .silent(let detail): "no whole answer in time: \(detail)"
    case .tls(let detail): "TLS failed: \(detail)"
    case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
    case .protocolError(let detail): "the peer did not keep to HTTP: \(detail)"
    case .tooManyRedirects: "the peer redirected more than \(CurlClient.maximumRedirects) times"
    case .canceled: "the request was canceled"
    case .setup(let detail): "the HTTP client could not be set up: \(detail)"
    }
  }
}
