import XML

/// GetRPCMethodsResponse (TR-069 annex A.3.1.1), of either side. The request has no arguments.
package struct GetRPCMethodsResponse: Hashable, Sendable {
  /// Names; vendors' own begin with `X_`.
  package var methods: [String]

  package init(methods: [String]) {
    self.methods = methods
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    methods = element.entries(of: "MethodList", &warnings).map { $0.text.trimmed }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("MethodList", of: "xsd:string", methods) { $0.element("string", text: $1) }
  }
}
