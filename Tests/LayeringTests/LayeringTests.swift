import Foundation
import Testing

/// Holds every import of the sources against the layering table in Package.swift: SwiftPM's own check lets through what
/// a target gets by way of another.
struct LayeringTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func `the table names every source folder`() throws {
    let table = try LayeringTable(packageFile: root.appending(path: "Package.swift"))
    let folders = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path)
      .filter { !$0.hasPrefix(".") }
    let shims = folders.filter {
      $0.hasPrefix("C") && $0.dropFirst().first?.isUppercase == true && $0 != "CWMP" && $0 != "CPE"
    }
    #expect(Set(folders).subtracting(shims) == Set(table.parts.keys).union(["usher"]))
  }

  @Test func `every import is allowed by the table`() throws {
    let table = try LayeringTable(packageFile: root.appending(path: "Package.swift"))
    #expect(table.parts.count > 10)
    var imports = 0
    for (part, allowed) in table.parts {
      for (file, module) in try importedModules(of: part) {
        imports += 1
        #expect(
          allowed.contains(module) || LayeringTable.anywhere.contains(module)
            || (!LayeringTable.pure.contains(part) && LayeringTable.world.contains(module)),
          "\(file) imports \(module), which \(part) may not")
      }
    }
    #expect(imports > 50)
  }

  @Test(arguments: LayeringTable.pure)
  func `a pure part reads neither clock nor randomness`(part: String) throws {
    let forbidden = [
      "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock", "clock_gettime", ".random(in:", "Date()",
    ]
    for file in try sources(of: part) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for word in forbidden {
        #expect(!text.contains(word), "\(file.lastPathComponent) uses \(word)")
      }
    }
  }

  private func importedModules(of part: String) throws -> [(file: String, module: String)] {
    let pattern = try Regex(
      #"^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|func|protocol|var|let|typealias)\s+)?(\w+)"#
    )
    return try sources(of: part).flatMap { file in
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
        line.prefixMatch(of: pattern).flatMap { $0.output[1].substring }.map { (file.lastPathComponent, String($0)) }
      }
    }
  }

  private func sources(of part: String) throws -> [URL] {
    let folder = root.appending(path: "Sources/\(part)")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
  }
}

/// What Package.swift says of each part: the modules of ours and of others' that it may import.
struct LayeringTable {
  /// Parts that know nothing of the world: the moment and random values are passed to them.
  static let pure = [
    "Net", "HTTP", "XML", "DHCP", "DNS", "TFTP", "CWMP", "Provisioning", "Journey", "Store",
  ]
  /// Parts of Swift itself that any part may use.
  static let anywhere: Set = ["Swift", "Synchronization"]
  /// The platform: not for pure parts.
  static let world: Set = ["Foundation", "FoundationEssentials", "Glibc", "Dispatch"]

  let parts: [String: Set<String>]

  init(packageFile: URL) throws {
    let text = try String(contentsOf: packageFile, encoding: .utf8)
    let domain = try #require(try Self.list(named: "let domain = ", in: text))
    let products = Dictionary(
      uniqueKeysWithValues: text.matches(of: try Regex(#"let (\w+) = Target\.Dependency\.product\(name: "(\w+)""#))
        .map { (String($0.output[1].substring ?? ""), String($0.output[2].substring ?? "")) })

    var parts: [String: Set<String>] = [:]
    for piece in text.components(separatedBy: "Part(").dropFirst() {
      guard let name = piece.firstMatch(of: try Regex(#"^\s*name: "(\w+)""#))?.output[1].substring else { continue }
      let end = piece.range(of: "),\n")?.lowerBound ?? piece.endIndex
      let row = String(piece[..<end])
      var allowed = Set(try Self.list(named: "imports: ", in: row) ?? [])
      if row.contains("+ domain") { allowed.formUnion(domain) }
      if let libraries = row.firstMatch(of: try Regex(#"libraries: \[([^\]]*)\]"#))?.output[1].substring {
        for library in libraries.split(separator: ",") {
          let key = library.trimmingCharacters(in: .whitespaces)
          allowed.insert(try #require(products[key], "no product named \(key)"))
        }
      }
      parts[String(name)] = allowed
    }
    self.parts = parts
  }

  private static func list(named prefix: String, in text: String) throws -> [String]? {
    guard let start = text.range(of: prefix + "[")?.upperBound,
      let end = text[start...].firstIndex(of: "]")
    else { return nil }
    return text[start..<end].matches(of: try Regex(#""(\w+)""#)).map { String($0.output[1].substring ?? "") }
  }
}
