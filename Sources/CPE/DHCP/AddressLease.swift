package import DHCP
package import Net

/// What a DHCPACK gave to the router.
package struct AddressLease: Hashable, Sendable {
  package let address: IPv4Address
  /// From 1 to 32.
  package let prefixLength: Int
  /// Option 54; nil where a renewal's ACK lacks it.
  package let server: IPv4Address?
  package let routers: [IPv4Address]
  package let nameServers: [IPv4Address]
  package let domainName: String?
  /// Option 43, as it came.
  package let vendorSpecific: [UInt8]?
  /// Option 67, else the field `file`.
  package let bootFileName: String?
  /// Option 66.
  package let tftpServerName: String?
  /// Option 150.
  package let tftpServers: [IPv4Address]
  /// T1: when to ask the server that gave the lease to prolong it.
  package let renewal: Timestamp
  /// T2: when to ask any server.
  package let rebinding: Timestamp
  package let expiry: Timestamp

  /// Why an ACK gives no lease.
  package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    case noAddress
    case noLeaseTime
    /// Option 1 is not a run of ones, or there is none of them.
    case mask(IPv4Address)
    case malformed(MalformedOption)

    package var description: String {
      switch self {
      case .noAddress: "the DHCPACK gives no address"
      case .noLeaseTime: "the DHCPACK has no lease time"
      case .mask(let mask): "the DHCPACK has the impossible subnet mask \(mask)"
      case .malformed(let error): "the DHCPACK's \(error)"
      }
    }
  }

  /// Reads an ACK that came in answer to a request sent at `start`, from when the lease counts (RFC 2131 section 4.4.1).
  package init(_ acknowledgement: DHCP.Message, requested start: Timestamp) throws(Refusal) {
    let options = acknowledgement.options
    guard acknowledgement.yiaddr != .unspecified else { throw .noAddress }
    do throws(MalformedOption) {
      address = acknowledgement.yiaddr
      server = try options.value(.serverIdentifier)
      routers = try options.value(.routers) ?? []
      nameServers = try options.value(.domainNameServers) ?? []
      domainName = try options.value(.domainName)
      vendorSpecific = try options.value(.vendorSpecific)
      bootFileName =
        try options.value(.bootFileName)
        ?? (acknowledgement.file.isEmpty ? nil : String(decoding: acknowledgement.file, as: UTF8.self))
      tftpServerName = try options.value(.tftpServerName)
      tftpServers = try options.value(.tftpServers) ?? []
    } catch {
      throw .malformed(error)
    }
    prefixLength = try Self.prefixLength(options)
    (renewal, rebinding, expiry) = try Self.times(options, start)
  }

  /// 24 where there is no option 1.
  private static func prefixLength(_ options: OptionList) throws(Refusal) -> Int {
    let mask: IPv4Address?
    do throws(MalformedOption) { mask = try options.value(.subnetMask) } catch { throw .malformed(error) }
    guard let mask else { return 24 }
    let length = mask.rawValue.nonzeroBitCount
    guard length > 0, mask.rawValue.leadingZeroBitCount == 0, mask.rawValue.trailingZeroBitCount == 32 - length else {
      throw .mask(mask)
    }
    return length
  }

  /// T1 and T2 are half and seven eighths of the lease, where the server does not say otherwise (RFC 2131 section 4.4.5),
  /// or says what has no order.
  private static func times(
    _ options: OptionList, _ start: Timestamp
  ) throws(Refusal) -> (Timestamp, Timestamp, Timestamp) {
    let duration: UInt32?
    let asked: (UInt32?, UInt32?)
    do throws(MalformedOption) {
      duration = try options.value(.leaseTime)
      asked = (try options.value(.renewalTime), try options.value(.rebindingTime))
    } catch {
      throw .malformed(error)
    }
    guard let duration, duration > 0 else { throw .noLeaseTime }
    guard duration < .max else { return (.distantFuture, .distantFuture, .distantFuture) }
    let lease = Int64(duration) * 1000
    var (t1, t2) = (lease / 2, lease * 7 / 8)
    if let first = asked.0, let second = asked.1, first > 0, first < second, second < duration {
      (t1, t2) = (Int64(first) * 1000, Int64(second) * 1000)
    }
    return (
      start.advanced(byMilliseconds: t1), start.advanced(byMilliseconds: t2), start.advanced(byMilliseconds: lease)
    )
  }
}
