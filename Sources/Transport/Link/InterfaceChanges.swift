import CLinux
import Glibc
package import Net

/// What a host does with the address that DHCP gave it (rtnetlink(7)). In the calling thread's network namespace.
extension NetworkInterface {
  package func bringUp() throws(InterfaceError) {
    try change("bringing \(name) up", linux_interface_set_up(name, true))
  }

  package func takeDown() throws(InterfaceError) {
    try change("taking \(name) down", linux_interface_set_up(name, false))
  }

  /// Adds the address; nothing happens where it is there already.
  package func assign(_ address: Address) throws(InterfaceError) {
    let result = linux_address_change(index, address.address.rawValue, UInt8(address.prefixLength), true)
    try change("assigning \(address) to \(name)", result)
  }

  /// Removes the address; nothing happens where it is not there.
  package func remove(_ address: Address) throws(InterfaceError) {
    let result = linux_address_change(index, address.address.rawValue, UInt8(address.prefixLength), false)
    guard result != -EADDRNOTAVAIL else { return }
    try change("removing \(address) from \(name)", result)
  }

  /// Adds, or replaces, this interface's default route. Its metric is 1024: any default route that the machine has from
  /// elsewhere stays and goes before it.
  package func addDefaultRoute(via gateway: IPv4Address) throws(InterfaceError) {
    try change("routing via \(gateway)", linux_default_route_change(index, gateway.rawValue, true))
  }

  /// Removes what `addDefaultRoute` added; nothing happens where there is none.
  package func removeDefaultRoute() throws(InterfaceError) {
    let result = linux_default_route_change(index, 0, false)
    guard result != -ESRCH else { return }
    try change("removing the default route of \(name)", result)
  }

  private func change(_ operation: String, _ result: Int32) throws(InterfaceError) {
    switch -result {
    case ...0: return
    case EPERM, EACCES: throw .notPermitted(name)
    case ENODEV, ENXIO: throw .noSuchInterface(name)
    case let code: throw .system(SystemError(operation, code: code))
    }
  }
}
