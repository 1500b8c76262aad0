import CWMP
import Net
import Provisioning
import Testing

@testable import Services

/// Routers behind a NAT are given the parameters of their STUN client, and others are not.
struct STUNProvisioningTests {
  private let all = QuirksOfEnvelopesTests.all
  private let periodic = [("2 PERIODIC", "")]
  private let server = "InternetGatewayDevice.ManagementServer."

  private func router(at host: String = "10.77.0.50", isServed: Bool = true) throws -> RouterByHand {
    var router = RouterByHand(
      try ACSFixture { site in
        if isServed { site.stun = SiteConfiguration.STUN(port: 3478, period: 25) }
      })
    router.ownHost = host
    return router
  }

  @Test func `a router whose URL leads elsewhere is told where the STUN server is, and proves itself by its own login`()
    async throws
  {
    var router = try router()
    var notified: [AttributeChange] = []
    router.react = { request in
      if case .setParameterAttributes(let set) = request { notified = set.parameters }
      return nil
    }
    let methods = try await router.session()
    #expect(
      methods == [
        "SetParameterValues", "SetParameterValues", "SetParameterAttributes", "SetParameterValues",
        "SetParameterValues", "Download", "GetParameterValues",
      ])
    #expect(
      notified.map(\.path) == [server + "UDPConnectionRequestAddress", server + "NATDetected"]
        && notified.allSatisfy { $0.notification == .active && $0.accessList == nil })
    let values = router.parameters.filter { $0.key.contains("STUN") }
    #expect(
      values == [
        server + "STUNEnable": "1", server + "STUNServerAddress": "192.0.2.1", server + "STUNServerPort": "3478",
        server + "STUNMinimumKeepAlivePeriod": "25", server + "STUNMaximumKeepAlivePeriod": "25",
        // Of a multiple of four bytes (RFC 3489 section 11.2.6).
        server + "STUNUsername": "\(router.id)===",
        // The profile's own, which comes before.
        server + "STUNPassword": "hidden",
      ])
    #expect(router.isProvisioned)
    #expect(try await router.session(events: periodic) == [])
  }

  @Test func `a router on the own network is given none, nor is any where STUN is off`() async throws {
    var near = try router(at: "192.0.2.10")
    #expect(try await near.session() == all)
    var unserved = try router(isServed: false)
    #expect(try await unserved.session() == all)
  }

  @Test func `a data model without STUN costs one question for each software, and no provisioning`() async throws {
    var router = try router()
    let spelling = router.spelling
    router.react = { request in
      if case .setParameterAttributes = request { return spelling.fault(9005) }
      return nil
    }
    let asked = ["SetParameterValues", "SetParameterValues", "SetParameterAttributes"]
    #expect(try await router.session() == asked + all.dropFirst(2))
    #expect(router.isProvisioned && router.device?.setback == nil)
    #expect(router.device?.stunRefusal == STUNRefusal(softwareVersion: "7.1", code: 9005))
    #expect(try await router.session(events: periodic) == [])
    router.softwareVersion = "7.2"
    #expect(try await router.session(events: periodic) == ["SetParameterAttributes", "GetParameterValues"])
    #expect(try await router.session(events: periodic) == [])
  }

  @Test func `a router without notifications is given the parameters, and one that refuses those is left alone`()
    async throws
  {
    var router = try router()
    let spelling = router.spelling
    router.react = { request in
      if case .setParameterAttributes = request { return spelling.fault(9000) }
      return nil
    }
    _ = try await router.session()
    #expect(router.isProvisioned && router.parameters[server + "STUNEnable"] == "1")

    var other = try self.router()
    other.react = { request in
      guard case .setParameterValues(let set) = request,
        set.parameters.contains(where: { $0.path.hasSuffix("STUNEnable") })
      else { return nil }
      return spelling.fault(9003)
    }
    _ = try await other.session()
    #expect(other.isProvisioned && other.device?.setback == nil && other.device?.stunRefusal?.code == 9003)
    #expect(try await other.session(events: periodic) == [])
  }
}
