/// What works without a configuration file: the open lab's profile, and the boot file.
package enum BuiltIn {
  /// Admits every router, gives it credentials of its own, lets it inform every 300 s, and reads it. A Comware router is
  /// given a small configuration besides, and rebooted into that: the commands of one maker are no other's.
  package static func openLab() throws(TemplateError) -> Profile {
    Profile(
      name: "open-lab", admit: .all, periodicInformInterval: 300,
      configuration: Profile.Configuration(template: try Template(configuration), fileName: "startup.cfg"),
      rebootsWhenConfigured: true, configures: .comware)
  }

  /// The file that a Comware router without a startup configuration fetches and runs (automatic configuration): its
  /// CWMP is off by default. It names no ACS, because what is typed in comes before what option 43 says.
  package static func bootFile() throws(TemplateError) -> Template {
    try Template(bootFileText)
  }

  private static let configuration = """
    #
     sysname {{ hostname }}
    #
    cwmp
     cwmp enable
     cwmp cpe inform interval enable
     cwmp cpe inform interval {{ inform_interval }}
    #
    interface {{ interface | default "GigabitEthernet0/0" }}
     port link-mode route
     ip address dhcp-alloc
    #
    return

    """

  private static let bootFileText = """
    #
    cwmp
     cwmp enable
     cwmp cpe inform interval enable
    #
    interface {{ interface | default "GigabitEthernet0/0" }}
     ip address dhcp-alloc
    #
    save force
    return

    """
}
