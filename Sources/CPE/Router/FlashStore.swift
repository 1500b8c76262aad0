import FoundationEssentials
import Transport

/// Keeps flash in a file of its own, so that the end of the process is a power cut; without a directory, nowhere.
struct FlashStore {
  enum Failure: Error, CustomStringConvertible {
    case file(FileError)
    case damaged(path: String)

    var description: String {
      switch self {
      case .file(let error): "\(error)"
      case .damaged(let path): "\(path) does not hold the flash of a simulated router; remove it for a new router"
      }
    }
  }

  private let path: String?
  private static let limit = 64 << 20

  init(directory: String?, serialNumber: String) {
    let name = String(serialNumber.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    path = directory.map { "\($0)/\(name).json" }
  }

  /// Nil where the router is new.
  func load() throws(Failure) -> Flash? {
    guard let path else { return nil }
    let kept: [UInt8]?
    do throws(FileError) { kept = try File.readIfThere(path, limit: Self.limit) } catch { throw .file(error) }
    guard let bytes = kept else { return nil }
    guard let flash = try? JSONDecoder().decode(Flash.self, from: Data(bytes)) else { throw .damaged(path: path) }
    return flash
  }

  func save(_ flash: Flash) throws(Failure) {
    guard let path else { return }
    guard let data = try? JSONEncoder().encode(flash) else { throw .damaged(path: path) }
    do throws(FileError) { try File.replace(path, with: Array(data)) } catch { throw .file(error) }
  }
}
