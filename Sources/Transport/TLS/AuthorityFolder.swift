package import Net

/// Why the authority of a folder cannot be used.
package enum AuthorityError: Error, Hashable, Sendable {
  case file(FileError)
  case certificate(path: String, CertificateFileError)
  /// The certificate that it issued to the ACS, which can be issued anew.
  case serverCertificate(path: String, CertificateFileError)
  /// One half of it is gone. A new one in its place would be one that no router knows.
  case keyMissing(path: String, certificate: String)
  case failed(String)

  package var counterName: String {
    switch self {
    case .file: "authority.file"
    case .certificate: "authority.certificate"
    case .serverCertificate: "authority.serverCertificate"
    case .keyMissing: "authority.keyMissing"
    case .failed: "authority.failed"
    }
  }
}

extension AuthorityError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let error): "\(error)\(error.cure.map { ": \($0)" } ?? "")"
    case .certificate(let path, let error): "\(path) cannot be used: \(error)"
    case .serverCertificate(let path, let error):
      "\(path) cannot be used: \(error). Put it back; or move it away, and the CA issues another at the next start"
    case .keyMissing(let path, let certificate):
      "\(path) is gone, the key of \(certificate). Put it back; or move \(certificate) away for a new CA, which the "
        + "routers must then be given"
    case .failed(let reason): "the certificate cannot be made: \(reason)"
    }
  }
}

/// Where an authority and the server certificate that it issued are kept. The authority's files are made where there are
/// none, and never written again; an operator may put others in their place.
package struct AuthorityFolder: Sendable {
  /// PEM, for all to read.
  package let certificatePath: String
  /// PEM, mode 0600.
  package let keyPath: String
  /// PEM of key and certificates, mode 0600: one file, so that the two always fit.
  package let serverPath: String
  private let kind: CertificateKey.Kind

  /// Authorities of both kinds have a place of their own, so that a change of kind destroys none.
  package init(_ folder: String, kind: CertificateKey.Kind) {
    let suffix =
      switch kind {
      case .ecdsa: ""
      case .rsa: "-rsa"
      }
    certificatePath = "\(folder)/ca\(suffix).pem"
    keyPath = "\(folder)/ca\(suffix).key"
    serverPath = "\(folder)/acs\(suffix).pem"
    self.kind = kind
  }

  /// The authority, made where there is none.
  package func open(at now: Timestamp) throws(AuthorityError) -> LabAuthority {
    let certificate = try Self.read(certificatePath)
    guard let key = try readKey() else {
      guard certificate == nil else { throw .keyMissing(path: keyPath, certificate: certificatePath) }
      let key = try Self.making { try CertificateKey.make(kind) }
      // The key comes first: one without a certificate is no loss, and a certificate without a key would be.
      try Self.write(keyPath, try Self.making { try key.pem() }, mode: 0o600)
      return try sign(key, at: now)
    }
    guard let certificate else { return try sign(key, at: now) }
    do throws(CertificateFileError) {
      let identity = try TLSIdentity(CertificateChain(pem: certificate), key: key)
      guard let first = identity.chain.certificates.first else { throw .noCertificate }
      return LabAuthority(first, key: key)
    } catch {
      let path =
        switch error {
        case .otherKey: keyPath
        default: certificatePath
        }
      throw .certificate(path: path, error)
    }
  }

  /// Whether there is an authority. Not the authority or nil: Swift 6.3 fails to return a large nothing from a function
  /// that may throw, see Tests/Integration/ReleaseBinaryTests.
  package func isMade() throws(AuthorityError) -> Bool {
    try Self.read(certificatePath) != nil
  }

  /// The server's certificate as it was kept; issued anew where the names are others or its end is near.
  package func identity(
    of authority: LabAuthority, for names: ServerNames, at now: Timestamp
  ) throws(AuthorityError) -> TLSIdentity {
    if let kept = try keptIdentity(), authority.covers(kept, names: names, at: now) { return kept }
    let fresh = try Self.making { try authority.issue(for: names, at: now) }
    try Self.write(serverPath, try Self.making { try fresh.pem() }, mode: 0o600)
    return fresh
  }

  /// Nil where there is none.
  package func keptIdentity() throws(AuthorityError) -> TLSIdentity? {
    guard let bytes = try Self.read(serverPath) else { return nil }
    do throws(CertificateFileError) {
      return try TLSIdentity(pem: bytes)
    } catch {
      throw .serverCertificate(path: serverPath, error)
    }
  }

  private func sign(_ key: CertificateKey, at now: Timestamp) throws(AuthorityError) -> LabAuthority {
    let authority = try Self.making { try LabAuthority(key: key, at: now) }
    try Self.write(certificatePath, try Self.making { try authority.pem() }, mode: 0o644)
    return authority
  }

  private func readKey() throws(AuthorityError) -> CertificateKey? {
    guard let bytes = try Self.read(keyPath) else { return nil }
    do throws(CertificateFileError) {
      return try CertificateKey(pem: bytes)
    } catch {
      throw .certificate(path: keyPath, error)
    }
  }

  private static func read(_ path: String) throws(AuthorityError) -> [UInt8]? {
    do throws(FileError) {
      return try File.readIfThere(path, limit: 1 << 20)
    } catch {
      throw .file(error)
    }
  }

  private static func write(_ path: String, _ text: String, mode: UInt32) throws(AuthorityError) {
    do throws(FileError) {
      try File.replace(path, with: Array(text.utf8), mode: mode)
    } catch {
      throw .file(error)
    }
  }

  private static func making<Value>(_ body: () throws -> Value) throws(AuthorityError) -> Value {
    do {
      return try body()
    } catch {
      throw .failed("\(error)")
    }
  }
}
