import CWMP
import Foundation
import Testing
import XML

/// Every message in every namespace. Where the environment variable USHER_CWMP_SCHEMAS names a folder with the schemas
/// of CWMP (cwmp-1-0.xsd to cwmp-1-4.xsd), wrappers all-1-N.xsd that join them with SOAP's, and a catalog.xml, they are
/// validated too, by xmllint.
struct SchemaTests {
  static let schemas = ProcessInfo.processInfo.environment["USHER_CWMP_SCHEMAS"]

  @Test(arguments: SchemaMessages.fromACS)
  func `what the ACS says has the structure that every CPE takes, and is read as it was written`(
    message: SchemaMessages.FromACS
  ) throws {
    let bytes = message.envelope.encoded()
    #expect(try MessageStructure(of: bytes, in: message.envelope.namespace).problems == [])
    let (read, warnings) = try fromACS(bytes)
    #expect(read == message.envelope)
    #expect(warnings.isEmpty)
  }

  @Test(arguments: SchemaMessages.fromCPE)
  func `what a CPE says has the structure of the standard, and is read as it was written`(
    message: SchemaMessages.FromCPE
  ) throws {
    let bytes = message.envelope.encoded()
    #expect(try MessageStructure(of: bytes, in: message.envelope.namespace).problems == [])
    let (read, warnings) = try fromCPE(bytes)
    #expect(read == message.envelope)
    #expect(warnings.isEmpty)
  }

  @Test func `there is a message of every method, each way`() {
    let methods = Set(CWMP.Method.allCases)
    let fromACS = SchemaMessages.fromACS.map(\.envelope).filter { $0.namespace == .newest }
    let fromCPE = SchemaMessages.fromCPE.map(\.envelope).filter { $0.namespace == .newest }
    let asked =
      fromACS.compactMap { if case .request(let request) = $0.body { request.method } else { nil } }
      + fromCPE.compactMap { if case .request(let request) = $0.body { request.method } else { nil } }
    let answered =
      fromACS.compactMap { if case .response(let response) = $0.body { response.method } else { nil } }
      + fromCPE.compactMap { if case .response(let response) = $0.body { response.method } else { nil } }
    #expect(Set(asked) == methods)
    #expect(Set(answered) == methods)
  }

  /// Versions 1.2, 1.3 and 1.4 share a namespace; the last adds headers to it.
  @Test(.enabled(if: schemas != nil), arguments: zip(SchemaMessages.namespaces, [0, 1, 4]))
  func `every message is valid by the schema of its version`(namespace: Namespace, version: Int) throws {
    let folder = try #require(Self.schemas)
    let declared = try Self.elements(declaredIn: folder, for: namespace)
    #expect(declared.contains("Inform"))
    var messages: [(name: String, bytes: [UInt8])] = []
    for message in SchemaMessages.fromACS where message.envelope.namespace == namespace {
      messages.append((message.description, message.envelope.encoded()))
    }
    for message in SchemaMessages.fromCPE where message.envelope.namespace == namespace {
      messages.append((message.description, message.envelope.encoded()))
    }
    for message in messages {
      let structure = try MessageStructure(of: message.bytes, in: namespace)
      #expect(structure.names.filter { !declared.contains($0) } == [], "\(message.name)")
    }
    let (valid, output) = try Self.validate(messages, by: "all-1-\(version).xsd", in: folder)
    #expect(valid == messages.count, "\(output)")
  }

  /// How many are valid, and what xmllint says of the others.
  private static func validate(
    _ messages: [(name: String, bytes: [UInt8])], by schema: String, in folder: String
  ) throws -> (valid: Int, output: String) {
    let files = FileManager.default.temporaryDirectory.appendingPathComponent("usher-cwmp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: files) }
    var paths: [String] = []
    for message in messages {
      let file = files.appendingPathComponent(message.name + ".xml")
      try Data(message.bytes).write(to: file)
      paths.append(file.path)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xmllint", "--nonet", "--noout", "--schema", schema] + paths
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    environment["XML_CATALOG_FILES"] = folder + "/catalog.xml"
    process.environment = environment
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = output.split(separator: "\n")
    let others = lines.filter { !$0.hasSuffix(" validates") }
    return (lines.count - others.count, others.prefix(40).joined(separator: "\n"))
  }

  /// The names of the elements that the schemas of this namespace declare.
  private static func elements(declaredIn folder: String, for namespace: Namespace) throws -> Set<String> {
    var names: Set<String> = []
    for minor in 0...4 {
      let file = URL(fileURLWithPath: folder).appendingPathComponent("cwmp-1-\(minor).xsd")
      let root = try XMLReader().read(Array(try Data(contentsOf: file)))
      guard root.attribute("targetNamespace") == namespace.urn else { continue }
      names.formUnion(root.children.filter { $0.name == "element" }.compactMap { $0.attribute("name") })
    }
    return names
  }
}
