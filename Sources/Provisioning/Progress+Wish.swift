package import CWMP

/// What becomes of a router's wish for a file (RequestDownload, TR-069 annex A.4.2.2).
package enum WishAnswer: Hashable, Sendable {
  /// The configuration of its profile is downloaded, in this session or a later one.
  case configuration(name: String)
  /// That is under way already.
  case underWay(name: String)
  /// An operator's task downloads a file of that type.
  case task(Int64)
  /// No file of that type is set down for it.
  case none
  case notAdmitted
}

extension Progress {
  /// The device wishes for a file. Where its goal has one of that type, the plan downloads it, though the device has had
  /// it before; it is not rebooted for the same content again, or one that wishes at each boot would boot forever.
  ///
  /// - Parameters:
  ///   - goal: nil where none can be made.
  ///   - tasks: those of the device that have not ended.
  package mutating func wished(_ wish: RequestDownload, goal: Goal?, tasks: [DeviceTask]) {
    let answer = answer(to: wish, goal, tasks)
    if case .configuration = answer {
      device.configuration = nil
      device.verified = nil
    }
    let arguments = wish.arguments.map { argument in
      let value = Goal.Parameter.isSecret(argument.name) ? "***" : argument.value
      return "\(argument.name.prefix(64))=\(value.prefix(256))"
    }
    outcomes.append(
      .downloadWished(fileType: String(wish.fileType.rawValue.prefix(64)), arguments: arguments, answer: answer))
  }

  private func answer(to wish: RequestDownload, _ goal: Goal?, _ tasks: [DeviceTask]) -> WishAnswer {
    guard case .admitted = device.admission else { return .notAdmitted }
    let task = tasks.first { task in
      switch task.request {
      case .download(let file, _), .scheduleDownload(let file, _, _, _):
        wish.fileType.isSame(as: Download.FileType(rawValue: file.fileType))
      default: false
      }
    }
    if let task { return .task(task.number) }
    guard wish.fileType.isSame(as: .configuration), let file = goal?.configuration else { return .none }
    if case .accepted? = device.transfer?.state { return .underWay(name: file.name) }
    return .configuration(name: file.name)
  }
}

extension Download.FileType {
  /// Types are told by their numbers: some routers write no words behind them, or others.
  fileprivate func isSame(as other: Download.FileType) -> Bool {
    rawValue == other.rawValue || number != nil && number == other.number
  }

  private var number: Int? {
    rawValue.split(separator: " ").first.flatMap { Int($0) }
  }
}

extension WishAnswer: CustomStringConvertible {
  package var description: String {
    switch self {
    case .configuration(let name): "it is to download \(name.quoted)"
    case .underWay(let name): "\(name.quoted) is on its way to it"
    case .task(let number): "task \(number) has it download one"
    case .none: "none is set down for it; `usher task ask ROUTER download FILE` gives it one"
    case .notAdmitted: "it is given none before it is admitted"
    }
  }
}
