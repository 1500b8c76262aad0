import Foundation
import Testing
import XML

/// A thread keeps its parser from one document to the next, and nothing of the document in it.
struct XMLIsolationTests {
  /// A document as a POST brings it.
  private struct Arrival: Sendable, CustomStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// The charset of its Content-Type.
    let charset: String?

    var description: String { "\(name), \(charset.map { "told to be \($0)" } ?? "by itself")" }

    /// All that a reader tells of it, be it a tree or a refusal.
    var answer: String {
      do throws(XMLError) {
        var text = ""
        Self.write(try XMLReader().read(bytes, encoding: charset), into: &text)
        return text
      } catch {
        return "\(error.counter): \(error)"
      }
    }

    private static func write(_ element: XMLElement, into text: inout String) {
      text += "(\(element.prefix ?? "-") \(element.namespace ?? "-") \(element.name) \(element.line)"
      for namespace in element.declaredNamespaces { text += " xmlns=\(namespace)" }
      for attribute in element.attributes {
        text += " \(attribute.prefix ?? "-") \(attribute.namespace ?? "-") \(attribute.name)=\(attribute.value)"
      }
      text += " \(element.text.debugDescription)"
      for child in element.children { write(child, into: &text) }
      text += ")"
    }
  }

  /// `é` as ISO-8859-1 has it, in documents that say so in different ways, or say something else.
  private static let latin: [(String, [UInt8])] = [
    "iso-8859-1", "ISO-8859-1", "latin1", "windows-1252", "iso-8859-15", "koi8-r", "us-ascii", "utf-8", "gb18030",
  ].map { encoding in
    (
      "a Latin letter declared \(encoding)",
      Array("<?xml version='1.0' encoding='\(encoding)'?><a b='".utf8) + [0xE9] + Array("'>".utf8) + [0xE9]
        + Array("</a>".utf8)
    )
  }

  private static let texts: [(String, String)] = [
    ("plain", "<a:one x='1'><b>2</b></a:one>"),
    ("UTF-8 undeclared", "<a b='é'>华</a>"),
    ("UTF-8 declared", "<?xml version='1.0' encoding='UTF-8' standalone='yes'?><a b='é'>华</a>"),
    ("UTF-8 declared otherwise", "<?xml version='1.0' encoding='gb2312'?><a>é华</a>"),
    ("a mark ahead", "\u{FEFF}<a>é</a>"),
    ("UTF-16 declared", "<?xml version='1.0' encoding='UTF-16'?><a/>"),
    ("an unknown encoding", "<?xml version='1.0' encoding='latin1-odd'?><a/>"),
    ("version 1.1", "<?xml version='1.1'?><a>&#133;</a>"),
    (
      "namespaces",
      "<a xmlns='urn:d' xmlns:a='urn:a' xml:lang='en'><b xmlns='urn:e' a:x='1'/><a:c xmlns:a='urn:f'/></a>"
    ),
    ("the prefixes of another undeclared", "<a:a><b a:x='1' xml:space='preserve'> </b></a:a>"),
    ("a prefix bound to the namespace of xml", "<a xmlns:xml='urn:x'/>"),
    ("malformed", "<a>\n<b></c></a>"),
    ("an attribute twice", "<a b='1' b='2'/>"),
    ("two roots", "<a/><b/>"),
    ("cut in a tag", "<a><b c='1"),
    ("cut in a text", "<?xml version='1.0' encoding='iso-8859-1'?><a>b"),
    ("cut in CDATA", "<a><![CDATA[b"),
    ("empty", ""),
    ("blank", " \n "),
    ("no document", "HTTP/1.1 200 OK"),
    ("too deep", String(repeating: "<a>", count: 70) + String(repeating: "</a>", count: 70)),
    ("as deep as may be", String(repeating: "<a>", count: 64) + String(repeating: "</a>", count: 64)),
    ("a document type", "<!DOCTYPE a [<!ENTITY e 'x'><!ATTLIST a b CDATA 'c'>]><a>&e;</a>"),
    ("an entity", "<a>&e;</a>"),
    ("the predefined entities", "<a b='&lt;&#9;'>&amp;&#x41;</a>"),
    ("a control character", "<a>\u{1}</a>"),
    ("a long name", "<a><\(String(repeating: "n", count: 50_001))/></a>"),
    (
      "long names that differ",
      "<a>" + (0..<9).map { "<n\($0)\(String(repeating: "n", count: 9000))/>" }.joined() + "</a>"
    ),
    ("many names", "<a>" + (1...200).map { "<name\($0)/>" }.joined() + "</a>"),
    ("too many names", "<a>" + (1...300).map { "<name\($0)/>" }.joined() + "</a>"),
    ("many attributes", "<a " + (1...64).map { "b\($0)='\($0)'" }.joined(separator: " ") + "/>"),
    ("too many attributes", "<a " + (1...65).map { "b\($0)='\($0)'" }.joined(separator: " ") + "/>"),
    ("a long text", "<a b='\(String(repeating: "v", count: 9000))'>\(String(repeating: "é ", count: 20_000))</a>"),
    ("a comment and an instruction", "<?p i?><!-- é --><a>1<!-- 2 -->3<?p i?></a><!-- end -->"),
  ]

  private static let arrivals: [Arrival] = {
    let bytes: [(String, [UInt8])] = [
      ("a Latin letter undeclared", Array("<a>".utf8) + [0xE9] + Array("</a>".utf8)),
      ("Chinese undeclared", Array("<a>".utf8) + [0xBB, 0xAA] + Array("</a>".utf8)),
      ("UTF-16", "<a/>".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }),
      ("half a letter", Array("<?xml version='1.0' encoding='gb18030'?><a>".utf8) + [0x81]),
      ("a zero", Array("<a>".utf8) + [0] + Array("</a>".utf8)),
    ]
    let documents = texts.map { ($0, Array($1.utf8)) } + latin + bytes
    return [nil, "utf-8", "ISO-8859-1", "gb18030"].flatMap { charset in
      documents.map { Arrival(name: $0, bytes: $1, charset: charset) }
    }
  }()

  private func onFreshThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }

  @Test func `a document is read as by a fresh thread, whatever document came before it`() async {
    var alone: [String] = []
    for arrival in Self.arrivals { alone.append(await onFreshThread { arrival.answer }) }
    #expect(Set(alone).count > 40, "the documents are not told apart")
    let expected = alone
    let differences = await onFreshThread {
      var differences: [String] = []
      for first in Self.arrivals {
        for (second, answer) in zip(Self.arrivals, expected) {
          _ = try? XMLReader().read(first.bytes, encoding: first.charset)
          if second.answer != answer { differences.append("\(second) after \(first)") }
        }
      }
      return differences
    }
    #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(5))")
  }

  @Test func `a declared ISO-8859-1 is read as such after a document with a charset from outside`() async throws {
    let declared = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9] + Array("</a>".utf8)
    let text = await onFreshThread {
      _ = try? XMLReader().read(Array("<a>é</a>".utf8), encoding: "utf-8")
      return try? XMLReader().read(declared).text
    }
    #expect(text == "é")
  }
}
