extension Fact {
  /// What kind of fact it is, without its values. The raw value is stored and told to programs: it never changes.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case discovered, offered, leased, refused, unserved, released, declined, answeredByOther
    case optionDropped, nameRefused
    case bootFileRequested, bootFileFetched, bootFileFailed
    case nameResolved, nameUnresolved
    case connected, misdirected, authenticated, authenticationFailed
    case informed, admitted, quarantined, secured, credentialsLost, goalChanged, flapping, upgraded
    case parametersSet, parameterRefused, requestRefused
    case downloadRequested, downloadServed, downloadCompleted, downloadFailed, fileUploaded, downloadWished, kicked
    case configured, rebootRequested, rebooted, mismatched, verified, provisioned
    case sessionAborted, unplannable
    case taskDone, taskFailed, taskCanceled, parametersDiscovered
    case woken, wakeFailed
  }

  package var kind: Kind {
    switch self {
    case .discovered: .discovered
    case .offered: .offered
    case .leased: .leased
    case .refused: .refused
    case .unserved: .unserved
    case .released: .released
    case .declined: .declined
    case .answeredByOther: .answeredByOther
    case .optionDropped: .optionDropped
    case .nameRefused: .nameRefused
    case .bootFileRequested: .bootFileRequested
    case .bootFileFetched: .bootFileFetched
    case .bootFileFailed: .bootFileFailed
    case .nameResolved: .nameResolved
    case .nameUnresolved: .nameUnresolved
    case .connected: .connected
    case .misdirected: .misdirected
    case .authenticated: .authenticated
    case .authenticationFailed: .authenticationFailed
    case .informed: .informed
    case .admitted: .admitted
    case .quarantined: .quarantined
    case .secured: .secured
    case .credentialsLost: .credentialsLost
    case .goalChanged: .goalChanged
    case .flapping: .flapping
    case .upgraded: .upgraded
    case .parametersSet: .parametersSet
    case .parameterRefused: .parameterRefused
    case .requestRefused: .requestRefused
    case .downloadRequested: .downloadRequested
    case .downloadServed: .downloadServed
    case .downloadCompleted: .downloadCompleted
    case .downloadFailed: .downloadFailed
    case .fileUploaded: .fileUploaded
    case .downloadWished: .downloadWished
    case .kicked: .kicked
    case .configured: .configured
    case .rebootRequested: .rebootRequested
    case .rebooted: .rebooted
    case .mismatched: .mismatched
    case .verified: .verified
    case .provisioned: .provisioned
    case .sessionAborted: .sessionAborted
    case .unplannable: .unplannable
    case .taskDone: .taskDone
    case .taskFailed: .taskFailed
    case .taskCanceled: .taskCanceled
    case .parametersDiscovered: .parametersDiscovered
    case .woken: .woken
    case .wakeFailed: .wakeFailed
    }
  }

  /// The milestone that the fact reaches, if it reaches one.
  package var milestone: Milestone? { kind.milestone }

  /// Whether the fact tells of something that went wrong.
  package var isTrouble: Bool { kind.isTrouble }
}

extension Fact.Kind {
  package var milestone: Milestone? {
    switch self {
    case .discovered: .discovered
    case .leased: .leased
    case .bootFileFetched: .bootFileFetched
    case .nameResolved: .acsNameResolved
    case .connected: .connected
    case .authenticated: .authenticated
    case .informed: .informed
    case .admitted: .admitted
    case .secured: .secured
    case .upgraded: .upgraded
    case .configured: .configured
    case .verified: .verified
    case .provisioned: .provisioned
    case .offered, .refused, .unserved, .released, .declined, .answeredByOther, .optionDropped, .nameRefused,
      .bootFileRequested, .bootFileFailed, .nameUnresolved, .misdirected, .authenticationFailed, .quarantined,
      .credentialsLost, .goalChanged, .flapping, .parametersSet, .parameterRefused, .requestRefused,
      .downloadRequested, .downloadServed, .downloadCompleted, .downloadFailed, .fileUploaded, .downloadWished, .kicked,
      .rebootRequested, .rebooted, .mismatched, .sessionAborted, .unplannable, .taskDone, .taskFailed, .taskCanceled,
      .parametersDiscovered, .woken, .wakeFailed:
      nil
    }
  }

  var isTrouble: Bool {
    switch self {
    case .refused, .unserved, .declined, .answeredByOther, .optionDropped, .nameRefused, .bootFileFailed,
      .nameUnresolved, .misdirected, .authenticationFailed,
      .quarantined, .credentialsLost, .flapping, .parameterRefused, .requestRefused, .downloadFailed, .mismatched,
      .sessionAborted, .unplannable,
      .taskFailed, .wakeFailed:
      true
    case .discovered, .offered, .leased, .released, .bootFileRequested, .bootFileFetched, .nameResolved, .connected,
      .authenticated, .informed, .admitted, .secured, .goalChanged, .upgraded, .parametersSet, .downloadRequested,
      .downloadServed,
      .downloadCompleted, .fileUploaded, .downloadWished, .kicked, .configured, .rebootRequested, .rebooted, .verified,
      .provisioned, .taskDone, .taskCanceled, .parametersDiscovered, .woken:
      false
    }
  }
}
