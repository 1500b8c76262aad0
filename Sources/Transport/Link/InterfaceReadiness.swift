extension NetworkInterface {
  /// The interface, if a server can serve on it: up, with a carrier and an address.
  package static func ready(_ name: String) throws(InterfaceError) -> NetworkInterface {
    let interface = try named(name)
    guard interface.isUp else { throw .notUp(name) }
    guard interface.hasCarrier else { throw .noCarrier(name) }
    guard !interface.addresses.isEmpty else { throw .noAddress(name) }
    return interface
  }

  /// Waits until the interface is `ready`, looking every 250 ms; a USB adapter may come while we wait. After `limit`
  /// milliseconds (nil: never) it throws what is still missing; cancellation ends the wait the same way.
  package static func whenReady(_ name: String, limit: Int64? = nil) async throws(InterfaceError) -> NetworkInterface {
    let start = SteadyClock.now()
    while true {
      do throws(InterfaceError) {
        return try ready(name)
      } catch {
        if let limit, SteadyClock.now().milliseconds(since: start) >= limit { throw error }
        if case .system = error { throw error }
        guard (try? await Task.sleep(for: .milliseconds(250))) != nil else { throw error }
      }
    }
  }
}
