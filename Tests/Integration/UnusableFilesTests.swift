import Foundation
import Testing

/// What a configuration names, and what is kept beside it: what is there and cannot be used is told, and never taken
/// for absent.
struct UnusableFilesTests {
  /// What may stand in the place of a file, as a command of a shell with the path in `$1`, and what is told of it.
  static let hindrances: [(way: String, told: String)] = [
    ("rm -f \"$1\"", "does not exist"),
    ("rm -f \"$1\"; mkdir \"$1\"", "is a folder, not a file"),
    ("ln -sf /nowhere/at-all \"$1\"", "is a symbolic link that leads to nothing"),
    ("rm -f \"$1\"; ln -s \"$1\" \"$1\"", "Too many levels of symbolic links"),
    ("rm -f \"$1\"; mkfifo \"$1\"", "is not a regular file"),
    ("ln -sf /dev/zero \"$1\"", "is not a regular file"),
    ("ln -sf /usr/bin/env/below \"$1\"", "is a symbolic link that leads to nothing"),
  ]

  /// Every option that names a file, with a file that is right in its place.
  private static let configuration = """
    inventory: routers.csv
    dns:
      zones:
        - {name: branch.example, file: branch.zone}
    boot-file: {template: boot.cfg}
    tftp: {folder: boot}
    acs:
      tls:
        certificate: acs.pem
        key: acs.key
        chain: chain.pem
        client-certificates: optional
        client-ca: clients.pem
    profiles:
      - name: branch
        configuration: {template: branch.cfg}
    """

  static let files: [(name: String, option: String)] = [
    ("routers.csv", "inventory"), ("branch.zone", "dns.zones[0].file"), ("boot.cfg", "boot-file.template"),
    ("acs.pem", "acs.tls.certificate"), ("acs.key", "acs.tls.key"), ("chain.pem", "acs.tls.chain"),
    ("clients.pem", "acs.tls.client-ca"), ("branch.cfg", "profiles[0].configuration.template"),
  ]

  /// Those of which not every content will do.
  private static let strict: Set = ["branch.zone", "acs.pem", "acs.key", "chain.pem", "clients.pem", "routers.csv"]

  private func writeAll(in folder: URL) async throws -> String {
    let file = folder.appending(path: "usher.yaml")
    try Self.configuration.write(to: file, atomically: true, encoding: .utf8)
    let texts = [
      "routers.csv": "serial,profile\n210235A,branch\n", "branch.cfg": "return\n", "boot.cfg": "return\n",
      "branch.zone": "@ 300 IN SOA ns hostmaster 1 3600 600 86400 300\n@ 300 IN NS ns\nns 300 IN A 192.0.2.1\n",
    ]
    try FileManager.default.createDirectory(
      at: folder.appending(path: "boot"), withIntermediateDirectories: true)
    for (name, text) in texts {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    try await shell(
      """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=acs \
        -keyout "$1/acs.key" -out "$1/acs.pem" 2>/dev/null
      cp "$1/acs.pem" "$1/chain.pem"; cp "$1/acs.pem" "$1/clients.pem"
      """, folder.path)
    return file.path
  }

  private func shell(_ script: String, _ argument: String) async throws {
    let result = try await Program(["sh", "-c", script, "sh", argument]).result()
    try #require(result.status == 0, "\(script): \(result.errors)")
  }

  @Test func `reload refuses each file that cannot be used, with its option, and the daemon lives on`() async throws {
    try await Lab.with { lab in
      let file = try await writeAll(in: lab.folder)
      let checked = try await Program([try Daemon.binary, "check", file]).result()
      try #require(checked.status == 0, "\(checked.errors)")
      let daemon = try await Daemon(in: lab, state: lab.folder.appending(path: "state"), arguments: ["--config", file])
      for (name, option) in Self.files {
        let path = lab.folder.appending(path: name).path
        let ways = Self.hindrances + (Self.strict.contains(name) ? [("echo rubbish >\"$1\"", "\(name): ")] : [])
        for (way, told) in ways {
          try await shell("cp -a \"$1\" \"$1.kept\"", path)
          try await shell(way, path)
          let refused = try await daemon.usher("reload")
          #expect(
            refused.status == 2 && refused.errors.contains(told) && refused.errors.contains("Nothing was changed"),
            "\(option), \(way): \(refused.status) \(refused.errors)")
          let checked = try await Program([try Daemon.binary, "check", file]).result(within: 10)
          #expect(checked.status == 2 && checked.errors.contains(told), "\(option), \(way): \(checked.errors)")
          try await shell("rm -rf \"$1\"; mv \"$1.kept\" \"$1\"", path)
        }
      }
      let reloaded = try await daemon.usher("reload")
      #expect(reloaded.status == 0, "\(reloaded.errors)")
      try await daemon.stop()
    }
  }

