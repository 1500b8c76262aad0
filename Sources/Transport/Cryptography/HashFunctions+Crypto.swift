import Crypto
package import HTTP
import Net

extension HashFunctions {
  /// The functions of swift-crypto. MD5 is for digest authentication alone, where routers leave no choice.
  package static let crypto = HashFunctions(
    md5: { Hexadecimal.encode(Insecure.MD5.hash(data: $0)) },
    sha256: { Hexadecimal.encode(SHA256.hash(data: $0)) })
}
