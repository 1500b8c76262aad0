import CWMP
import HTTP

extension ClientCertificate {
  /// Whether it is this device's: its common name is the device's OUI, class and serial number, or OUI and serial
  /// number (TR-069 section 3.4.5), or the serial number alone; or the subject has the serial number.
  func names(_ device: DeviceID) -> Bool {
    let serial = device.serialNumber
    guard !serial.isEmpty else { return false }
    if serialNumber == serial || commonName == serial { return true }
    guard let commonName, commonName.utf8.count > 7 else { return false }
    // The OUI is in upper case whatever the device or its certificate says.
    let name = commonName.prefix(6).uppercased() + commonName.dropFirst(6)
    return [
      "\(device)", "\(device.oui)-\(serial)", "\(device.oui)-\(device.productClass)-\(serial)",
    ].contains(name)
  }
}
