import CWMP
import XML

/// What a message must be that every CPE is to take, beyond what a schema says: schemas admit any element in the Body
/// and the Header, and do not count the entries of arrays.
struct MessageStructure {
  let namespace: Namespace
  private(set) var problems: [String] = []

  private static let soap = "http://schemas.xmlsoap.org/soap/envelope/"
  private static let prefixes = [
    "soap-env": soap, "soap-enc": "http://schemas.xmlsoap.org/soap/encoding/",
    "xsd": "http://www.w3.org/2001/XMLSchema", "xsi": "http://www.w3.org/2001/XMLSchema-instance",
  ]

  /// The names of the elements in the Header and the Body.
  private(set) var names: [String] = []

  init(of bytes: [UInt8], in namespace: Namespace) throws(XMLError) {
    self.namespace = namespace
    let root = try XMLReader().read(bytes)
    check(root, is: "Envelope", "soap-env", Self.soap)
    if Set(root.declaredNamespaces) != Set(Self.prefixes.values).union([namespace.urn]) {
      problems.append("the envelope declares \(root.declaredNamespaces)")
    }
    let parts = root.children.map(\.name)
    if parts != ["Body"] && parts != ["Header", "Body"] { problems.append("the envelope has \(parts)") }
    for part in root.children {
      check(part, is: part.name, "soap-env", Self.soap)
      for element in part.children {
        names.append(element.name)
        if part.name == "Body", element.name == "Fault" {
          fault(element)
        } else {
          check(element, is: element.name, "cwmp", namespace.urn)
          element.children.forEach { argument($0) }
        }
        if part.name == "Header" { header(element) }
      }
    }
    if root.child("Body")?.children.map(\.name).count != 1 { problems.append("the body has not one element") }
  }

  private mutating func check(_ element: XMLElement, is name: String, _ prefix: String, _ namespace: String) {
    if element.name != name || element.prefix != prefix || element.namespace != namespace {
      problems.append("\(element.prefix ?? ""):\(element.name) is not \(prefix):\(name) of \(namespace)")
    }
  }

  private mutating func header(_ element: XMLElement) {
    let mark = element.attributes.first { $0.name == "mustUnderstand" }
    let expected = ["SessionTimeout", "SupportedCWMPVersions"].contains(element.name) ? "0" : "1"
    if mark?.namespace != Self.soap || mark?.value != expected {
      problems.append("the header \(element.name) has mustUnderstand \(mark?.value ?? "(none)")")
    }
  }

  private mutating func fault(_ element: XMLElement) {
    check(element, is: "Fault", "soap-env", Self.soap)
    let children = Array(element.children)
    if children.contains(where: { $0.prefix != nil }) { problems.append("a part of the fault has a prefix") }
    guard let detail = element.child("detail") else {
      if children.map(\.name) != ["faultcode", "faultstring"] {
        problems.append("the fault has \(children.map(\.name))")
      }
      return
    }
    if children.map(\.name) != ["faultcode", "faultstring", "detail"] {
      problems.append("the fault has \(children.map(\.name))")
    }
    if !["Client", "Server"].contains(element.child("faultcode")?.text) {
      problems.append("the fault has another code")
    }
    if element.child("faultstring")?.text != "CWMP fault" { problems.append("the fault has another string") }
    for child in detail.children {
      names.append(child.name)
      check(child, is: "Fault", "cwmp", namespace.urn)
      child.children.forEach { argument($0) }
    }
  }

  private mutating func argument(_ element: XMLElement) {
    if element.prefix != nil || element.namespace != nil {
      problems.append("the argument \(element.name) has a prefix")
    }
    if let type = element.attribute("arrayType") { array(element, type) }
    if let type = element.attribute("type"), !isDeclared(type) { problems.append("the type \(type) is not declared") }
    element.children.forEach { argument($0) }
  }

  private mutating func array(_ element: XMLElement, _ type: String) {
    let children = Array(element.children)
    guard type.hasSuffix("[\(children.count)]"), let bracket = type.firstIndex(of: "["), isDeclared(type) else {
      problems.append("\(element.name) states \(type) and has \(children.count) entries")
      return
    }
    let entry = type[..<bracket].split(separator: ":").last.map { String($0) } ?? ""
    if children.contains(where: { $0.name != entry }) { problems.append("\(element.name) has others than \(entry)") }
  }

  private func isDeclared(_ qualifiedName: String) -> Bool {
    let prefix = qualifiedName.split(separator: ":").first.map { String($0) } ?? ""
    return prefix == "cwmp" || Self.prefixes[prefix] != nil
  }
}
