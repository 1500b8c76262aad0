/// A zone that we are authoritative for. Its SOA stands here rather than among the records of its apex, so that one more
/// lease changes the serial in one place.
package struct Zone: Sendable {
  package let apex: Name
  package private(set) var soa: StartOfAuthority
  /// The TTL of the SOA record, in seconds.
  let timeToLive: UInt32
  /// Whether a name below the apex has NS records.
  var hasDelegations = false
  /// The SOA as an answer.
  private(set) var soaSet: RRset
  /// The SOA as the authority of a negative answer: its TTL is how long that may be kept (RFC 2308 section 3).
  private(set) var negativeSet: RRset

  init(apex: Name, soa: StartOfAuthority, timeToLive: UInt32) {
    self.apex = apex
    self.soa = soa
    self.timeToLive = timeToLive
    soaSet = RRset(timeToLive: timeToLive, .soa(soa))
    negativeSet = RRset(timeToLive: min(timeToLive.asTimeToLive, soa.minimum), .soa(soa))
  }

  mutating func advanceSerial() {
    soa.serial = soa.serial.next
    soaSet = RRset(timeToLive: timeToLive, .soa(soa))
    negativeSet = RRset(timeToLive: min(timeToLive.asTimeToLive, soa.minimum), .soa(soa))
  }
}
