import Foundation
import Net
import Testing

@testable import DNS

/// What the RFCs let a server do and this one does not, on purpose; and that all else has a test.
struct RefusedPointsTests {
  /// The point, what it asks for, and why it is refused.
  static let refused: [(point: String, what: String, why: String)] = [
    (
      "N48", "DNAME (RFC 6672)",
      "it renames a whole tree, which no name of an ACS or a router needs, and is refused when a zone is read"
    ),
    (
      "N69", "one source port for many queries",
      "each query upstream has a socket of its own at a random port; only the spread of the IDs is tested by numbers"
    ),
  ]

  @Test func `N48 a DNAME record is refused when the zone is made`() throws {
    var builder = try Lab.builder()
    let record = Lab.record("old.lab.example", .opaque(.dname, Lab.domain.wire))
    #expect(throws: ZoneError.type(.dname, record.name)) { try builder.add(record) }
  }

  @Test func `each point from N01 to N78 is named by a test, or refused for a reason`() throws {
    let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent()
    var named: Set<String> = []
    for folder in ["DNSTests", "TransportTests/Sockets", "Integration"] {
      let files = try FileManager.default.contentsOfDirectory(
        at: tests.appending(path: folder), includingPropertiesForKeys: nil)
      for file in files where file.pathExtension == "swift" {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          // The numbers stand first in a test's name, or in a case's claim, and the claim behind them.
          guard let start = line.firstRange(of: /(func `|Case\(\s*"|^\s*")N/)?.upperBound else { continue }
          let words = ("N" + line[start...]).split(separator: " ")
          named.formUnion(words.prefix { $0.wholeMatch(of: /N[0-9]{2}|and/) != nil }.map(String.init))
        }
      }
    }
    let points = (1...78).map { "N" + ($0 < 10 ? "0" : "") + String($0) }
    #expect(points.filter { !named.contains($0) } == [])
    #expect(Self.refused.allSatisfy { named.contains($0.point) && !$0.why.isEmpty && !$0.what.isEmpty })
  }
}
