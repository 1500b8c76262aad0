package import Net

/// A router's number in this store: given at its first sighting, never used again.
package struct RouterID: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int64

  package init(rawValue: Int64) {
    self.rawValue = rawValue
  }
}

/// One router as all protocols see it: the record that joins MAC → address → serial number.
package struct Router: Hashable, Sendable {
  package let id: RouterID
  package var hardware: MACAddress?
  /// The address it was leased last, or the one that its CWMP session came from.
  package var address: IPv4Address?
  /// `OUI-ProductClass-SerialNumber` (TR-069 section 3.4.4) once it has informed.
  package var device: String?
  package var serialNumber: String?
  package var vendorClass: String?
  package var hostname: String?
  package let firstSeen: Timestamp

  package init(
    id: RouterID, hardware: MACAddress? = nil, address: IPv4Address? = nil, device: String? = nil,
    serialNumber: String? = nil, vendorClass: String? = nil, hostname: String? = nil, firstSeen: Timestamp
  ) {
    self.id = id
    self.hardware = hardware
    self.address = address
    self.device = device
    self.serialNumber = serialNumber
    self.vendorClass = vendorClass
    self.hostname = hostname
    self.firstSeen = firstSeen
  }
}
