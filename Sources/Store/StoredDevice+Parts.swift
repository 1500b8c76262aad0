import CWMP
import Net

// The parts of a device's record that have forms of their own. Numbers of cases are never used anew.

extension ByteWriter {
  mutating func writeOptional<Value>(_ value: Value?, write body: (inout ByteWriter, Value) -> Void) {
    write(UInt8(value == nil ? 0 : 1))
    if let value { body(&self, value) }
  }

  mutating func write(_ admission: Admission) {
    switch admission {
    case .undecided: write(UInt8(0))
    case .admitted(let by):
      write(UInt8(1))
      writeText(by)
    case .quarantined(let reason):
      write(UInt8(2))
      writeText(reason)
    }
  }

  mutating func write(_ credentials: Credentials) {
    switch credentials {
    case .bootstrap: write(UInt8(0))
    case .proposed(let sealed):
      write(UInt8(1))
      write(sealed)
    case .confirmed(let sealed):
      write(UInt8(2))
      write(sealed)
    }
  }

  mutating func write(_ renewal: Renewal) {
    switch renewal {
    case .due: write(UInt8(0))
    case .proposed(let sealed):
      write(UInt8(1))
      write(sealed)
    case .accepted(let sealed):
      write(UInt8(2))
      write(sealed)
    }
  }

  private mutating func write(_ sealed: SealedCredentials) {
    writeText(sealed.username)
    writeCount(sealed.secrets.count)
    write(sealed.secrets)
  }

  mutating func write(_ transfer: Transfer) {
    writeText(transfer.commandKey)
    writeText(transfer.fileType)
    writeText(transfer.fileName)
    writeText(transfer.digest)
    writeMoment(transfer.moment)
    switch transfer.state {
    case .requested: write(UInt8(0))
    case .accepted: write(UInt8(1))
    case .failed(let code, let text):
      write(UInt8(2))
      writeCount(code)
      writeText(text)
    }
    writeCount(transfer.attempt)
  }

  mutating func write(_ reboot: Reboot) {
    writeText(reboot.commandKey)
    writeMoment(reboot.moment)
    switch reboot.state {
    case .requested: write(UInt8(0))
    case .accepted: write(UInt8(1))
    case .done: write(UInt8(2))
    }
    writeCount(reboot.attempt)
  }

  mutating func write(_ drifts: [Drift]) {
    writeCount(drifts.count)
    for drift in drifts {
      writeText(drift.path)
      writeText(drift.wanted)
      writeText(drift.found)
    }
  }

  mutating func write(_ setback: Setback) {
    switch setback.kind {
    case .refused(let method, let path, let code, let text):
      write(UInt8(0))
      writeText(method)
      writeText(path)
      writeCount(code)
      writeText(text)
    case .mismatched(let path, let wanted, let found):
      write(UInt8(1))
      writeText(path)
      writeText(wanted)
      writeText(found)
    }
    writeText(setback.fingerprint)
    writeCount(setback.attempt)
    writeMoment(setback.moment)
  }

  mutating func write(_ relapse: Relapse) {
    writeCount(relapse.count)
    writeMoment(relapse.moment)
    write(UInt8(relapse.isDoubted ? 1 : 0))
    write(UInt8(relapse.isLeft ? 1 : 0))
  }

  mutating func write(_ set: LastSet) {
    writeText(set.what)
    writeMoment(set.moment)
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  mutating func readRelapse() throws(ByteError) -> Relapse {
    Relapse(count: try readCount(), moment: try readMoment(), isDoubted: try readFlag(), isLeft: try readFlag())
  }

  @_lifetime(self: copy self)
  mutating func readLastSet() throws(ByteError) -> LastSet {
    LastSet(try readText(), moment: try readMoment())
  }

  @_lifetime(self: copy self)
  mutating func readFlag() throws(ByteError) -> Bool {
    try readUInt8() != 0
  }

  @_lifetime(self: copy self)
  mutating func readAdmission() throws(ByteError) -> Admission {
    switch try readUInt8() {
    case 1: .admitted(by: try readText())
    case 2: .quarantined(reason: try readText())
    default: .undecided
    }
  }

  @_lifetime(self: copy self)
  mutating func readCredentials() throws(ByteError) -> Credentials {
    switch try readUInt8() {
    case 1: .proposed(try readSealedCredentials())
    case 2: .confirmed(try readSealedCredentials())
    default: .bootstrap
    }
  }

  @_lifetime(self: copy self)
  mutating func readRenewal() throws(ByteError) -> Renewal {
    switch try readUInt8() {
    case 1: .proposed(try readSealedCredentials())
    case 2: .accepted(try readSealedCredentials())
    default: .due
    }
  }

  @_lifetime(self: copy self)
  private mutating func readSealedCredentials() throws(ByteError) -> SealedCredentials {
    SealedCredentials(username: try readText(), secrets: try readBytes(readCount()))
  }

  @_lifetime(self: copy self)
  mutating func readTransfer() throws(ByteError) -> Transfer {
    let (commandKey, fileType) = (try readText(), try readText())
    let (fileName, digest, moment) = (try readText(), try readText(), try readMoment())
    let state: Transfer.State =
      switch try readUInt8() {
      case 1: .accepted
      case 2: .failed(code: try readCount(), text: try readText())
      default: .requested
      }
    return Transfer(
      commandKey: commandKey, fileType: fileType, fileName: fileName, digest: digest, moment: moment, state: state,
      attempt: try readCount())
  }

  @_lifetime(self: copy self)
  mutating func readReboot() throws(ByteError) -> Reboot {
    let (commandKey, moment) = (try readText(), try readMoment())
    let state: Reboot.State =
      switch try readUInt8() {
      case 1: .accepted
      case 2: .done
      default: .requested
      }
    return Reboot(commandKey: commandKey, moment: moment, state: state, attempt: try readCount())
  }

  @_lifetime(self: copy self)
  mutating func readDrifts() throws(ByteError) -> [Drift] {
    let count = max(0, min(try readCount(), Drift.limit))
    var drifts: [Drift] = []
    for _ in 0..<count {
      drifts.append(Drift(path: try readText(), wanted: try readText(), found: try readText()))
    }
    return drifts
  }

  @_lifetime(self: copy self)
  mutating func readSetback() throws(ByteError) -> Setback {
    let kind: Setback.Kind =
      switch try readUInt8() {
      case 1: .mismatched(path: try readText(), wanted: try readText(), found: try readText())
      default:
        .refused(
          method: try readText(), path: try readOptionalText(), code: try readCount(), text: try readText())
      }
    return Setback(kind: kind, fingerprint: try readText(), attempt: try readCount(), moment: try readMoment())
  }
}
