import ArgumentParser
import Foundation
import Net
import Transport

struct CACommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ca",
    abstract: "The lab's own certificate authority, which routers must trust to reach the ACS over TLS.",
    discussion: "A router can fetch its certificate too: http://ACS:7547/ca.pem or /ca.der.",
    subcommands: [Show.self, Export.self, Issue.self])

  struct Place: ParsableArguments {
    @Option(help: "The folder of leases, devices and keys.")
    var state = "/var/lib/usher"
    @Flag(help: "The authority of `acs.tls.key-type: rsa`.")
    var rsa = false

    var folder: AuthorityFolder { AuthorityFolder(state, kind: rsa ? .rsa : .ecdsa) }

    func authority() throws -> LabAuthority {
      do throws(AuthorityError) {
        if try folder.isMade() { return try folder.open(at: .distantPast) }
      } catch {
        throw Failure("\(error).")
      }
      throw Failure(
        "There is no \(folder.certificatePath). `usher serve` makes it when it first starts"
          + (rsa ? " with acs.tls.key-type: rsa." : "."))
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows the authority and the certificate of the ACS.")

    @OptionGroup var place: Place

    func run() throws {
      print(title: "CA", try place.authority().summary())
      if let server = try place.folder.keptIdentity()?.summary() { print(title: "ACS", server) }
    }

    private func print(title: String, _ summary: CertificateSummary) {
      Swift.print("\(title.padding(to: 12))\(summary.subject), \(summary.algorithm)")
      if !summary.names.isEmpty { Swift.print("names       \(summary.names.joined(separator: ", "))") }
      Swift.print("valid       \(summary.start) to \(summary.end)")
      Swift.print("SHA-256     \(summary.fingerprint)")
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Writes the certificate of the authority, for routers to import.")

    @OptionGroup var place: Place
    @Flag(help: "Write DER in place of PEM.")
    var der = false
    @Option(name: .shortAndLong, help: "The file to write; standard output where none is named.")
    var output: String?

    func run() throws {
      let authority = try place.authority()
      let bytes = try der ? authority.der() : Array(authority.pem().utf8)
      guard let output else { return FileHandle.standardOutput.write(Data(bytes)) }
      try CACommand.write(bytes, to: output, mode: 0o644)
    }
  }

  struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "issue",
      abstract: "Issues a certificate to a router, to prove itself with in place of a password.",
      discussion: "For `acs.tls.client-certificates: optional` or `required`.")

    @OptionGroup var place: Place
    @Argument(help: "The router: OUI-serial, OUI-class-serial, or its serial number.")
    var router: String
    @Option(name: .shortAndLong, help: "The file to write key and certificate to (PEM).")
    var output: String

    func validate() throws {
      guard (1...64).contains(router.utf8.count) else {
        throw ValidationError("A certificate's common name has 1 to 64 characters.")
      }
    }

    func run() throws {
      let identity = try place.authority().issue(forDevice: router, at: SteadyClock.now())
      try CACommand.write(Array(identity.pem().utf8), to: output, mode: 0o600)
    }
  }

  private static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws {
    do throws(FileError) {
      try File.replace(path, with: bytes, mode: mode)
    } catch {
      throw Failure("\(error).")
    }
  }
}
