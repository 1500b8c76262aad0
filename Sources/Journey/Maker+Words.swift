import Net

/// What an operator does at a router, in the words of its maker: its own commands, else the names of TR-069's
/// parameters. Where nothing has shown the maker yet (nil), Comware's are named beside, since its DHCP client says least.
struct MakerWords {
  let maker: Maker?

  /// Where it has the URL and the user name of its ACS.
  func seeing(_ parameter: String) -> String {
    switch maker {
    case .comware?, .vrp?: "with \"display cwmp configuration\""
    case .routerOS?: "with \"/tr069-client print\""
    case .other?: "at the router (ManagementServer.\(parameter))"
    case nil: "at the router (ManagementServer.\(parameter), on Comware \"display cwmp configuration\")"
    }
  }

  var seeingDNS: String {
    switch maker {
    case .comware?, .vrp?: " with \"display dns server\""
    case .routerOS?: " with \"/ip dns print\""
    case .other?, nil: ""
    }
  }

  /// How its TR-069 client fares.
  var seeingStatus: String {
    switch maker {
    case .comware?, .vrp?: "\"display cwmp status\", its route"
    case .routerOS?: "\"/tr069-client print\", its route"
    case .other?: "whether its TR-069 client is on (ManagementServer.EnableCWMP), its route"
    case nil:
      "whether its TR-069 client is on (ManagementServer.EnableCWMP, on Comware \"display cwmp status\"), its route"
    }
  }

  var turningOn: String {
    switch maker {
    case .comware?, .vrp?: "run \"cwmp\" and \"cwmp enable\" on it"
    case .routerOS?: "run \"/tr069-client set enabled=yes\" on it"
    case .other?: "turn its TR-069 client on (ManagementServer.EnableCWMP)"
    case nil: "turn its TR-069 client on (ManagementServer.EnableCWMP, on Comware \"cwmp\" and \"cwmp enable\")"
    }
  }

  /// Whether it has automatic configuration, which runs the boot file.
  var runsBootFiles: Bool {
    switch maker {
    case .comware?, nil: true
    case .vrp?, .routerOS?, .other?: false
    }
  }

  var settingLogin: String {
    switch maker {
    case .comware?, .vrp?: "set a login at it with \"cwmp acs username\" and \"cwmp acs password\""
    case .routerOS?: "set a login at it with \"/tr069-client set username=… password=…\""
    case .other?, nil: "set a login at it (ManagementServer.Username and ManagementServer.Password)"
    }
  }

  /// So that it logs in with what it was given for its first session.
  var resettingLogin: String {
    switch maker {
    case .comware?:
      "reset its ACS password: \"undo cwmp acs username\" and \"undo cwmp acs password\" let it take those of option 43 again, as a factory reset does"
    case .vrp?:
      "set its ACS login anew with \"cwmp acs username\" and \"cwmp acs password\" in the view \"cwmp\", or reset it to its factory settings"
    case .routerOS?:
      "set its ACS login anew with \"/tr069-client set username=… password=…\", or reset it to its factory settings"
    case .other?, nil:
      "set its ManagementServer.Username and ManagementServer.Password anew, or reset it to its factory settings"
        + (maker == nil ? " (on Comware \"undo cwmp acs username\" and \"undo cwmp acs password\")" : "")
    }
  }
}

extension Router {
  /// Whose it is, as far as DHCP has shown it.
  var makerByDHCP: Maker? {
    if let vendorClass, !vendorClass.isEmpty {
      let maker = Maker(vendorClass: vendorClass)
      // Without a word in it, it is left-over memory, as Comware 5 sends it.
      if maker != .other || vendorClass.split(whereSeparator: { !$0.isLetter }).contains(where: { $0.count > 2 }) {
        return maker
      }
    }
    return hardware.map { $0.rawValue >> 24 == Self.h3c } == true ? .comware : nil
  }

  private static let h3c: UInt64 = 0x000F_E2
}
