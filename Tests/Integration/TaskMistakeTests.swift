import Foundation
import Testing

/// What an operator mistypes is told with what was expected, changes nothing, and ends the command as wrong usage does.
@Suite(.serialized)
struct TaskMistakeTests {
  private static let serial = ProvisioningTests.serial

  private static let mistakes: [(words: String, told: [String])] = [
    ("ask 210235A1B2C3D4E5F610 reboot", ["No router 210235A1B2C3D4E5F610 has been seen; did you mean \"\(serial)\"?"]),
    ("ask \(serial) rebot", ["did you mean \"reboot\"?", "There are get PATH…; "]),
    ("ask \(serial) GetParameterValue ~.Time.", ["did you mean \"GetParameterValues\"?"]),
    ("ask \(serial)", ["Missing expected argument '<words> ...'"]),
    ("ask \(serial) get", ["get needs a path: write `get PATH…`."]),
    (
      "ask \(serial) get ~.Time.NTPSrever1",
      ["has no ~.Time.NTPSrever1, as far as its data model was read; did you mean ~.Time.NTPServer1?", "--as-spelled"]
    ),
    ("ask \(serial) get ~.Time", ["did you mean ~.Time.?"]),
    ("ask \(serial) names InternetGatewayDevice.Tim.", ["did you mean InternetGatewayDevice.Time.?"]),
    ("ask \(serial) get Device.Time.NTPServer1", ["did you mean InternetGatewayDevice.Time.NTPServer1?"]),
    ("ask \(serial) set ~.Time.NTPServer1", ["\"~.Time.NTPServer1\" gives no value to a parameter: write PATH=VALUE."]),
    ("ask \(serial) set =5", ["gives no value to a parameter"]),
    ("ask \(serial) set ~.Time.NTPServer1:strnig=a", ["There is no type strnig; did you mean \"string\"?"]),
    ("ask \(serial) set ~.Tiem.NTPServer1=a", ["did you mean ~.Time.NTPServer1?"]),
    (
      "ask \(serial) set ~.ManagementServer.PeriodicInformInterval=often",
      ["is of type unsignedInt, as the router says, and \"often\" is not."]
    ),
    (
      "ask \(serial) notify ~.Time.NTPServer1=activ", ["\"activ\" is no notification: off, passive, active, or 0 to 6."]
    ),
    ("ask \(serial) download new.pie", ["There is no file new.pie here; did you mean \"new.ipe\"?"]),
    ("ask \(serial) download other.bin", ["There is no file other.bin here; `usher files add` brings one."]),
    ("ask \(serial) schedule-download new.ipe 20 10", ["The window of a ScheduleDownload ends after it starts"]),
    ("ask \(serial) upload conf", ["\"conf\" cannot be uploaded: config, log, or a FileType in full."]),
    ("ask \(serial) uninstall x", ["UUID cannot be \"x\""]),
    ("ask \(serial) inform soon", ["\"soon\" is no number of seconds from 0 to 4294967295."]),
    ("ask \(serial) inform 0", ["ScheduleInform needs a delay of one second or more."]),
    ("ask \(serial) reboot now", ["reboot does not take \"now\": write `reboot`."]),
    ("ask \(serial) reboot --lifetime 7d", ["The value '7d' is invalid for '--lifetime <lifetime>'", "Seconds"]),
    ("ask \(serial) reboot --lifetime 0", ["lifetime wants seconds from 1 to 31622400."]),
    ("ask \(serial) reboot --attempts 0", ["limit of attempts wants a number from 1 to 100."]),
    ("ask \(serial) reboot --delay 5", ["--delay goes with Download, Upload, not with Reboot."]),
    ("ask \(serial) reboot --wait=-1", ["--wait wants a number of seconds, 0 or more."]),
    ("list 210235A1B2C3D4E5F6", ["did you mean \"\(serial)\"?"]),
    ("lsit", ["There is no command \"lsit\"; did you mean \"task list\"?", "Usage: usher task list "]),
    ("show 99", ["There is no task 99 on record; none was ever asked."]),
    ("show x", ["The value 'x' is invalid for '<task>'"]), ("cancel 99", ["There is no task 99 on record"]),
  ]

  @Test func `what is mistyped is told, with the nearest right spelling, and changes nothing`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      let router = try lab.router(Self.serial, arguments: ["--cwmp-on"])
      try await daemon.provisions(Self.serial, within: 60)
      _ = try await eventually(within: 20) {
        try await daemon.usher("parameters", Self.serial, "--json").output.contains("NTPServer2")
          && router.output.hasSuffix("CWMP: the session is over.\n")
      }
      #expect(try await daemon.usher("files", "add", try lab.write("9.9.9 of a test\n", to: "new.ipe")).status == 0)
      for (words, told) in Self.mistakes {
        let result = try await Program(
          [try Daemon.binary, "task"] + words.split(separator: " ").map(String.init) + ["--control", daemon.control]
        ).result()
        #expect(result.status == 64 && result.output.isEmpty, "\(words): \(result.status) \(result.output)")
        for text in told { #expect(result.errors.contains(text), "\(words): \(result.errors)") }
      }
      #expect(try await daemon.json("task", "--all").isEmpty)
      // Who insists is heard.
      let insisted = try await daemon.usher("task", "ask", Self.serial, "get", "~.Time.NTPSrever1", "--as-spelled")
      #expect(insisted.status == 0 && insisted.output.hasPrefix("task 1 for "), "\(insisted.errors)")
      try await router.stop()
      try await daemon.stop()
    }
  }
}
