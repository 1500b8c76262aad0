import Crypto
package import HTTP
import Net

extension HashFunctions {
  /// The functions of swift-crypto. MD5 is for digest authentication alone, where routers leave no choice.
  package static let crypto = HashFunctions(
    md5: { hexadecimal(Insecure.MD5.hash(data: $0)) },
    sha256: { hexadecimal(SHA256.hash(data: $0)) })

  private static func hexadecimal(_ digest: some Digest) -> String {
    Hexadecimal.encode(digest.withUnsafeBytes { Array($0) })
  }
}
