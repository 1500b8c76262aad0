import CWMP
import HTTP
import Net
import Provisioning
import Testing

@testable import Services

/// What routers do with what is asked of them. The number is the quirk's.
struct QuirksOfProvisioningTests {
  private let all = QuirksOfEnvelopesTests.all
  private let periodic = [("2 PERIODIC", "")]

  private func router(discovers: Bool = false) throws -> RouterByHand {
    RouterByHand(try ACSFixture(discovers: discovers))
  }

  private func known(_ router: RouterByHand) -> [String: KnownParameter] {
    let all = router.acs.store.parameters(of: router.id, below: "", after: "", limit: 50_000)
    return Dictionary(all.map { ($0.path, $0) }) { $1 }
  }

  @Test func `17 a boolean and a number are what they mean, however the router writes them`() async throws {
    var router = try router()
    let spelling = router.spelling
    router.react = { request in
      guard case .getParameterValues(let get) = request else { return nil }
      return spelling.values(
        get.paths.map { ($0, $0.hasSuffix("Interval") ? " 0300" : $0.hasSuffix("1") ? ACSFixture.ntp : "True") })
    }
    #expect(try await router.session() == all)
    #expect(router.isProvisioned)
  }

  @Test func `20 a router that refuses the names of its root is asked level by level, the next time at once`()
    async throws
  {
    var router = try router(discovers: true)
    let spelling = router.spelling
    router.react = { request in
      guard case .getParameterNames(let names) = request else { return nil }
      guard names.nextLevel else { return spelling.fault(9005) }
      return names.path == "InternetGatewayDevice."
        ? spelling.names(["InternetGatewayDevice.Time."]) : spelling.names(["InternetGatewayDevice.Time.NTPServer1"])
    }
    let names = ["GetParameterNames", "GetParameterNames", "GetParameterNames"]
    #expect(try await router.session() == all + names + ["GetParameterValues"])
    #expect(known(router)["InternetGatewayDevice.Time.NTPServer1"]?.value == ACSFixture.ntp)
    #expect(router.device?.discovered?.byLevel == true)
    router.softwareVersion = "7.2"
    #expect(
      try await router.session() == ["GetParameterValues"] + names.dropFirst() + ["GetParameterValues"])
  }

  @Test func `21 parents may be missing, an object without its dot, and more be told than was asked`() async throws {
    var router = try router(discovers: true)
    let spelling = router.spelling
    router.react = { request in
      guard case .getParameterNames = request else { return nil }
      return spelling.names([
        "InternetGatewayDevice.Time", "InternetGatewayDevice.Time.NTPServer1", "Other.Thing",
        "InternetGatewayDevice.LANDevice.1.Hosts.Host.1.Active",
      ])
    }
    #expect(try await router.session() == all + ["GetParameterNames", "GetParameterValues"])
    let known = known(router)
    #expect(known["InternetGatewayDevice.Time"] == nil && known["InternetGatewayDevice.Time."] != nil)
    #expect(known["Other.Thing"] == nil)
    #expect(known["InternetGatewayDevice.LANDevice.1.Hosts.Host.1.Active"] != nil)
  }

  @Test func `22 names of four megabytes are taken, and their values asked for in batches`() async throws {
    var router = try router(discovers: true)
    let paths = (0..<30_000).map { "InternetGatewayDevice.X_Vendor.Table.\($0).SomeLongNameOfAParameter" }
    let spelling = router.spelling
    let names = spelling.names(paths)
    #expect(names.utf8.count > 3_500_000)
    router.react = { request in
      if case .getParameterNames = request { return names }
      return nil
    }
    // The session is left after a while: reading all takes 469 requests.
    let methods = try await router.session()
    #expect(methods.dropFirst(all.count).first == "GetParameterNames")
    #expect(Set(methods.dropFirst(all.count + 1)) == ["GetParameterValues"])
    #expect(known(router).count >= 30_000)
  }

  @Test(arguments: ["0", "false", ""])
  func `23 a parameter that is told not to be writable is set all the same`(flag: String) async throws {
    var router = try router(discovers: true)
    let spelling = router.spelling
    router.react = { request in
      guard case .getParameterNames = request else { return nil }
      return spelling.names(["InternetGatewayDevice.Time.NTPServer1"], isWritable: flag)
    }
    #expect(try await router.session() == all + ["GetParameterNames", "GetParameterValues"])
    let value = ParameterValue(path: "~.Time.NTPServer1", value: "192.0.2.7")
    try await router.acs.ask(.setParameterValues([value]), of: router.id)
    #expect(try await router.session(events: periodic) == ["SetParameterValues"])
    #expect(router.parameters["InternetGatewayDevice.Time.NTPServer1"] == "192.0.2.7")
  }

  @Test func `24 a parameter that an answer leaves out is unknown, not empty`() async throws {
    var router = try router(discovers: true)
    let spelling = router.spelling
    let missing = "InternetGatewayDevice.DeviceInfo.Description"
    router.react = { request in
      guard case .getParameterNames = request else { return nil }
      return spelling.names(["InternetGatewayDevice.Time.NTPServer1", missing])
    }
    #expect(try await router.session() == all + ["GetParameterNames", "GetParameterValues"])
    let known = known(router)
    #expect(known["InternetGatewayDevice.Time.NTPServer1"]?.value == ACSFixture.ntp)
    #expect(known[missing] != nil && known[missing]?.value == nil)
  }

  @Test func `25 a name that vanished with other software costs no other value, and is forgotten`() async throws {
    var router = try router(discovers: true)
    let spelling = router.spelling
    let gone = "InternetGatewayDevice.Old.Thing"
    router.parameters[gone] = "x"
    #expect(try await router.session() == all + ["GetParameterNames", "GetParameterValues"])
    #expect(known(router)[gone]?.value == "x")
    router.softwareVersion = "7.2"
    router.parameters[gone] = nil
    router.react = { request in
      guard case .getParameterValues(let get) = request, get.paths.contains(gone) else { return nil }
      return spelling.fault(9005)
    }
    try await router.acs.ask(.getParameterValues([gone]), of: router.id)
    #expect(
      try await router.session() == [
        "GetParameterValues", "GetParameterValues", "GetParameterNames", "GetParameterValues",
      ])
    #expect(known(router)[gone] == nil)
    #expect(known(router)["InternetGatewayDevice.Time.NTPServer1"]?.value == ACSFixture.ntp)
  }

  @Test func `25 a wanted parameter that vanished is found among the others, and named`() async throws {
    var router = try router()
    #expect(try await router.session() == all)
    let spelling = router.spelling
    let gone = "InternetGatewayDevice.Time.Enable"
    router.react = { request in
      guard case .getParameterValues(let get) = request, get.paths.contains(gone) else { return nil }
      return spelling.fault(9005, "Invalid parameter name")
    }
    let methods = try await router.session()
    #expect(methods.first == "GetParameterValues" && Set(methods) == ["GetParameterValues"])
    guard case .refused("GetParameterValues", gone, 9005, _)? = router.device?.setback?.kind else {
      Issue.record("\(String(describing: router.device?.setback))")
      return
    }
  }

  @Test func `26 a ParameterKey that is never kept or told is no reason to doubt what was set`() async throws {
    var router = try router()
    #expect(try await router.session() == all)
    let value = ParameterValue(path: "~.Time.NTPServer1", value: "192.0.2.7")
    let task = try #require(try await router.acs.ask(.setParameterValues([value]), of: router.id))
    // Its Informs tell an empty key, then and now.
    #expect(try await router.session(events: periodic) == ["SetParameterValues"])
    guard case .done? = router.acs.store.task(task.number)?.state else {
      Issue.record("\(String(describing: router.acs.store.task(task.number)))")
      return
    }
  }

  @Test(arguments: [9010, 9808, 9001])
  func `31 a file comes from the address that the router reached, and a failed download is told and tried again later`(
    code: Int
  ) async throws {
    var router = try router()
    let spelling = router.spelling
    router.react = { request in
      guard case .download(let download) = request else { return nil }
      guard download.url.hasPrefix("http://192.0.2.1:7547/files/"), download.username.isEmpty,
        download.password.isEmpty
      else { return nil }
      return spelling.fault(code, "Download failure")
    }
    #expect(try await router.session() == all.dropLast())
    guard case .failed(code, _)? = router.device?.transfer?.state else {
      Issue.record("\(String(describing: router.device?.transfer))")
      return
    }
    #expect(try await router.session(events: periodic) == [])
  }

  @Test func `32 an object that cannot be read costs nothing else`() async throws {
    var router = try router(discovers: true)
    let spelling = router.spelling
    let broken = "InternetGatewayDevice.DeviceInfo.VendorConfigFile.1.Name"
    router.parameters[broken] = "startup.cfg"
    router.react = { request in
      guard case .getParameterValues(let get) = request, get.paths.contains(broken) else { return nil }
      return spelling.fault(9002)
    }
    let methods = try await router.session()
    #expect(methods.starts(with: all + ["GetParameterNames", "GetParameterValues"]))
    #expect(router.isProvisioned)
    #expect(known(router)[broken]?.value == nil)
    #expect(known(router)["InternetGatewayDevice.Time.NTPServer1"]?.value == ACSFixture.ntp)
    #expect(try await router.session(events: periodic) == [])
  }

  @Test func `35 a password that reads back empty is neither asked for nor set again`() async throws {
    var router = try router()
    let spelling = router.spelling
    router.react = { request in
      guard case .getParameterValues(let get) = request, get.paths.contains(where: { $0.hasSuffix("Password") }) else {
        return nil
      }
      return spelling.fault(9005)
    }
    #expect(try await router.session() == all)
    #expect(router.parameters["InternetGatewayDevice.ManagementServer.STUNPassword"] == "hidden")
    let inform = router.inform(events: [("1 BOOT", "")]).replacing(
      "ManagementServer.ParameterKey", with: "ManagementServer.STUNPassword")
    _ = try await router.inform(spelling.envelope(id: "2", inform))
    #expect(await router.goOn() == ["GetParameterValues"])
    #expect(router.isProvisioned)
  }

  @Test func `39 a router of TR-181 alone, with a certificate and files named .alter, is provisioned`() async throws {
    let acs = try ACSFixture {
      $0.profiles[0].configuration?.fileName = "lab.alter"
    }
    var router = RouterByHand(acs)
    router.root = "Device."
    router.id = DeviceID(oui: "E48D8C", productClass: "RB750Gr3", serialNumber: "HC1")
    router.security = .tls(client: ClientCertificate(commonName: "E48D8C-HC1"))
    router.credentials = nil
    var download: Download?
    _ = try await router.inform()
    var answer = await router.post()
    while answer.status == 200 {
      download = answer.download ?? download
      answer = await router.answer(answer)
    }
    #expect(router.isProvisioned)
    #expect(download?.targetFileName == "lab.alter")
    #expect(download?.fileType.rawValue == "3 Vendor Configuration File")
    #expect(router.parameters.keys.filter { !$0.hasPrefix("Device.") } == [])
  }
}
