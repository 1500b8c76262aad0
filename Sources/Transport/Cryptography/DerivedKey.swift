import Crypto

/// The uses of the state folder's one key. Each use has a key of its own, derived from it (HKDF-SHA256,
/// RFC 5869), so that nothing that is learned of one use serves another.
enum DerivedKey: String {
  case vault = "usher vault 1"
  case signatures = "usher signed paths 1"

  /// 32 bytes; `root` is the folder's key, which is random, so that no salt is needed (RFC 5869 section 3.1).
  func of(_ root: [UInt8]) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: root), info: Array(rawValue.utf8), outputByteCount: 32)
  }
}
