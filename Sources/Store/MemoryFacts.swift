import CWMP
import DHCP
import Journey
import Net
import Provisioning

/// What a ``MemoryStore`` holds.
struct MemoryFacts {
  private(set) var leases: [IPv4Address: Lease] = [:]
  private(set) var routers: [RouterID: Router] = [:]
  private(set) var lastRouter: Int64 = 0
  private(set) var devices: [DeviceID: Device] = [:]
  /// In order of their numbers.
  private(set) var events: [RecordedEvent] = []
  private(set) var lastEvent: Int64 = 0
  private(set) var transcripts: [(record: StoredTranscript, bytes: [UInt8])] = []
  private var lastTranscript: Int64 = 0
  private(set) var tasks: [Int64: DeviceTask] = [:]
  private(set) var lastTask: Int64 = 0
  private(set) var parameters: [DeviceID: [String: KnownParameter]] = [:]
  private(set) var files: [FileRecord.Name: FileRecord] = [:]
  private(set) var settings: [String: [UInt8]] = [:]
  private var eventCounts: [RouterID: Int] = [:]

  mutating func apply(_ change: Change) {
    switch change {
    case .lease(let lease): leases[lease.address] = lease
    case .router(let router):
      routers[router.id] = router
      lastRouter = max(lastRouter, router.id.rawValue)
    case .merge(let former, let router): merge(former, into: router)
    case .forget(let router):
      routers[router] = nil
      eventCounts[router] = nil
      events.removeAll { $0.event.router == router }
    case .event(let event): record(event)
    case .device(let device): devices[device.id] = device
    case .contact(let id, let moment): devices[id]?.lastInform = moment
    case .task(let task):
      tasks[task.number] = task
      lastTask = max(lastTask, task.number)
    case .parameters(let id, let told):
      guard devices[id] != nil else { break }
      for parameter in told { parameters[id, default: [:]][parameter.path, default: parameter].join(parameter) }
    case .forgetParameters(let id, let moment):
      parameters[id] = parameters[id]?.filter { $0.value.seen >= moment }
    case .file(let file): files[file.name] = file
    case .fileRemoved(let name): files[name] = nil
    case .transcript(let id, let start, let bytes, let kept):
      lastTranscript += 1
      transcripts.append(
        (
          StoredTranscript(number: lastTranscript, device: "\(id)", start: start, size: bytes.count), bytes
        ))
      let numbers = transcripts.filter { $0.record.device == "\(id)" }.map(\.record.number).dropLast(kept)
      transcripts.removeAll { numbers.contains($0.record.number) }
    case .setting(let name, let value): settings[name] = value
    }
  }

  private mutating func record(_ event: Event) {
    lastEvent += 1
    events.append(RecordedEvent(number: lastEvent, event: event))
    eventCounts[event.router, default: 0] += 1
    removeOldEvents(of: event.router, beyond: EventLimit.kept + EventLimit.slack)
  }

  private mutating func merge(_ former: RouterID, into router: RouterID) {
    guard former != router else { return }
    routers[former] = nil
    eventCounts[router, default: 0] += eventCounts.removeValue(forKey: former) ?? 0
    for index in events.indices where events[index].event.router == former {
      let event = events[index].event
      events[index] = RecordedEvent(
        number: events[index].number, event: Event(router: router, moment: event.moment, fact: event.fact))
    }
    removeOldEvents(of: router, beyond: EventLimit.kept)
  }

  /// Where a router has more events than `limit`, leaves as many as are kept.
  private mutating func removeOldEvents(of router: RouterID, beyond limit: Int) {
    guard let count = eventCounts[router], count > limit else { return }
    var excess = count - EventLimit.kept
    events.removeAll { recorded in
      guard excess > 0, recorded.event.router == router else { return false }
      excess -= 1
      return true
    }
    eventCounts[router] = EventLimit.kept
  }
}

extension KnownParameter {
  /// What is newly told goes before what was known.
  fileprivate mutating func join(_ newer: KnownParameter) {
    isWritable = newer.isWritable ?? isWritable
    type = newer.type ?? type
    value = newer.value ?? value
    notification = newer.notification ?? notification
    seen = newer.seen
  }
}
