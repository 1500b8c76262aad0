import ConfigurationFile
import DNS
import Net
import Provisioning
import Transport

/// Reads the files that a configuration names, and keeps what is wrong with them.
struct ConfigurationReader {
  /// Of the configuration file: the others are named from there on.
  let folder: String
  private(set) var problems: [Problem] = []

  init(folder: String) {
    self.folder = folder
  }

  mutating func note(_ problem: Problem) {
    problems.append(problem)
  }

  func path(_ name: String) -> String {
    name.hasPrefix("/") ? name : "\(folder)/\(name)"
  }

  mutating func bytes(of name: String, limit: Int, _ origin: Origin, _ option: String) -> [UInt8]? {
    do throws(FileError) {
      return try File.read(path(name), limit: limit)
    } catch {
      problems.append(origin.problem(at: option, "\(error)", cure: error.cure))
      return nil
    }
  }

  mutating func template(_ name: String, _ origin: Origin) -> Template? {
    guard let bytes = bytes(of: name, limit: Template.sizeLimit, origin, "template") else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      problems.append(origin.problem(at: "template", "\(name) is not UTF-8 text"))
      return nil
    }
    do throws(TemplateError) {
      return try Template(text)
    } catch {
      problems.append(origin.problem(at: "template", "\(name): \(error)"))
      return nil
    }
  }

  mutating func inventory(_ name: String, _ origin: Origin) -> Inventory {
    guard let bytes = bytes(of: name, limit: Inventory.sizeLimit, origin, "inventory") else { return Inventory() }
    let reading = InventoryReading(csv: bytes)
    problems += reading.errors.map { origin.problem(at: "inventory", "\(name): \($0)") }
    if reading.omitted > 0 {
      problems.append(origin.problem(at: "inventory", "\(name): and \(reading.omitted) more"))
    }
    return reading.inventory
  }

  mutating func zone(_ name: String, file: String, _ origin: Origin) -> MasterFile? {
    guard let bytes = bytes(of: file, limit: MasterFile.sizeLimit, origin, "file"), let apex = try? Name(name) else {
      return nil
    }
    do throws(MasterFileError) {
      return try MasterFile(bytes, zone: apex)
    } catch {
      problems.append(origin.problem(at: "file", "\(file): \(error)"))
      return nil
    }
  }

  mutating func servedFolder(_ name: String, _ origin: Origin) -> ServedFolder {
    let folder = ServedFolder(path: path(name))
    if let problem = folder.problem { problems.append(origin.problem(at: "folder", "\(problem)", cure: problem.cure)) }
    return folder
  }

  /// What `body` makes of a file of certificates or of a key, where one is named.
  mutating func certificate<Value>(
    _ name: String?, _ origin: Origin, _ option: String, _ body: ([UInt8]) throws(CertificateFileError) -> Value
  ) -> Value? {
    guard let name, let bytes = bytes(of: name, limit: Self.certificateLimit, origin, option) else { return nil }
    do throws(CertificateFileError) {
      return try body(bytes)
    } catch {
      problems.append(origin.problem(at: option, "\(name): \(error)"))
      return nil
    }
  }

  private static let certificateLimit = 1 << 20
}

extension Origin {
  /// A problem with what an option names, and what to do about it.
  func problem(at option: String, _ message: String, cure: String?) -> Problem {
    problem(at: option, message + (cure.map { ": \($0)" } ?? ""))
  }
}
