package import CWMP
package import DHCP
package import Journey
package import Net
package import Provisioning

/// One fact to be made durable. A row is written whole: the newest wins. Indirect: changes are handed on several times
/// between who decides and who writes, and each copy then counts one reference rather than one for each field.
package indirect enum Change: Hashable, Sendable {
  /// By its address.
  case lease(Lease)
  /// By its number.
  case router(Router)
  /// Two numbers turned out to be one router: the events of the first go to the second, and the first is gone. The
  /// second's own record is left as it is: it is changed by a `router` beside this.
  case merge(RouterID, into: RouterID)
  /// A router that never leased an address and never informed made room for newer ones: its record and events go.
  case forget(RouterID)
  case event(Event)
  /// By its ``CWMP/DeviceID``.
  case device(Device)
  /// A periodic contact that changed nothing else of the device: its last Inform. Nothing for a device not on record.
  case contact(DeviceID, Timestamp)
  /// By its number.
  case task(DeviceTask)
  /// What a router told of its parameters: each joins what was known of it before. Nothing for a device not on record.
  case parameters(DeviceID, [KnownParameter])
  /// The parameters of a device that it has not told of since then are gone.
  case forgetParameters(DeviceID, before: Timestamp)
  /// A file that is kept, by its name: its content is in place, durably.
  case file(FileRecord)
  /// A file that is kept no longer. Nothing where it was not.
  case fileRemoved(FileRecord.Name)
  /// What went to and fro in a session, as a file of its own form; of each device so many are kept, the newest.
  case transcript(DeviceID, start: Timestamp, bytes: [UInt8], kept: Int)
  /// A value of the appliance itself (such as its generated bootstrap password), by name.
  case setting(name: String, value: [UInt8])
}
