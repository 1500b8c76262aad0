import CWMP
import HTTP
import Journey
import Net
import Provisioning
import Store
import Transport

// What operators ask of routers, and the reading of data models.
extension Provisioner {
  func nextOfTasks(
    for session: inout ACSSession, in site: SiteConfiguration, after request: HTTP.Request, at now: Timestamp
  ) async throws -> ACSRequest? {
    if session.discovery != nil, let request = try await nextOfDiscovery(for: &session, at: now) { return request }
    if let batch = session.batch?.value, let request = batch.message(root: session.device.dataModel) {
      session.purpose = .task(batch.task)
      return request
    }
    let open = tasks.open(of: session.device.id)
    if !open.isEmpty {
      let namespace = session.session.namespace
      var queue = TaskQueue(open)
      while let task = queue.next(at: now) {
        guard tasks.claim(task.number, of: session.device.id) else {
          // It is being taken back.
          queue = TaskQueue(tasks.open(of: session.device.id).filter { $0.number > task.number })
          continue
        }
        defer { tasks.release(task.number) }
        if case .discover(let path) = task.request {
          try await commit(queue.takeChanges(), of: session, at: now)
          let root = session.device.dataModel
          let discovery = Discovery(
            of: path.isEmpty ? root.rawValue : root.path(path), byLevel: session.model.byLevel)
          begin(discovery, for: task, &session, at: now)
          if let request = try await nextOfDiscovery(for: &session, at: now) { return request }
          queue = TaskQueue(tasks.open(of: session.device.id))
          continue
        }
        let message = message(of: task, for: session.device, in: namespace, after: request, at: now)
        let problem = message?.problem(in: namespace)
        if let message, problem == nil {
          try await commit(queue.takeChanges(), of: session, at: now)
          session.purpose = .task(task)
          return message
        }
        let reason = problem.map { "\($0.withoutSecrets)" } ?? "the file is no longer here"
        queue.fail(task.number, .impossible(reason), at: now)
      }
      try await commit(queue.takeChanges(), of: session, at: now)
    }
    return nil
  }

  private func message(
    of task: DeviceTask, for device: Device, in namespace: Namespace, after request: HTTP.Request, at now: Timestamp
  ) -> ACSRequest? {
    task.message(root: device.dataModel, in: namespace) { asked in
      switch asked {
      case .download(let file, _), .scheduleDownload(let file, _, _, _):
        if let url = file.url { return DeviceTask.Location(url: url) }
        guard let name = file.name.flatMap({ FileRecord.Name(rawValue: $0) }), let record = store.file(named: name)
        else {
          return nil
        }
        return DeviceTask.Location(
          url: files.url(of: record, for: device.id, after: request, at: now), size: record.size)
      case .upload(let fileType, _):
        return DeviceTask.Location(
          url: files.uploadURL(
            Self.kind(ofUpload: fileType), for: device.id, commandKey: task.commandKey, after: request, at: now))
      default: return nil
      }
    }
  }

  /// By the number of an Upload's FileType (TR-069 table "Upload Arguments").
  private static func kind(ofUpload fileType: String) -> FileKind {
    switch fileType.first {
    case "1", "3": .configuration
    case "2", "4": .log
    default: .other
    }
  }

  /// The answer to a task's request.
  func apply(
    _ answer: CWMP.Session.Answer, to request: ACSRequest, of task: DeviceTask, _ session: inout ACSSession,
    at now: Timestamp
  ) async throws {
    session.purpose = nil
    let (queries, id) = (queries, session.device.id)
    let learned = Self.parameters(of: answer, to: request, at: now)
    var progress = Progress(of: session.device)
    if case .response = Self.judged(answer) { progress.noteSet(by: request, at: now) }
    let device = progress.device
    var outcome: (answer: CWMP.Session.Answer, refused: [TaskFailure.Parameter]) = (answer, [])
    if let batch = batch(of: task, after: answer, session.batch?.value) {
      let isOver = batch.message(root: session.device.dataModel) == nil
      session.batch = isOver ? nil : Boxed(batch)
      guard isOver else {
        try await commit([], of: session, learned: learned, device: device, at: now)
        session.device = device
        return
      }
      outcome = batch.outcome
    }
    var queue = TaskQueue(tasks.open(of: id))
    queue.answered(
      task, outcome.answer, refused: outcome.refused,
      type: { path in (try? queries.parameter(path, of: id))?.type },
      at: now)
    try await commit(queue.takeChanges(), of: session, learned: learned, device: device, at: now)
    session.device = device
  }

