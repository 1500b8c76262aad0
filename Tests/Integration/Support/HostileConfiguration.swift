/// What a daemon serves that the hostile tests attack.
enum HostileConfiguration {
  static let subnets = """
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
        routers: [192.0.2.1]
    """
  /// Routers log in as `seat` with the password `row7`.
  static let login = "acs:\n  username: seat\n  password: row7\n" + subnets + "\n"
  /// Nobody logs in.
  static let withoutLogin = "acs:\n  authentication: none\n" + subnets + "\n"
  /// Nobody logs in, and whoever comes is admitted and set.
  static let open =
    withoutLogin + """
      profiles:
        - name: any
          admit: all
          parameters:
            InternetGatewayDevice.Time.NTPServer1: 192.0.2.1
      """
}
