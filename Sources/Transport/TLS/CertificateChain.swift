import Crypto
import Foundation
package import Net
import SwiftASN1
import X509

/// Certificates in the order of a TLS server's message: its own, then that of who signed it, and so on (RFC 8446 section
/// 4.4.2). At least one.
package struct CertificateChain: Hashable, Sendable {
  let certificates: [Certificate]

  init(_ certificates: [Certificate]) throws(CertificateFileError) {
    guard !certificates.isEmpty else { throw .noCertificate }
    self.certificates = certificates
  }

  /// All certificates of a PEM file (RFC 7468), whatever else it holds.
  package init(pem bytes: [UInt8]) throws(CertificateFileError) {
    var certificates: [Certificate] = []
    do {
      for document in try PEMDocument.parseMultiple(pemString: String(decoding: bytes, as: UTF8.self))
      where document.discriminator == Certificate.defaultPEMDiscriminator {
        certificates.append(try Certificate(derEncoded: document.derBytes))
      }
    } catch {
      throw .unreadableCertificate(reason: "\(error)")
    }
    try self.init(certificates)
  }

  package func followed(by others: CertificateChain) -> CertificateChain {
    CertificateChain(of: certificates + others.certificates)
  }

  private init(of certificates: [Certificate]) {
    self.certificates = certificates
  }

  /// When the first of them to end does so.
  package var end: Timestamp {
    certificates.map { Timestamp($0.notValidAfter) }.min() ?? .distantFuture
  }

  func pem() throws -> String {
    try certificates.map { try $0.serializeAsPEM().pemString }.joined(separator: "\n") + "\n"
  }
}

extension Certificate {
  func der() throws -> [UInt8] {
    var serializer = DER.Serializer()
    try serializer.serialize(self)
    return serializer.serializedBytes
  }

  /// The SHA-256 of its bytes as tools print it: `AB:CD:…`.
  func fingerprint() throws -> String {
    SHA256.hash(data: try der()).map { Hexadecimal.encode([$0]).uppercased() }.joined(separator: ":")
  }
}

extension Timestamp {
  init(_ date: Date) {
    self.init(secondsSince1970: Int64(max(-1e11, min(date.timeIntervalSince1970, 1e12))))
  }

  var date: Date { Date(timeIntervalSince1970: Double(secondsSince1970)) }
}
