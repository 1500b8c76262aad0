import CWMP
import Net
import Testing

@testable import Provisioning

struct AdmissionTests {
  private let open = Profile(name: "lab", admit: .all)
  private let closed = Profile(name: "branch", admit: .inventory)

  @Test func `the inventory admits, or says no`() {
    #expect(Admission.decision(for: device(), row: row, profile: closed) == .admitted(by: "the inventory"))
    let no = Inventory.Row(serialNumber: "x", isApproved: false, line: 7)
    #expect(
      Admission.decision(for: device(), row: no, profile: open)
        == .quarantined(reason: "line 7 of the inventory says that it is not approved"))
  }

  @Test func `a router that the inventory does not have is admitted by an open profile alone`() {
    #expect(
      Admission.decision(for: device(), row: nil, profile: open) == .admitted(by: "profile lab, which admits all"))
    #expect(
      Admission.decision(for: device(), row: nil, profile: closed)
        == .quarantined(reason: "its serial number \"210235A95YH10C000045\" is not in the inventory"))
    guard case .quarantined = Admission.decision(for: device(), row: nil, profile: nil) else {
      Issue.record("without a profile it must be quarantined")
      return
    }
  }

  @Test func `a row is for one router: who comes second is held, unless a person has admitted it`() {
    let holder = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "210235a")
    func decision(_ device: Device, _ row: Inventory.Row) -> Admission {
      Admission.decision(for: device, row: row, holder: holder, profile: open)
    }
    #expect(
      decision(device(), row)
        == .quarantined(
          reason: "the inventory's row of its serial number is that of another device, 000FE2-MSR36-210235a, "
            + "which had it first"))
    let approved = device { $0.admission = .admitted(by: Admission.person) }
    #expect(decision(approved, row) == approved.admission)
    let no = Inventory.Row(serialNumber: "x", isApproved: false, line: 7)
    #expect(
      decision(device(), no) == .quarantined(reason: "line 7 of the inventory says that it is not approved"))
  }

  @Test func `what a person decided stays`() {
    let approved = device { $0.admission = .admitted(by: Admission.person) }
    #expect(Admission.decision(for: approved, row: nil, profile: closed) == approved.admission)
  }

  @Test func `an admission is told of once`() {
    var progress = Progress(of: device())
    progress.decide(.quarantined(reason: "r"))
    progress.decide(.quarantined(reason: "r"))
    progress.decide(.admitted(by: "x"))
    #expect(progress.outcomes == [.quarantined(reason: "r"), .admitted(by: "x")])
  }
}
