import XML

/// The fault of a CPE that does not put it where TR-069 section 3.5 has it (`detail`, `cwmp:Fault`): within
/// `faultstring`, beside it, or as a number in the text.
enum MisplacedFault {
  /// Elements that are looked through, at most.
  private static let limit = 4096

  static func fault(in element: XMLElement, _ warnings: inout Warnings) -> Fault {
    let elements = descendants(of: element)
    func texts(_ names: String...) -> [String] {
      names.flatMap { name in elements.filter { $0.name == name }.map(\.text.trimmed) }.filter { !$0.isEmpty }
    }
    var fault = Fault(code: 0, text: texts("FaultString", "faultstring", "detail").first ?? "")
    fault.code =
      texts("FaultCode", "faultcode", "FaultString", "faultstring", "detail", "Fault").lazy
      .compactMap(code).first ?? 0
    fault.parameters = elements.filter { $0.name == parameterFault }.map { ParameterFault(decoding: $0, &warnings) }
    return fault
  }

  private static let parameterFault = "SetParameterValuesFault"

  /// All below it in order, but for what is below the fault of a parameter.
  private static func descendants(of element: XMLElement) -> [XMLElement] {
    var found: [XMLElement] = []
    var waiting = Array(element.children).reversed() as [XMLElement]
    while let next = waiting.popLast(), found.count < limit {
      found.append(next)
      if next.name != parameterFault { waiting += Array(next.children).reversed() }
    }
    return found
  }

  /// The first number of four digits in it that is a code of a CPE's or an ACS's (TR-069 annex A.5).
  private static func code(in text: String) -> Int? {
    text.prefix(1024).split { !$0.isLetter && !$0.isNumber }.lazy.filter { $0.utf8.count == 4 }.compactMap { Int($0) }
      .first { (9000...9899).contains($0) || (8000...8899).contains($0) }
  }
}
