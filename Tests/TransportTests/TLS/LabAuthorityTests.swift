import Foundation
import Net
import Testing
import Transport

struct LabAuthorityTests {
  private static let now = Timestamp(secondsSince1970: 1_790_000_000)
  private static let names = ServerNames(
    hosts: ["ACS.usher.internal", "*.vendor.example"], addresses: [IPv4Address(192, 0, 2, 1)])

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-ca-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.path)
  }

  private func openssl(_ arguments: String...) async throws -> String {
    let result = try await runProgram("/usr/bin/openssl", arguments)
    return result.output + result.errors
  }

  @Test(arguments: CertificateKey.Kind.allCases)
  func `a folder gets an authority once, and OpenSSL believes what it signs in the years 2000 and 2035`(
    kind: CertificateKey.Kind
  ) async throws {
    try await withFolder { path in
      let folder = AuthorityFolder(path, kind: kind)
      let authority = try folder.open(at: Self.now)
      let files = try [folder.certificatePath, folder.keyPath].map { try Data(contentsOf: URL(filePath: $0)) }
      #expect(try folder.open(at: Self.now.advanced(bySeconds: 86_400)) == authority)
      #expect(try [folder.certificatePath, folder.keyPath].map { try Data(contentsOf: URL(filePath: $0)) } == files)
      let mode = try FileManager.default.attributesOfItem(atPath: folder.keyPath)[.posixPermissions] as? Int
      #expect(mode == 0o600)

      _ = try folder.identity(of: authority, for: Self.names, at: Self.now)
      for moment in ["946771200", "1790000000", "2051222400"] {
        let verdict = try await openssl(
          "verify", "-x509_strict", "-attime", moment, "-purpose", "sslserver", "-verify_hostname",
          "acs.usher.internal", "-CAfile", folder.certificatePath, folder.serverPath)
        #expect(verdict.contains("acs.pem: OK") || verdict.contains("acs-rsa.pem: OK"), "\(moment): \(verdict)")
      }
      let verdict = try await openssl(
        "verify", "-verify_ip", "192.0.2.1", "-CAfile", folder.certificatePath, folder.serverPath)
      #expect(verdict.contains(": OK"), "\(verdict)")
      let summary = try authority.summary()
      #expect(summary.subject.hasPrefix("CN=Usher lab CA "))
      #expect(summary.end == Self.now.advanced(bySeconds: 20 * 365 * 86_400))
      let printed = try await openssl("x509", "-in", folder.certificatePath, "-noout", "-fingerprint", "-sha256")
      #expect(printed.contains(summary.fingerprint))
      let text = try await openssl("x509", "-in", folder.certificatePath, "-noout", "-text")
      #expect(text.contains(kind == .rsa ? "Public-Key: (2048 bit)" : "ASN1 OID: prime256v1"))
    }
  }

  @Test func `a server's certificate is kept, and issued anew for other names or near its end`() async throws {
    try await withFolder { path in
      let folder = AuthorityFolder(path, kind: .ecdsa)
      let authority = try folder.open(at: Self.now)
      let first = try folder.identity(of: authority, for: Self.names, at: Self.now)
      #expect(try folder.identity(of: authority, for: Self.names, at: Self.now) == first)
      let later = Self.now.advanced(bySeconds: 4 * 365 * 86_400)
      #expect(try folder.identity(of: authority, for: Self.names, at: later) == first)

      let fewer = ServerNames(hosts: Self.names.hosts, addresses: [])
      #expect(try folder.identity(of: authority, for: fewer, at: Self.now) == first)

      let others = ServerNames(hosts: ["acs.usher.internal"], addresses: [IPv4Address(192, 0, 2, 2)])
      let second = try folder.identity(of: authority, for: others, at: Self.now)
      #expect(second != first)
      #expect(try second.summary()?.names == ["acs.usher.internal", "192.0.2.2"])
      let muchLater = Self.now.advanced(bySeconds: 6 * 365 * 86_400)
      let third = try folder.identity(of: authority, for: others, at: muchLater)
      #expect(third != second)
      #expect(try #require(try third.summary()).end == muchLater.advanced(bySeconds: 10 * 365 * 86_400))
      // The last ones end with the authority, and are not issued at every start.
      let last = Self.now.advanced(bySeconds: 19 * 365 * 86_400)
      let fourth = try folder.identity(of: authority, for: others, at: last)
      #expect(try fourth.summary()?.end == authority.summary().end)
      #expect(try folder.identity(of: authority, for: others, at: last) == fourth)
      #expect(fourth.problem(at: last) == nil)
      #expect(try #require(fourth.problem(at: last.advanced(bySeconds: 2 * 365 * 86_400))).contains("ended at 20"))
    }
  }

  @Test func `a clock that stands at 1970 makes an authority that is valid all the same`() async throws {
    try await withFolder { path in
      let authority = try AuthorityFolder(path, kind: .ecdsa).open(at: Timestamp(secondsSince1970: 60))
      let summary = try authority.summary()
      #expect(summary.start.description == "2000-01-01T00:00:00Z")
      #expect(summary.end > Timestamp(secondsSince1970: 2_300_000_000))
    }
  }

  @Test func `a broken, missing or foreign key is refused in words, and nothing is overwritten`() async throws {
    try await withFolder { path in
      let folder = AuthorityFolder(path, kind: .ecdsa)
      _ = try folder.open(at: Self.now)
      func refusal(_ content: String?) throws -> String {
        if let content {
          try Data(content.utf8).write(to: URL(filePath: folder.keyPath))
        } else {
          try FileManager.default.removeItem(atPath: folder.keyPath)
        }
        do throws(AuthorityError) {
          _ = try folder.open(at: Self.now)
        } catch {
          #expect((try? Data(contentsOf: URL(filePath: folder.keyPath))) == content.map { Data($0.utf8) })
          return "\(error)"
        }
        return "none"
      }
      #expect(
        try refusal("nonsense")
          == "\(folder.keyPath) cannot be used: it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)")
      let broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
      #expect(try refusal(broken).contains("it holds a private key that cannot be read: "))
      let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
      #expect(try refusal(encrypted).contains("is encrypted with a password"))
      let foreign = try await openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
      #expect(
        try refusal(foreign) == "\(folder.keyPath) cannot be used: its private key is not that of the certificate")
      #expect(try refusal(nil).contains("Put it back; or move \(folder.certificatePath) away for a new CA"))
    }
  }

  @Test func `keys and chains are read as OpenSSL writes them`() async throws {
    try await withFolder { path in
      let key = "\(path)/key.pem"
      let certificate = "\(path)/certificate.pem"
      for generate in [
        ["ecparam", "-genkey", "-name", "prime256v1", "-out", key], ["genrsa", "-traditional", "-out", key, "2048"],
        ["genpkey", "-algorithm", "RSA", "-out", key], ["genpkey", "-algorithm", "ED25519", "-out", key],
        ["ecparam", "-genkey", "-name", "secp384r1", "-out", key],
      ] {
        #expect(try await runProgram("/usr/bin/openssl", generate).code == 0)
        _ = try await openssl(
          "req", "-x509", "-new", "-key", key, "-subj", "/CN=acs.example", "-days", "30", "-text", "-out", certificate)
        let chain = try CertificateChain(pem: [UInt8](Data(contentsOf: URL(filePath: certificate))))
        let identity = try TLSIdentity(chain, key: CertificateKey(pem: [UInt8](Data(contentsOf: URL(filePath: key)))))
        #expect(throws: Never.self) { try TLSServerContext(TLSServerContext.Settings(identity)) }
      }
      #expect(throws: CertificateFileError.noCertificate) { try CertificateChain(pem: Array("text\n".utf8)) }
    }
  }
}