  /// A task that is taken apart, with this answer taken; nil where it is not.
  private func batch(
    of task: DeviceTask, after answer: CWMP.Session.Answer, _ underWay: TaskBatch?
  ) -> TaskBatch? {
    if var batch = underWay, batch.task.number == task.number {
      batch.take(answer)
      return batch
    }
    guard case .fault(let fault) = answer else { return nil }
    return TaskBatch(of: task, after: fault)
  }

  /// Whether the transfer was a task's; it is committed then.
  func completeTask(
    commandKey: String, code: Int, text: String, of session: ACSSession, at now: Timestamp
  ) async throws -> Bool {
    let open = tasks.open(of: session.device.id)
    guard !open.isEmpty else { return false }
    var queue = TaskQueue(open)
    let isOurs = queue.transferCompleted(
      commandKey: commandKey, code: code, text: text, isOnlyTransfer: session.device.transfer == nil,
      wasFetched: wasFetched, at: now)
    guard isOurs else { return false }
    try await commit(queue.takeChanges(), of: session, at: now)
    return true
  }

  /// Whether the router fetched the file of a task; nil where that is not known, as of a file that is elsewhere.
  private func wasFetched(of task: DeviceTask) -> Bool? {
    switch task.request {
    case .download(let file, _), .scheduleDownload(let file, _, _, _):
      guard file.url == nil, let name = file.name.flatMap({ FileRecord.Name(rawValue: $0) }),
        let record = store.file(named: name)
      else { return nil }
      return fetches.hasFetched(record.digest, by: task.device, asked: task.created)
    default: return nil
    }
  }

  /// The tasks that an Inform brings to their end.
  func endedTasks(by inform: Inform, at now: Timestamp) -> [DeviceTask] {
    let open = tasks.open(of: inform.device)
    guard !open.isEmpty, inform.events.contains(where: { $0.code == .boot || $0.code == .bootstrap }) else { return [] }
    var queue = TaskQueue(open)
    queue.booted(
      isBootstrap: inform.events.contains { $0.code == .bootstrap },
      commandKeys: inform.events.map(\.commandKey).filter { !$0.isEmpty }, at: now)
    return queue.takeChanges()
  }

  /// Ends the tasks that have waited too long, of routers that do not come.
  func endOverdueTasks(at now: Timestamp) async throws(StoreError) {
    for device in tasks.devicesWithOverdueTasks(at: now) {
      var queue = TaskQueue(tasks.open(of: device))
      queue.passTime(to: now)
      let router = journey.router(device: "\(device)")?.id
      try await journey.commit(Change.tasks(queue.takeChanges(), of: router, at: now))
    }
  }

  private func commit(
    _ tasks: [DeviceTask], of session: ACSSession, learned: [KnownParameter] = [], device: Device? = nil,
    at now: Timestamp
  ) async throws(StoreError) {
    let learning = learned.isEmpty ? [] : [Change.parameters(session.device.id, learned)]
    let record = device.map { $0 == session.device ? [] : [Change.device($0)] } ?? []
    guard !tasks.isEmpty || !learning.isEmpty || !record.isEmpty else { return }
    try await journey.commit(record + Change.tasks(tasks, of: session.router, at: now) + learning)
  }

  // MARK: - Reading data models

  /// What it runs now, its data model was not read as.
  /// Whether the router's data model is to be read: it never was as the software that it runs now.
  func wantsDiscovery(_ session: ACSSession, in site: SiteConfiguration) -> Bool {
    let device = session.device
    return device.discovered.map { $0.softwareVersion != device.softwareVersion } ?? true && device.verified != nil
      && discoveryAttempts.allow(device)
      && (try? site.profiles.profile(for: device, row: row(of: device.id, session.router, in: site)))?.discovers == true
  }

  func beginDiscovery(
    for session: inout ACSSession, in site: SiteConfiguration, at now: Timestamp
  ) async throws -> ACSRequest? {
    let device = session.device
    guard wantsDiscovery(session, in: site), let before = discoveryAttempts.begin(device) else { return nil }
    let byLevel = before > 0 || session.model.byLevel || device.discovered?.byLevel == true
    begin(Discovery(of: device.dataModel.rawValue, byLevel: byLevel), for: nil, &session, at: now)
    return try await nextOfDiscovery(for: &session, at: now)
  }

