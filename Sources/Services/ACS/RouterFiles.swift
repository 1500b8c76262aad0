import CWMP
import HTTP
import Journey
import Logging
import Net
import Provisioning
import Store
import Transport

/// The files that routers fetch from the ACS and send to it, by URLs that are signed for each of them: for one device,
/// where it was when it was given the URL, and for one transfer, while that lasts.
struct RouterFiles: Sendable {
  /// The configuration that a device is to have now, and whose router it is; nil for a device that nobody knows.
  typealias Configuration = @Sendable (DeviceID) throws -> (router: RouterID, file: Goal.File?)?

  let urls: ConfigurationFiles
  let store: FileStore
  let configuration: Configuration
  /// Notes that a file is fetched, by its digest or the beginning of that.
  let fetches: FetchWatch
  let transfers: TransferGrants
  let binding: @Sendable () -> AddressBinding
  let strangers: StrangerWatch
  let journey: JourneyRecorder
  let counters: Counters
  let logger: Logger

  func isFile(_ path: String) -> Bool {
    path.hasPrefix(ConfigurationFiles.folder)
  }

  func isUpload(_ path: String) -> Bool {
    path.hasPrefix(ConfigurationFiles.uploads)
  }

  // MARK: - Out

  /// The answer to a GET or HEAD.
  func respond(to request: HTTP.Request) async -> HTTP.Response {
    let (device, digest): (DeviceID, String)
    switch fetchGrant(of: request) {
    case .success(let grant): (device, digest) = (grant.device, grant.digest)
    case .failure(let refused): return refused.response
    }
    if request.method == .get { fetches.note(digest, by: device) }
    do {
      if let record = store.file(digest: digest) { return try await send(record, to: device, request) }
      guard let known = try configuration(device) else { return HTTP.Response(.notFound) }
      guard let file = known.file, file.digest.hasPrefix(digest) else {
        counters.increment("acs.files.outdated")
        return HTTP.Response(.gone, text: "The file has changed since this URL was given out.\n")
      }
      let served = served(file.name, bytes: file.content.count, to: known.router)
      return Self.response(to: request, file.content, type: "application/octet-stream", digest: file.digest, served)
    } catch {
      counters.increment("acs.files.failed")
      return HTTP.Response((error as? FileStoreError)?.status ?? .serviceUnavailable, text: "\(error)\n")
    }
  }

  private func send(
    _ record: FileRecord, to device: DeviceID, _ request: HTTP.Request
  ) async throws -> HTTP.Response {
    let router = journey.router(device: "\(device)")?.id
    guard let router else { return try await store.response(to: request, record) }
    return try await store.response(
      to: request, record, served(record.name.rawValue, bytes: record.size, to: router))
  }

  private func served(_ name: String, bytes: Int, to router: RouterID) -> @Sendable () -> Void {
    { [counters, journey] in
      counters.increment("acs.files.served")
      journey.sighting(of: router, .downloadServed(file: name, bytes: bytes))
    }
  }

  /// What is made for the one who asks; `served` is called once its end was taken.
  static func response(
    to request: HTTP.Request, _ content: [UInt8], type: String, digest: String, _ served: @escaping @Sendable () -> Void
  ) -> HTTP.Response {
    Representation(length: content.count, type: type, entityTag: digest).response(to: request) { range in
      { write in
        try await write(Array(content[range]))
        if range.upperBound == content.count { served() }
      }
    }
  }

  // MARK: - In

  func reception(of request: HTTP.Request) -> HTTPServer.BodyWay {
    guard isUpload(request.path), request.method == .put || request.method == .post else { return .whole }
    return .stream(limit: store.limits.file) { request, body in await receive(request, body) }
  }

  private func receive(_ request: HTTP.Request, _ body: IncomingBody) async -> HTTP.Response {
    let (device, kind, name): (DeviceID, FileKind, FileRecord.Name)
    switch uploadGrant(of: request) {
    case .success(let grant): (device, kind, name) = (grant.device, grant.kind, grant.name)
    case .failure(let refused): return refused.response
    }
    // A part would be taken for the whole (RFC 9110 §14.5).
    guard request.headers["Content-Range"] == nil else {
      counters.increment("acs.uploads.partial")
      return HTTP.Response(.badRequest, text: "A file is taken whole, not in parts with Content-Range.\n")
    }
    let type = request.headers["Content-Type"].flatMap(MediaType.init)
    guard type?.name.hasPrefix("multipart/") != true else {
      counters.increment("acs.uploads.multipart")
      return HTTP.Response(.unsupportedMediaType, text: "The body has to be the file itself, not a form with it.\n")
    }
    guard request.announcesBody else {
      counters.increment("acs.uploads.unannounced")
      return HTTP.Response(.lengthRequired, text: "The body has neither Content-Length nor Transfer-Encoding.\n")
    }
    // Clients that expect a challenge for their credentials send nothing at first, and the file when there is none.
    guard request.headers["Content-Length"] != "0" else {
      counters.increment("acs.uploads.empty")
      return HTTP.Response(.ok)
    }
    do throws(FileStoreError) {
      let length = request.headers["Content-Length"].flatMap { Int($0) }
      let record = try await store.add(
        body, length: length, as: name, kind: kind, from: .device(device), replacing: false)
      counters.increment("acs.uploads.taken")
      logger.info("a file was uploaded", metadata: [.device: "\(device.name)", .name: "\(record.name)"])
      return HTTP.Response(.created)
    } catch {
      counters.increment("acs.uploads.failed")
      logger.warning(
        "an upload was refused", metadata: [.device: "\(device.name)", .name: "\(name)", .reason: "\(error)"])
      return HTTP.Response(error.status, text: "\(error)\n")
    }
  }
}
