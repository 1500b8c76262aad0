import CWMP
import Foundation
import HTTP
import Journey
import Logging
import Net
import Provisioning
import Store
import Transport

@testable import Services

/// An ACS without sockets: its handler over a store in memory, wired as the appliance does it.
final class ACSFixture: Sendable {
  static let username = "seat"
  static let password = "row7"
  static let ntp = "192.0.2.1"
  static let configuration = "sysname lab\n"

  let store = MemoryStore()
  let counters = Counters()
  let devices = DeviceDirectory()
  let tasks = TaskDirectory()
  let keyring: Keyring
  let journey: JourneyRecorder
  let committer: Committer
  let site: Current<SiteConfiguration>
  let handler: CWMPHandler
  private let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)").path

  /// Every router is let in, and gets two parameters beside the periodic Inform, one of them a secret, and a
  /// configuration, without a reboot. `change` is what is otherwise.
  init(
    discovers: Bool = false, firstContact: FirstContact? = nil,
    _ change: (inout SiteConfiguration) throws -> Void = { _ in }
  ) throws {
    let profile = Profile(
      name: "lab", admit: .all,
      parameters: [
        ParameterValue(path: "~.Time.NTPServer1", value: Self.ntp),
        ParameterValue(path: "~.Time.Enable", value: "1", type: .boolean),
        ParameterValue(path: "~.ManagementServer.STUNPassword", value: "hidden"),
      ],
      configuration: Profile.Configuration(template: try Template(Self.configuration), fileName: "startup.cfg"),
      discovers: discovers)
    var configuration = SiteConfiguration(
      url: try ACSURL("http://192.0.2.1:7547/acs"), username: Self.username, password: Self.password,
      authenticates: true, inventory: Inventory(), profiles: [profile], bootFile: try Template(""), bootFileNames: [])
    try change(&configuration)
    site = Current(configuration)
    keyring = try Keyring(key: Array(repeating: 7, count: 32))
    committer = Committer(store: store) { [devices, tasks] changes in
      devices.apply(changes)
      tasks.apply(changes)
    }
    journey = JourneyRecorder(routers: [], last: RouterID(rawValue: 0), committer: committer, counters: counters)
    let files = try FileStore(
      folder: ContentFolder(path: folder), records: [], limits: FileStore.Limits(), journey: journey,
      counters: counters)
    let urls = ConfigurationFiles(key: try SigningKey(bytes: Array(repeating: 7, count: 32)))
    handler = CWMPHandler(
      site: site, gatekeeper: Gatekeeper(keyring: keyring, devices: devices), firstContact: firstContact,
      provisioner: Provisioner(
        keyring: keyring, files: urls, store: files, journey: journey, devices: devices, tasks: tasks,
        queries: store),
      sessions: SessionTable(), transcripts: TranscriptKeeper(journey: journey, counters: counters),
      informs: InformWatch(), journey: journey, devices: devices, counters: counters,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  deinit {
    committer.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func counter(_ name: String) -> Int { counters.all[name] ?? 0 }

  /// Asks a task of the device, as an operator would.
  @discardableResult
  func ask(_ request: TaskRequest, of device: DeviceID) async throws -> DeviceTask? {
    let task = tasks.make(for: device, request, lifetime: 3600, attemptLimit: 1, at: SteadyClock.now())
    if let task { try await journey.commit([.task(task)]) }
    return task
  }
}