  private func begin(_ discovery: Discovery, for task: DeviceTask?, _ session: inout ACSSession, at now: Timestamp) {
    session.discovery = ACSSession.DiscoveryUnderWay(discovery: discovery, start: now, task: task)
  }

  private func nextOfDiscovery(for session: inout ACSSession, at now: Timestamp) async throws -> ACSRequest? {
    guard var underWay = session.discovery else { return nil }
    if let request = underWay.discovery.next() {
      session.discovery = underWay
      session.purpose = .discovery
      return request
    }
    session.discovery = nil
    discoveryAttempts.end(session.device.id)
    let discovery = underWay.discovery
    var changes: [Change] = []
    if discovery.root == session.device.dataModel.rawValue {
      var device = session.device
      device.discovered = Discovered(
        softwareVersion: device.softwareVersion, moment: now, count: discovery.count, byLevel: discovery.wentByLevel)
      changes.append(.device(device))
      if !discovery.isPartial { changes.append(.forgetParameters(device.id, before: underWay.start)) }
      let event = Event(router: session.router, moment: now, fact: .parametersDiscovered(count: discovery.count))
      changes.append(.event(event))
      session.device = device
    }
    if let task = underWay.task {
      var queue = TaskQueue(tasks.open(of: session.device.id))
      if let fault = discovery.refusal {
        queue.fail(task.number, .fault(code: fault.code, text: fault.text, parameters: []), at: now)
      } else {
        let refused = discovery.refused.isEmpty ? "" : ": " + discovery.refused.joined(separator: ", ")
        let text =
          "\(discovery.count) parameters and objects" + (discovery.isPartial ? ", and some were refused\(refused)" : "")
        queue.complete(task.number, TaskResult(text), at: now)
      }
      changes += Change.tasks(queue.takeChanges(), of: session.router, at: now)
    }
    try await journey.commit(changes)
    return nil
  }

  func learn(from answer: CWMP.Session.Answer, _ session: inout ACSSession, at now: Timestamp) async throws {
    session.purpose = nil
    let learned = session.discovery?.discovery.take(answer, at: now) ?? []
    // In pieces, so that no commit of others waits for a whole data model.
    var rest = learned[...]
    while !rest.isEmpty {
      try await journey.commit([.parameters(session.device.id, Array(rest.prefix(500)))])
      rest = rest.dropFirst(500)
    }
  }

  /// What an answer to a task says of parameters.
  private static func parameters(
    of answer: CWMP.Session.Answer, to request: ACSRequest, at now: Timestamp
  ) -> [KnownParameter] {
    switch (answer, request) {
    case (.response(.getParameterValues(let response)), _):
      return response.parameters.filter { isPath($0.path) }.map { KnownParameter($0, seen: now) }
    case (.response(.getParameterNames(let response)), _):
      return response.parameters.filter { isPath($0.path) }.map {
        KnownParameter(path: $0.path, isWritable: $0.isWritable, seen: now)
      }
    case (.response(.getParameterAttributes(let response)), _):
      return response.parameters.filter { isPath($0.path) }.map {
        KnownParameter(path: $0.path, notification: $0.notification.rawValue, seen: now)
      }
    case (.response(.setParameterValues(let response)), .setParameterValues(let asked)) where response.status == .done:
      return asked.parameters.map { KnownParameter($0, seen: now) }
    case (.response(.setParameterAttributes), .setParameterAttributes(let asked)):
      // What a path that ends in a dot stands for is not known here.
      return asked.parameters.filter { isPath($0.path) && !$0.path.hasSuffix(".") && $0.notification != nil }.map {
        KnownParameter(path: $0.path, notification: $0.notification?.rawValue, seen: now)
      }
    default: return []
    }
  }

  private static func isPath(_ path: String) -> Bool { (1...256).contains(path.utf8.count) }
}

extension ACSSession {
  /// The command key of a transfer that the Inform told of: some routers send TransferComplete without it.
  var toldTransferKey: String? {
    session.inform?.events.first { event in
      !event.commandKey.isEmpty
        && [.transferComplete, .downloadMethod, .uploadMethod, .scheduleDownloadMethod].contains(event.code)
    }?.commandKey
  }
}
