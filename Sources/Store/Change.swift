package import CWMP
package import DHCP
package import Journey

/// One fact to be made durable. A row is written whole: the newest wins.
package enum Change: Hashable, Sendable {
  /// By its address.
  case lease(Lease)
  /// By its number.
  case router(Router)
  /// Two numbers turned out to be one router: the events of the first go to the second, and the first is gone.
  case merge(RouterID, into: RouterID)
  case event(Event)
  /// By its ``CWMP/DeviceID``.
  case device(Device)
  /// A periodic contact that changed nothing else of the device.
  case contact(DeviceID, Timestamp)
  /// A value of the appliance itself (such as its generated bootstrap password), by name.
  case setting(name: String, value: [UInt8])
}
