import CLibCurl
import HTTP

/// An easy handle of libcurl. Used by one thread only; what libcurl keeps in it from one request to the next are the
/// open connections, the cookies, the digest nonce and the resolved names.
final class CurlHandle {
  private static let isLibraryReady = curl_prepare() == CURLE_OK

  private let handle: UnsafeMutableRawPointer
  private let options: CurlClient.Options
  private let errorText = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init?(_ options: CurlClient.Options) {
    guard Self.isLibraryReady, let handle = curl_easy_init() else {
      errorText.deallocate()
      return nil
    }
    self.handle = handle
    self.options = options
    errorText.initialize(repeating: 0)
  }

  deinit {
    curl_easy_cleanup(handle)
    errorText.deallocate()
  }

  /// One request from beginning to end; blocks.
  func perform(_ job: CurlJob) -> Result<CurlResponse, CurlError> {
    let request = job.request
    if let flaw = flaw(of: request) { return .failure(.invalidRequest(flaw)) }
    var lists = CurlLists()
    defer { lists.free() }
    let transfer = CurlTransfer(
      limit: request.maximumBody, receive: job.receive, upload: request.upload, cancellation: job.cancellation)
    guard lists.fill(for: request) else { return .failure(.setup("out of memory")) }

    set(always: transfer)
    set(request, lists)
    errorText.initialize(repeating: 0)
    // libcurl reads the body where it lies; an empty one still needs a place.
    let body = request.body.flatMap { $0.isEmpty ? nil : $0 } ?? [0]
    let code = body.withUnsafeBufferPointer { bytes in
      if isSendingBody(request) { curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress) }
      defer { curl_set_pointer(handle, CURLOPT_POSTFIELDS, nil) }
      return withExtendedLifetime(transfer) { curl_easy_perform(handle) }
    }
    return outcome(code, of: transfer)
  }

  private func outcome(_ code: CURLcode, of transfer: CurlTransfer) -> Result<CurlResponse, CurlError> {
    if let refusal = transfer.refusal { return .failure(refusal) }
    guard code == CURLE_OK else {
      let detail = errorText.first == 0 ? curl_easy_strerror(code) : UnsafePointer(errorText.baseAddress)
      return .failure(
        CurlError(
          code, detail: detail.map { String(cString: $0) } ?? "",
          systemError: Int32(truncatingIfNeeded: curl_get_long(handle, CURLINFO_OS_ERRNO)),
          isConnected: curl_get_offset(handle, CURLINFO_CONNECT_TIME_T) > 0))
    }
    guard let status = transfer.status else { return .failure(.protocolError("the answer has no status")) }
    return .success(
      CurlResponse(
        status: status, headers: transfer.headers, body: transfer.body, wasChallenged: transfer.wasChallenged,
        connectionsOpened: curl_get_long(handle, CURLINFO_NUM_CONNECTS),
        local: hostPort(CURLINFO_LOCAL_IP, CURLINFO_LOCAL_PORT),
        peer: hostPort(CURLINFO_PRIMARY_IP, CURLINFO_PRIMARY_PORT)))
  }

  private func hostPort(_ address: CURLINFO, _ port: CURLINFO) -> HostPort {
    HostPort(
      host: curl_get_text(handle, address).map { String(cString: $0) } ?? "",
      port: UInt16(exactly: curl_get_long(handle, port)) ?? 0)
  }

  /// Every option is set for every request, so none is left over from the one before.
  private func set(always transfer: CurlTransfer) {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText.baseAddress)
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    // What the environment says of proxies is not meant for the devices of the lab.
    curl_set_text(handle, CURLOPT_PROXY, "")
    curl_set_text(handle, CURLOPT_COOKIEFILE, "")
    curl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, options.unixSocket)
    curl_set_text(handle, CURLOPT_INTERFACE, options.interface)
    // Without one, libcurl keeps whom it was built to trust: it cannot be told to forget a file.
    if let authority = options.tls.authority { curl_set_text(handle, CURLOPT_CAINFO, authority) }
    curl_set_text(handle, CURLOPT_SSLCERT, options.tls.certificate)
    curl_set_text(handle, CURLOPT_SSLKEY, options.tls.key ?? options.tls.certificate)
    curl_set_write_callback(handle, CURLOPT_HEADERFUNCTION, receiveHeaderLine)
    curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    curl_set_write_callback(handle, CURLOPT_WRITEFUNCTION, receiveBody)
    curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    curl_set_read_callback(handle, sendBody)
    curl_set_pointer(handle, CURLOPT_READDATA, context)
    curl_set_long(handle, CURLOPT_NOPROGRESS, 0)
    curl_set_progress_callback(handle, watchForCancellation)
    curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
  }

  private func set(_ request: CurlRequest, _ lists: CurlLists) {
    curl_set_text(handle, CURLOPT_URL, request.url)
    // A digest is over the path as it was given.
    curl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
    curl_set_list(handle, CURLOPT_HTTPHEADER, lists.headers)
    curl_set_list(handle, CURLOPT_RESOLVE, lists.resolved)
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
    curl_set_long(handle, CURLOPT_TIMEOUT_MS, request.totalTimeout.map(milliseconds) ?? 0)
    curl_set_long(handle, CURLOPT_FOLLOWLOCATION, request.followsRedirects ? 1 : 0)
    curl_set_long(handle, CURLOPT_MAXREDIRS, CurlClient.maximumRedirects)
    curl_set_long(handle, CURLOPT_POSTREDIR, Int(CURL_REDIR_POST_301 | CURL_REDIR_POST_302 | CURL_REDIR_POST_303))

    curl_set_text(handle, CURLOPT_USERNAME, request.credentials?.username)
    curl_set_text(handle, CURLOPT_PASSWORD, request.credentials?.password)
    let scheme =
      switch request.credentials?.scheme {
      case .digest: curl_auth_digest
      case .basic: curl_auth_basic
      case nil: curl_auth_none
      }
    curl_set_long(handle, CURLOPT_HTTPAUTH, scheme)

    curl_set_long(handle, CURLOPT_NOBODY, 0)
    curl_set_long(handle, CURLOPT_HTTPGET, 1)
    if let upload = request.upload {
      curl_set_long(handle, CURLOPT_UPLOAD, 1)
      curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, upload.length)
    } else if isSendingBody(request) {
      curl_set_long(handle, CURLOPT_POST, 1)
      curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, request.body?.count ?? 0)
    } else if request.method == .head {
      curl_set_long(handle, CURLOPT_NOBODY, 1)
    }
    let isImplied =
      switch request.method {
      case .get, .head: !isSendingBody(request)
      case .post: true
      default: false
      }
    curl_set_text(handle, CURLOPT_CUSTOMREQUEST, isImplied ? nil : request.method.rawValue)
  }

  private func isSendingBody(_ request: CurlRequest) -> Bool {
    request.upload == nil && (request.body != nil || request.method == .post)
  }

  /// At least a millisecond, because 0 means for ever to libcurl; at most eleven days.
  private func milliseconds(_ seconds: Double) -> Int {
    Int(max(1, min(seconds * 1000, 1e9)))
  }

  /// What would let a value become something else on the wire.
  private func flaw(of request: CurlRequest) -> String? {
    func isClean(_ text: String) -> Bool { text.utf8.allSatisfy { $0 != 0 && $0 != 10 && $0 != 13 } }
    guard isClean(request.url) else { return "the URL holds a line end or a null byte" }
    guard isClean(request.method.rawValue) else { return "the method holds a line end or a null byte" }
    for field in request.headers.fields where !isClean(field.name) || !isClean(field.value) {
      return "the header \(field.name) holds a line end or a null byte"
    }
    for host in request.resolved where !isClean(host.host) || !isClean(host.address) {
      return "the host \(host.host) holds a line end or a null byte"
    }
    return nil
  }
}

/// The lists that libcurl borrows for a request.
private struct CurlLists {
  private(set) var headers: UnsafeMutablePointer<curl_slist>?
  private(set) var resolved: UnsafeMutablePointer<curl_slist>?

  /// False where memory is short.
  mutating func fill(for request: CurlRequest) -> Bool {
    // Without a type of its own, a body would go out as a form's.
    let untyped = request.headers["Content-Type"] == nil ? ["Content-Type:"] : []
    let lines = request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    return Self.append(untyped + lines, to: &headers)
      && Self.append(
        request.resolved.map { host in
          let isIPv6 = host.address.utf8.contains(UInt8(ascii: ":"))
          return "\(host.host):\(host.port):\(isIPv6 ? "[\(host.address)]" : host.address)"
        }, to: &resolved)
  }

  func free() {
    curl_slist_free_all(headers)
    curl_slist_free_all(resolved)
  }

  private static func append(_ lines: [String], to list: inout UnsafeMutablePointer<curl_slist>?) -> Bool {
    for line in lines {
      guard let longer = curl_slist_append(list, line) else { return false }
      list = longer
    }
    return true
  }
}
