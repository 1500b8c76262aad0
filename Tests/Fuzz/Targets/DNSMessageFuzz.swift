import DNS
import Net

/// Any bytes are a DNS message or are refused; what is read is written and read again as the same. As text they are a
/// master file or are refused with a place.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  readZone(bytes)
  guard let message = try? Message(decoding: bytes.span.bytes) else { return 0 }
  let written = message.encode()
  guard let again = try? Message(decoding: written.span.bytes) else {
    preconditionFailure("what was written is not read")
  }
  precondition(again == message, "what was read again differs")
  precondition(again.encode() == written, "what was written again differs")
  for question in message.questions {
    _ = message.addresses(of: question.name)
    guard let name = try? Name("\(question.name)") else { preconditionFailure("a name is not read from its own text") }
    precondition(name.wire == question.name.wire, "a name differs from what its text says")
  }
  return 0
}

private func readZone(_ bytes: [UInt8]) {
  guard let apex = try? Name("example.org") else { return }
  do throws(MasterFileError) {
    let file = try MasterFile(bytes, zone: apex)
    precondition(file.records.allSatisfy { $0.name.isWithin(apex) }, "a record lies outside its zone")
  } catch {
    precondition(error.line >= 1 && error.column >= 1, "a mistake without a place")
  }
}