  @Test func `a folder of boot files that is none is told, and none is served in its place`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try await writeAll(in: folder)
    for (way, told) in [
      ("rmdir \"$1\"", "does not exist"), ("touch \"$1\"", "is not a folder"),
      ("ln -sf /nowhere/at-all \"$1\"", "is a symbolic link that leads to nothing"),
      ("rm \"$1\"; ln -s \"$1\" \"$1\"", "Too many levels of symbolic links"),
    ] {
      try await shell(way, folder.appending(path: "boot").path)
      let result = try await Program([try Daemon.binary, "check", file]).result(within: 10)
      #expect(result.status == 2 && result.errors.contains(told), "\(way): \(result.errors)")
      #expect(result.errors.contains("tftp: {folder: boot}"), "\(result.errors)")
    }
  }

  @Test func `all files that cannot be used are told at once, by check and by serve`() async throws {
    try await Lab.with { lab in
      let file = try await writeAll(in: lab.folder)
      for (name, _) in Self.files { try FileManager.default.removeItem(at: lab.folder.appending(path: name)) }
      let state = lab.folder.appending(path: "state").path
      let serve = [
        try Daemon.binary, "serve", "--config", file, "--interface", Lab.port, "--state", state, "--control",
        lab.folder.appending(path: "control").path,
      ]
      for words in [[try Daemon.binary, "check", file], serve] {
        let result = try await Program(words, in: lab.appliance).result(within: 10)
        #expect(result.status == 2, "\(result.status)")
        for (name, _) in Self.files { #expect(result.errors.contains("\(name) does not exist"), "\(result.errors)") }
      }
      #expect(!FileManager.default.fileExists(atPath: state))
    }
  }

  @Test func `what a user may not read is told with the way to let him`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try await writeAll(in: folder)
    // A copy that others than root reach.
    let binary = folder.appending(path: "usher").path
    try FileManager.default.copyItem(atPath: try Daemon.binary, toPath: binary)
    try await shell("chmod 755 \"$1\" \"$1/usher\"; chmod 644 \"$1\"/*.*", folder.path)
    let check = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary, "check", file]
    for (name, _) in Self.files + [(name: "usher.yaml", option: "")] {
      let path = folder.appending(path: name).path
      try await shell("chmod 600 \"$1\"", path)
      let result = try await Program(check).result(within: 20)
      #expect(
        result.status == 2 && result.errors.contains("\(path): permission denied")
          && result.errors.contains("chmod g+r \(path)"), "\(result.errors)")
      try await shell("chmod 644 \"$1\"", path)
    }
    try await shell("chmod 700 \"$1\"; chown root \"$1\"", folder.path)
    let copy = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)").path
    try FileManager.default.copyItem(atPath: try Daemon.binary, toPath: copy)
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try await shell("chmod 755 \"$1\"", copy)
    let closed = try await Program(Array(check.prefix(4)) + [copy, "check", file]).result(within: 20)
    #expect(closed.status == 2 && closed.errors.contains("chmod g+rx \(folder.path)"), "\(closed.errors)")
  }

  /// A private `/etc/usher`, in which `way` has made something of `usher.yaml`.
  private func serveByStandardConfiguration(in lab: Lab, _ way: String) async throws -> Program.Result {
    let script = """
      mount -t tmpfs tmpfs /etc/usher && cd /etc/usher && set -- /etc/usher/usher.yaml && \(way)
      exec "$USHER_UNDER_TEST" serve --interface \(Lab.port) --state "$LAB/state" --control "$LAB/control"
      """
    try FileManager.default.createDirectory(atPath: "/etc/usher", withIntermediateDirectories: true)
    return try await Program(
      ["unshare", "--mount", "sh", "-c", script], in: lab.appliance,
      environment: ["USHER_UNDER_TEST": try Daemon.binary, "LAB": lab.folder.path]
    ).result(within: 10)
  }

  @Test func `a standard configuration that is there and cannot be used is not taken for absent`() async throws {
    try await Lab.with { lab in
      for (way, told) in Self.hindrances.dropFirst() {
        let result = try await serveByStandardConfiguration(in: lab, way)
        #expect(result.status == 2, "\(way): \(result.status)")
        #expect(
          result.errors.contains(told) && result.errors.contains("Nothing was started"), "\(way): \(result.errors)")
      }
    }
  }

  @Test func `the certificate authority's files that cannot be used are told, and not made anew`() async throws {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let daemon = try await Daemon(in: lab, state: state)
      try await daemon.stop()
      for name in ["ca.pem", "ca.key", "acs.pem"] {
        let path = state.appending(path: name).path
        for (way, told) in Self.hindrances.dropFirst() + [("echo rubbish >\"$1\"", "cannot be used")] {
          try await shell("cp -a \"$1\" \"$1.kept\"", path)
          try await shell(way, path)
          let result = try await Program(
            [
              try Daemon.binary, "serve", "--interface", Lab.port, "--state", state.path, "--control", daemon.control,
            ], in: lab.appliance
          ).result(within: 10)
          #expect(
            result.status == 1 && result.errors.contains(told) && result.errors.contains("Nothing was started"),
            "\(name), \(way): \(result.status) \(result.errors)")
          let shown = try await Program([try Daemon.binary, "ca", "show", "--state", state.path]).result(within: 10)
          #expect(shown.status == 1 && shown.errors.contains(told), "\(name), \(way): \(shown.errors)")
          try await shell("rm -rf \"$1\"; mv \"$1.kept\" \"$1\"", path)
        }
      }
      let again = try await Daemon(in: lab, state: state)
      try await again.stop()
    }
  }

  @Test(arguments: [["show"], ["export"], ["export", "--der"], ["issue", "000FE2-A", "-o", "/dev/null/x"]])
  func `where there is no authority yet, its commands say so`(words: [String]) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for more in [["--state", folder.path], ["--state", folder.path, "--rsa"], ["--state", "/nowhere"]] {
      let result = try await Program([try Daemon.binary, "ca"] + words + more).result(within: 20)
      #expect(result.status == 1 && result.errors.contains("There is no "), "\(result.status) \(result.errors)")
      #expect(result.errors.contains("makes it when it first starts"), "\(result.errors)")
    }
  }
}
