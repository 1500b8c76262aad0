package import CWMP
package import Net

// A router that boots again and again: a crash, often of its TR-069 client, by something that it was just given.
extension Progress {
  /// It booted. A boot that we asked for counts for nothing.
  mutating func noteSeries(_ contact: Contact, at now: Timestamp) {
    if let reboot = device.reboot, reboot.state != .done { return }
    guard let last = device.lastBoot, now.seconds(since: last) <= BootSeries.gap else {
      device.boots = nil
      return
    }
    var series = device.boots ?? BootSeries(count: 1, start: last, lastSet: device.lastSet)
    series.count += series.count < .max ? 1 : 0
    device.boots = series
    // Told again whenever it has come to twice as many.
    guard series.count >= BootSeries.limit, series.count.nonzeroBitCount == 1 else { return }
    outcomes.append(
      .flapping(boots: series.count, seconds: now.seconds(since: series.start), lastSet: series.lastSet?.what))
  }

  /// Something was changed at it.
  package mutating func noteSet(_ what: String, at now: Timestamp) {
    device.lastSet = LastSet(what, moment: now)
  }

  /// It did what the request asks, if that changes anything.
  package mutating func noteSet(by request: ACSRequest, at now: Timestamp) {
    if let set = LastSet(request, moment: now) { device.lastSet = set }
  }
}

extension LastSet {
  /// Nil where the request changes nothing at a device, or brings a file, which counts once it is taken.
  package init?(_ request: ACSRequest, moment: Timestamp, isAnswered: Bool = true) {
    let what: String
    switch request {
    case .setParameterValues(let set): what = Self.named(set.parameters.map(\.path))
    case .setParameterAttributes(let set): what = "the notifications of " + Self.named(set.parameters.map(\.path))
    case .addObject(let add): what = "a new object in \(add.path)"
    case .deleteObject(let delete): what = "the object \(delete.path), which was deleted"
    case .changeDUState: what = "a software module"
    case .download(let file) where !isAnswered: what = "the file \(file.targetFileName.quoted)"
    case .download, .scheduleDownload, .upload, .reboot, .factoryReset, .scheduleInform, .cancelTransfer,
      .getRPCMethods, .getParameterValues, .getParameterNames, .getParameterAttributes, .getQueuedTransfers,
      .getAllQueuedTransfers:
      return nil
    }
    self.init(what + (isAnswered ? "" : ", to which it gave no answer"), moment: moment)
  }

  private static func named(_ paths: [String]) -> String {
    let more = paths.count > 3 ? " and \(paths.count - 3) more" : ""
    return (paths.count == 1 ? "the parameter " : "the parameters ") + paths.prefix(3).joined(separator: ", ") + more
  }
}
