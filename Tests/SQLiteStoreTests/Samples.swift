import CWMP
import DHCP
import Foundation
import Journey
import Net
import SQLiteStore
import Store
import Testing

/// The engines that keep one contract.
enum Engine: CaseIterable {
  case memory, sqlite

  func withStore(_ body: (any FactStore & FactQueries) async throws -> Void) async throws {
    switch self {
    case .memory: try await body(MemoryStore())
    case .sqlite:
      let folder = try Folder()
      try await body(SQLiteStore(path: folder.path("store.db")))
    }
  }
}

/// A folder of its own for one test, gone with it.
final class Folder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The size of a file in bytes, 0 where there is none.
  func size(of name: String) throws -> Int {
    guard FileManager.default.fileExists(atPath: path(name)) else { return 0 }
    return try FileManager.default.attributesOfItem(atPath: path(name))[.size] as? Int ?? 0
  }

  func mode(of name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
  }
}

let noon = Timestamp(secondsSince1970: 1_767_268_800)

/// The `index`th lease of 10.0.0.0/8.
func lease(_ index: Int, start: Timestamp = noon) -> Lease {
  Lease(
    address: IPv4Address(rawValue: 0x0A00_0001 + UInt32(index)),
    client: .hardware(type: 1, address: [0, 0x0F, 0xE2, 0, UInt8(index >> 8 & 255), UInt8(index & 255)]),
    hardware: MACAddress(rawValue: 0x000F_E200_0000 + UInt64(index)),
    state: .bound, start: start, expiry: start.advanced(bySeconds: 3600))
}

func event(_ router: Int64, _ text: String, at moment: Timestamp = noon) -> Event {
  Event(router: RouterID(rawValue: router), moment: moment, fact: .sessionAborted(reason: text))
}

func router(_ id: Int64) -> Router {
  Router(id: RouterID(rawValue: id), hardware: MACAddress(rawValue: UInt64(id)), firstSeen: noon)
}

func device(_ serial: String, informed: Timestamp = noon) -> Device {
  Device(
    id: DeviceID(oui: "000FE2", productClass: "MSR", serialNumber: serial), manufacturer: "H3C",
    dataModel: .internetGatewayDevice, firstInform: informed)
}

func file(
  _ name: String, _ kind: FileKind = .firmware, size: Int = 3, digest: String = "ab",
  from origin: FileRecord.Origin = .operator
) throws -> FileRecord {
  FileRecord(
    name: try #require(FileRecord.Name(rawValue: name)), kind: kind, size: size, digest: digest, moment: noon,
    origin: origin)
}

extension FactQueries {
  func texts(of router: Int64?) throws -> [String] {
    try events(of: router.map(RouterID.init(rawValue:)), after: 0, limit: .max).map { recorded in
      if case .sessionAborted(let reason) = recorded.event.fact { reason } else { "?" }
    }
  }
}
