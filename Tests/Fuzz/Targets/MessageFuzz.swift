import DHCP
import Net

/// Any bytes are a DHCP message or are refused; what is read is written and read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  readOptionValues(bytes)
  guard var message = try? Message(decoding: bytes) else { return 0 }
  // What could not be read is not written.
  message.defects = []
  for code in message.options.codes { readOptionValues(message.options[code].map { Array($0) } ?? []) }

  let whole = message.encode(limit: 65_535)
  precondition(whole.dropped.isEmpty, "an option was dropped where there is room")
  if whole.bytes.count <= Message.maximumSize {
    guard let again = try? Message(decoding: whole.bytes) else { preconditionFailure("what was written is not read") }
    precondition(again == message, "what was read again differs")
    precondition(again.encode(limit: 65_535) == whole, "what was written again differs")
  }
  for limit in [0, 300, 548, 1472] {
    let short = message.encode(limit: limit)
    precondition(short.bytes.count <= max(limit, Message.minimumSize), "longer than the limit")
    precondition((try? Message(decoding: short.bytes)) != nil, "what was shortened is not read")
  }
  return 0
}

/// Every reader of an option's value takes any bytes.
private func readOptionValues(_ bytes: [UInt8]) {
  let value = bytes[...]
  _ = UserClasses(option: value)
  _ = ClientIdentifier(option: value)
  _ = String(option: value)
  if let routes = ClasslessRoutes(option: value) {
    var written: [UInt8] = []
    routes.write(into: &written)
    precondition(ClasslessRoutes(option: written[...]) == routes, "routes differ")
  }
  if let classes = VendorIdentifyingClasses(option: value) {
    var written: [UInt8] = []
    classes.write(into: &written)
    precondition(VendorIdentifyingClasses(option: written[...]) == classes, "vendor classes differ")
  }
  if let relay = RelayInformation(option: value) {
    _ = (relay.circuitID, relay.remoteID, relay.linkSelection, relay.isUnicast, relay.serverIdentifierOverride)
    precondition(relay.bytes == bytes, "option 82 differs")
  }
  if let option = try? Option43(decoding: bytes), let written = try? option.encode() {
    guard let again = try? Option43(decoding: written) else { preconditionFailure("option 43 is not read again") }
    precondition(again.url == option.url, "option 43 differs")
  }
}
