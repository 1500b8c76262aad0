import CWMP
import HTTP
import Net
import Store
import Testing
import Transport

@testable import Services

struct FileURLTests {
  private let now = Timestamp(secondsSince1970: 1_767_225_600)
  private let visit = Request(
    method: .post, target: RequestTarget("/acs"), local: HostPort(host: "192.0.2.1", port: 7547))
  private let device = DeviceID(oui: "000FE2", productClass: "MSR36-20", serialNumber: "210235A1B2C3D4E5F601")

  private var urls: ConfigurationFiles {
    get throws { ConfigurationFiles(key: try SigningKey(bytes: [UInt8](repeating: 7, count: 32))) }
  }

  private func file(_ name: String) throws -> FileRecord {
    FileRecord(
      name: try #require(FileRecord.Name(rawValue: name)), kind: .firmware, size: 1,
      digest: String(repeating: "ab", count: 32), moment: now, origin: .operator)
  }

  private func request(_ url: String) -> Request {
    Request(method: .get, target: RequestTarget(url))
  }

  @Test func `a download's URL ends with the file's name, and is the device's for an hour`() throws {
    let url = try urls.url(of: try file("msr36.ipe"), for: device, after: visit, at: now)
    #expect(url.hasPrefix("http://192.0.2.1:7547/files/abababababababab/msr36.ipe?t="))
    #expect(url.utf8.count <= 256)
    let grant = try urls.grant(of: request(url), at: now.advanced(bySeconds: 3599))
    #expect(grant.device == device && grant.digest == "abababababababab")
    #expect(throws: SignatureError.self) { try urls.grant(of: request(url), at: now.advanced(bySeconds: 3600)) }
    #expect(throws: SignatureError.forged) {
      try urls.grant(of: request(url.replacing("msr36", with: "msr37")), at: now)
    }
  }

  @Test func `a file that a router uploaded can be fetched by its URL`() throws {
    let name = try #require(ConfigurationFiles.name(of: device, .configuration, key: "k"))
    let url = try urls.url(of: try file(name.rawValue), for: device, after: visit, at: now)
    #expect(url.contains("/000FE2-MSR36-20-210235A1B2C3D4E5F601-configuration-k.cfg?t="))
    #expect(try urls.grant(of: request(url), at: now).digest == "abababababababab")
  }

  @Test func `a name that would make the URL too long is left out`() throws {
    let url = try urls.url(
      of: try file(String(repeating: "x", count: 200)), for: device, after: visit, at: now)
    #expect(url.hasPrefix("http://192.0.2.1:7547/files/abababababababab?t=") && url.utf8.count <= 256)
  }

  @Test func `an upload's URL says what it is for, and only ours do`() throws {
    let url = try urls.uploadURL(.log, for: device, commandKey: "k 1/ü", after: visit, at: now)
    #expect(url.hasPrefix("http://192.0.2.1:7547/uploads/log/k_1___?t=") && url.utf8.count <= 256)
    let request = request(url)
    #expect(try urls.grant(of: request, at: now).device == device)
    let upload = try #require(ConfigurationFiles.upload(path: request.path))
    #expect(upload.kind == .log && upload.key == "k_1___")
    #expect(
      ConfigurationFiles.name(of: device, .log, key: upload.key)?.rawValue
        == "000FE2-MSR36-20-210235A1B2C3D4E5F601-log-k_1___.log")
    for path in ["/uploads/", "/uploads/log", "/uploads/x/k", "/uploads/log/k/x", "/files/log/k"] {
      #expect(ConfigurationFiles.upload(path: path) == nil)
    }
  }

  @Test func `no two devices have one name for an upload, and each may be a file's`() throws {
    let long = String(repeating: "ü-", count: 64)
    let devices = [
      ("MSR36-20", "A1"), ("MSR36", "20-A1"), ("MSR36_20", "A1"), ("MSR36%20", "A1"), ("", "MSR36-20-A1"), ("", "A1"),
      ("A", ""), ("MSR36-20", "A.1"), ("MSR36-20", "A/1"), ("MSR36-20", "A_1"), ("-", "A1"), (long, long),
      (String(repeating: "a", count: 64), String(repeating: "b", count: 64)),
    ].map { DeviceID(oui: "000FE2", productClass: $0.0, serialNumber: $0.1) }
    let names = try devices.map { device in
      try #require(ConfigurationFiles.name(of: device, .configuration, key: String(repeating: "k", count: 32)))
    }
    #expect(Set(names).count == devices.count)
    #expect(names.allSatisfy { !$0.rawValue.contains("%") })
    #expect(names[0].rawValue == "000FE2-MSR36-20-A1-configuration-\(String(repeating: "k", count: 32)).cfg")
  }
}
