package import CWMP

/// What an Inform says, as far as a device's record is concerned.
package struct Contact: Hashable, Sendable {
  package struct Occurrence: Hashable, Sendable {
    /// As the CPE sent it, such as `1 BOOT`, without spaces around it and at most 64 characters.
    package let code: String
    package let commandKey: String

    package init(_ code: String, commandKey: String = "") {
      self.code = code.cut(to: 64).trimmed
      self.commandKey = commandKey
    }
  }

  /// Which credentials opened the session.
  package enum Login: Hashable, Sendable {
    /// Those that option 43 hands out.
    case bootstrap
    /// The device's own, proposed or confirmed.
    case own
    /// Those that are to take the place of its own; see ``CWMP/Renewal``.
    case next
    /// None: the device's certificate did, which says nothing of the credentials that it keeps.
    case certificate
    /// None: it came from an address that was leased to it on a link that this appliance serves itself.
    case link
    /// Authentication is off.
    case none
  }

  package let id: DeviceID
  package let manufacturer: String
  /// At most 64 (TR-069 table "Inform Arguments").
  package let events: [Occurrence]
  package let parameters: [ParameterValue]
  package let login: Login

  package init(
    id: DeviceID, manufacturer: String, events: [Occurrence], parameters: [ParameterValue], login: Login
  ) {
    self.id = id
    self.manufacturer = manufacturer
    self.events = Array(events.prefix(64))
    self.parameters = parameters
    self.login = login
  }

  /// Whether one of its events has this number, whatever the case and spaces of its words (`1 Boot`).
  func has(_ number: String) -> Bool {
    events.contains { $0.isNumbered(number) }
  }

  /// The command key of `M Reboot` or `M Download`, wherever it stands (some send it with the other event alone).
  func has(_ number: String, commandKey: String) -> Bool {
    events.contains { ($0.isNumbered(number) || $0.isNumbered("M")) && $0.commandKey == commandKey }
  }

  /// The value of the parameter that ends so, under either root.
  subscript(ending: String) -> String? {
    parameters.first { $0.path.isPath(ending) }.map { $0.value.cut(to: 256).trimmed }
  }

  var dataModel: DataModel? {
    DataModel.all.first { root in parameters.contains { $0.path.hasPrefix(root.rawValue) } }
  }
}

extension Contact.Occurrence {
  /// Whether this is the part of its code before the first space. `number` has digits or a capital.
  fileprivate func isNumbered(_ number: String) -> Bool {
    let length = number.utf8.count
    guard code.utf8.starts(with: number.utf8, by: { $0 == $1 || $0 == $1 | 0x20 }) else { return false }
    return code.utf8.dropFirst(length).first.map { $0 <= UInt8(ascii: " ") } ?? true
  }
}

extension String {
  /// Whether it is the full path, under either root, of what stands below the root there.
  fileprivate func isPath(_ ending: String) -> Bool {
    let (path, ending) = (utf8.span, ending.utf8.span)
    let rootLength = path.count - ending.count
    // Nearly all have another length.
    guard let root = DataModel.rootLengths.firstIndex(of: rootLength) else { return false }
    return ending.indices.allSatisfy { path[rootLength + $0] == ending[$0] }
      && hasPrefix(DataModel.all[root].rawValue)
  }
}

extension DataModel {
  fileprivate static let all: [DataModel] = [.internetGatewayDevice, .device]
  /// In bytes, as all are.
  fileprivate static let rootLengths = all.map(\.rawValue.utf8.count)
}
