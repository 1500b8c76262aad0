import Foundation
import Management
import Testing

struct WholeJSONTests {
  private struct Inner: Codable {
    var text: String?
    var count: Int64?
  }

  private struct Sample: Codable {
    enum Word: String, Codable, CaseIterable { case one, two }

    var name = "a/b"
    var flag: Bool?
    var ratio: Double?
    var number: Int? = 7
    var word: Word?
    var inner: Inner?
    var list: [Inner] = [Inner(text: "x")]
    var words: [String]?
    var map: [String: Int] = ["b": 1, "a": 2]
  }

  @Test func `every key is there, null where there is nothing to say`() throws {
    #expect(
      try WholeJSON.text(Sample())
        == #"{"flag":null,"inner":null,"list":[{"count":null,"text":"x"}],"map":{"a":2,"b":1},"name":"a/b","number":7,"ratio":null,"word":null,"words":null}"#
    )
  }

  @Test func `a schema is what its type is encoded as`() throws {
    #expect(
      JSONSchema(of: [Inner].self)
        == .array(
          .object([
            .init(key: "text", schema: .optional(.string)), .init(key: "count", schema: .optional(.integer)),
          ])))
    #expect(
      try WholeJSON.text(JSONSchema(of: Inner.self))
        == #"{"additionalProperties":false,"properties":{"count":{"type":["integer","null"]},"text":{"type":["string","null"]}},"required":["text","count"],"type":"object"}"#
    )
  }

  @Test func `the schema of each report names all of its keys`() throws {
    for schema in [
      JSONSchema(of: RouterReport.self), JSONSchema(of: EventReport.self), JSONSchema(of: DeviceReport.self),
      JSONSchema(of: LeaseReport.self), JSONSchema(of: StatusReport.self), JSONSchema(of: TaskReport.self),
      JSONSchema(of: ParameterReport.self), JSONSchema(of: WakeReport.self), JSONSchema(of: FileReport.self),
      JSONSchema(of: CredentialsReport.self), JSONSchema(of: TranscriptReport.self),
    ] {
      guard case .object(let properties) = schema else {
        Issue.record("\(schema)")
        continue
      }
      #expect(properties.count >= 4)
      #expect(properties.allSatisfy { $0.schema != .any && $0.schema != .optional(.any) }, "\(properties)")
    }
  }
}
