extension Fact {
  /// What kind of fact it is, without its values. The raw value is stored and told to programs: it never changes.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case discovered, offered, leased, refused, unserved, unknownNetwork, released, addressWithdrawn, declined
    case answeredByOther, leasedElsewhere, optionDropped, nameRefused
    case bootFileRequested, bootFileFetched, bootFileFailed
    case nameResolved, nameUnresolved
    case connected, misdirected, authenticated, authenticationFailed, loginUnusable, nonceUnknown, messageRefused
    case turnedAway, misuseRefused, informed, admitted, quarantined, secured, credentialsLost, goalChanged, flapping,
      upgraded
    case parametersSet, parameterRefused, requestRefused
    case downloadRequested, downloadServed, downloadCompleted, downloadDoubtful, downloadFailed
    case fileUploaded, downloadWished, kicked
    case configured, rebootRequested, rebooted, mismatched, verified, provisioned
    case drifted, restored, serialShared
    case claimHeld, claimTaken, claimApproved, twinHeld, twinSeen
    case sessionAborted, leftAfterInform, unplannable
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
    case .unknownNetwork: .unknownNetwork
    case .released: .released
    case .addressWithdrawn: .addressWithdrawn
    case .declined: .declined
    case .answeredByOther: .answeredByOther
    case .optionDropped: .optionDropped
    case .nameRefused: .nameRefused
    case .leasedElsewhere: .leasedElsewhere
    case .bootFileRequested: .bootFileRequested
    case .bootFileFetched: .bootFileFetched
    case .bootFileFailed: .bootFileFailed
    case .nameResolved: .nameResolved
    case .nameUnresolved: .nameUnresolved
    case .connected: .connected
    case .misdirected: .misdirected
    case .authenticated: .authenticated
    case .authenticationFailed: .authenticationFailed
    case .loginUnusable: .loginUnusable
    case .nonceUnknown: .nonceUnknown
    case .messageRefused: .messageRefused
    case .turnedAway: .turnedAway
    case .misuseRefused: .misuseRefused
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
    case .downloadDoubtful: .downloadDoubtful
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
    case .drifted: .drifted
    case .restored: .restored
    case .serialShared: .serialShared
    case .claimHeld: .claimHeld
    case .claimTaken: .claimTaken
    case .claimApproved: .claimApproved
    case .twinHeld: .twinHeld
    case .twinSeen: .twinSeen
    case .sessionAborted: .sessionAborted
    case .leftAfterInform: .leftAfterInform
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
  /// Whether it tells of what somebody else did in the router's name: the router itself has not been heard.
  var isOfOthers: Bool { [.claimHeld, .twinSeen].contains(self) }

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
    case .offered, .refused, .unserved, .unknownNetwork, .released, .addressWithdrawn, .declined, .answeredByOther,
      .leasedElsewhere, .optionDropped, .nameRefused, .bootFileRequested, .bootFileFailed, .nameUnresolved,
      .misdirected, .credentialsLost, .goalChanged, .flapping, .authenticationFailed, .loginUnusable,
      .nonceUnknown, .messageRefused, .turnedAway, .misuseRefused, .quarantined, .parametersSet, .parameterRefused,
      .requestRefused,
      .downloadRequested, .downloadServed, .downloadCompleted, .downloadDoubtful, .downloadFailed, .fileUploaded,
      .downloadWished, .kicked, .rebootRequested, .rebooted, .mismatched, .drifted, .restored, .serialShared,
      .claimHeld, .claimTaken, .claimApproved, .twinHeld, .twinSeen,
      .sessionAborted, .leftAfterInform, .unplannable, .taskDone, .taskFailed, .taskCanceled, .parametersDiscovered,
      .woken, .wakeFailed:
      nil
    }
  }

  var isTrouble: Bool {
    switch self {
    case .refused, .unserved, .unknownNetwork, .declined, .answeredByOther, .leasedElsewhere, .optionDropped,
      .nameRefused, .bootFileFailed,
      .nameUnresolved, .misdirected, .authenticationFailed, .loginUnusable, .nonceUnknown, .messageRefused, .turnedAway,
      .misuseRefused, .quarantined, .credentialsLost, .flapping, .parameterRefused, .requestRefused, .downloadDoubtful,
      .downloadFailed,
      .mismatched, .drifted,
      .serialShared, .claimHeld, .twinHeld, .twinSeen, .sessionAborted, .leftAfterInform, .unplannable, .taskFailed,
      .wakeFailed:
      true
    case .discovered, .offered, .leased, .released, .addressWithdrawn, .restored, .bootFileRequested, .bootFileFetched,
      .nameResolved, .connected,
      .authenticated, .informed, .admitted, .secured, .goalChanged, .upgraded, .parametersSet, .downloadRequested,
      .downloadServed,
      .downloadCompleted, .fileUploaded, .downloadWished, .kicked, .configured, .rebootRequested, .rebooted, .verified,
      .provisioned, .taskDone, .taskCanceled, .parametersDiscovered, .woken, .claimTaken, .claimApproved:
      false
    }
  }
}
