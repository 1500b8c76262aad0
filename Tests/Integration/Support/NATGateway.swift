import Foundation
import Net
import Testing
import Transport

/// A gateway of the kind that stands in homes, in the namespace of a lab's client 0: the kernel masquerades the network
/// behind it, on other ports than those within, and dnsmasq serves DHCP there, which names the ACS in option 43. Clients 1
/// and up are the hosts behind it.
final class NATGateway: Sendable {
  static let outside = IPv4Address(192, 0, 2, 2)
  static let inside = IPv4Address(10, 77, 0, 1)
  /// What the first host behind it leases; the next address is the next one's.
  static let host = IPv4Address(10, 77, 0, 50)

  let namespace: String
  private let dhcp: Program

  /// `acs` is what option 43 says: URL, user name and password. `hosts` are those that the lab has behind it.
  init(in lab: Lab, acs: String, hosts: Int = 1) async throws {
    let namespace = lab.client(0)
    self.namespace = namespace
    let ports = (1...hosts).map { host in
      """
      ip -n \(lab.appliance) link set p\(host) nomaster
      ip -n \(lab.appliance) link set p\(host) netns \(namespace)
      ip -n \(namespace) link set p\(host) master lan0
      ip -n \(namespace) link set p\(host) up
      """
    }
    let lines = """
      ip -n \(namespace) link add lan0 type bridge
      \(ports.joined(separator: "\n"))
      ip -n \(namespace) address add \(Self.outside)/24 dev eth0
      ip -n \(namespace) address add \(Self.inside)/24 dev lan0
      ip -n \(namespace) link set lan0 up
      ip netns exec \(namespace) sysctl -qw net.ipv4.ip_forward=1
      ip netns exec \(namespace) nft -f - <<'END'
      table ip gateway {
        chain leaving {
          type nat hook postrouting priority srcnat
          oifname eth0 meta l4proto { tcp, udp } masquerade to :20000-39999 random
        }
      }
      END
      """
    let result = try await Program(["sh", "-exc", lines]).result()
    try #require(result.status == 0, "the gateway could not be built: \(result.errors)")
    let option = Hexadecimal.encode([1, UInt8(acs.utf8.count)] + Array(acs.utf8))
    let bytes = stride(from: 0, to: option.count, by: 2).map { option.dropFirst($0).prefix(2) }.joined(separator: ":")
    // It closes what it inherits, by which its end would be known; a shell holds that for it.
    let words =
      "dnsmasq --keep-in-foreground --port=0 --conf-file=/dev/null --pid-file= --user=root --interface=lan0 "
      + "--bind-interfaces --no-ping --dhcp-range=\(Self.host),\(Self.host.advanced(by: hosts - 1) ?? Self.host),1h "
      + "--dhcp-leasefile=\(lab.folder.path)/gateway.leases --dhcp-option-force=43,\(bytes)"
    dhcp = try Program(["sh", "-c", "trap 'kill $!' TERM; \(words) & wait"], in: namespace)
  }

  /// What a gateway does when it is switched off and on.
  func forgetBindings() async throws {
    let result = try await run("conntrack", "-F", in: namespace)
    try #require(result.status == 0, "\(result.errors)")
  }

  /// Sends a datagram to the first host behind it, from within.
  func send(_ datagram: [UInt8], toPort port: UInt16) throws {
    let socket = try NetworkNamespace(named: namespace).run { try DatagramSocket(Self.inside, port: 0) }
    try socket.send(datagram, to: Endpoint(Self.host, port: port))
  }

  func stop() async throws {
    try await dhcp.stop()
  }
}
