import CWMP
import HTTP
import Journey
import Net
import Store
import Transport

// Whether a signed URL is good for what it is used for.
extension RouterFiles {
  /// Why nothing is served, as it is answered.
  struct Refused: Error {
    let response: HTTP.Response
  }

  struct UploadGrant {
    let device: DeviceID
    let kind: FileKind
    let name: FileRecord.Name
  }

  /// Counts a GET of it.
  func fetchGrant(of request: HTTP.Request) -> Result<ConfigurationFiles.Grant, Refused> {
    grant(of: request).flatMap { grant in
      guard let commandKey = transfers.download(of: grant.digest, by: grant.device) else {
        return .failure(refuse(request, of: grant.device, .transferOver))
      }
      let isPart = request.headers["Range"].map { !$0.hasPrefix("bytes=0-") } ?? false
      guard request.method != .get || transfers.fetches.take(commandKey, of: grant.device, isPart: isPart) else {
        let most = isPart ? FetchCount.parts : FetchCount.wholes
        return .failure(refuse(request, of: grant.device, .fetchedTooOften(most)))
      }
      return .success(grant)
    }
  }

  func uploadGrant(of request: HTTP.Request) -> Result<UploadGrant, Refused> {
    grant(of: request).flatMap { grant in
      guard let (kind, key) = ConfigurationFiles.upload(path: request.path),
        let name = ConfigurationFiles.name(of: grant.device, kind, key: key)
      else { return .failure(Refused(response: HTTP.Response(.notFound))) }
      // One that was cut has left nothing, and may come again.
      guard store.file(named: name) == nil else {
        return .failure(refuse(request, of: grant.device, .uploadedAlready))
      }
      guard transfers.isUpload(key, by: grant.device) else {
        return .failure(refuse(request, of: grant.device, .transferOver))
      }
      return .success(UploadGrant(device: grant.device, kind: kind, name: name))
    }
  }

  private func grant(of request: HTTP.Request) -> Result<ConfigurationFiles.Grant, Refused> {
    let grant: ConfigurationFiles.Grant
    do throws(SignatureError) {
      grant = try urls.grant(of: request, at: SteadyClock.now())
    } catch {
      return .failure(refuse(request, error))
    }
    let address = IPv4Address(request.peer.host)
    guard binding().holds(grant.address, address) else {
      let refusal = GrantRefusal.otherAddress(address, place: binding().place(of: grant.address))
      return .failure(refuse(request, of: grant.device, refusal))
    }
    return .success(grant)
  }

  /// A URL that is not ours, or not any more: nobody knows whose it was, and who used it is told of it.
  private func refuse(_ request: HTTP.Request, _ error: SignatureError) -> Refused {
    counters.increment("acs.files.\(error.counterName)")
    let reason = "the URL of a file was refused: \(error)"
    if let router = IPv4Address(request.peer.host).flatMap({ journey.router(at: $0)?.id }) {
      tell(reason, of: router, error.counterName)
    }
    logger.warning("a file was refused", metadata: [.peer: "\(request.peer)", .reason: "\(error)"])
    return Refused(response: HTTP.Response(.forbidden, text: "\(error)\n"))
  }

  private func refuse(_ request: HTTP.Request, of device: DeviceID, _ refusal: GrantRefusal) -> Refused {
    counters.increment("acs.files.\(refusal.counterName)")
    let reason = "\(request.method.rawValue) \(request.path): \(refusal)"
    if let router = journey.router(device: "\(device)")?.id { tell(reason, of: router, refusal.counterName) }
    let status: HTTP.Status = refusal == .uploadedAlready ? .conflict : .forbidden
    return Refused(response: HTTP.Response(status, text: "\(refusal)\n"))
  }

  private func tell(_ reason: String, of router: RouterID, _ kind: String) {
    guard strangers.isNews(kind, of: router, at: SteadyClock.now()) else { return }
    journey.sighting(of: router, .misuseRefused(reason: reason))
  }
}
