import CWMP
import Testing

struct HabitsTests {
  @Test(arguments: [
    ("1", Habits.Booleans.digits), ("0", .digits), ("true", .words), (" False ", .words), ("yes", nil), ("", nil),
  ])
  func `how booleans are written is learned from the first that is one`(text: String, learned: Habits.Booleans?) {
    var habits = Habits()
    habits.learn(from: [
      ParameterValue(path: "A", value: "true"), ParameterValue(path: "B", value: text, type: .boolean),
    ])
    #expect(habits == Habits(booleans: learned))
    habits.learn(from: [ParameterValue(path: "B", value: "true", type: .boolean)])
    #expect(habits.booleans == learned ?? .words)
  }

  @Test(arguments: [
    ("2026-02-03T04:05:06.123Z", true), ("2026-02-03T04:05:06Z", false), ("0001-01-01T00:00:00Z", nil), ("now", nil),
  ])
  func `whether times have milliseconds is learned from one that is known`(text: String, learned: Bool?) {
    var habits = Habits()
    habits.learn(from: [ParameterValue(path: "A", value: text, type: .dateTime)])
    #expect(habits == Habits(milliseconds: learned))
  }

  @Test func `values are written so, and others left as they are`() {
    let values = [
      ParameterValue(path: "A", value: "1", type: .boolean), ParameterValue(path: "B", value: "1"),
      ParameterValue(path: "C", value: "2026-02-03T04:05:06+01:00", type: .dateTime),
      ParameterValue(path: "D", value: "0001-01-01T00:00:00Z", type: .dateTime),
      ParameterValue(path: "E", value: "odd", type: .boolean),
    ]
    func set(_ habits: Habits) -> [String] {
      let request = ACSRequest.setParameterValues(SetParameterValues(parameters: values)).spelled(by: habits)
      guard case .setParameterValues(let set) = request else { return [] }
      return set.parameters.map(\.value)
    }
    #expect(set(Habits()) == values.map(\.value))
    #expect(
      set(Habits(booleans: .words, milliseconds: true)) == [
        "true", "1", "2026-02-03T04:05:06.000+01:00", "0001-01-01T00:00:00Z", "odd",
      ])
    #expect(ACSRequest.reboot(RebootRequest(commandKey: "1")).spelled(by: Habits(booleans: .words)).method == .reboot)
  }

  @Test func `one moment is the same in any zone, with or without a fraction of nothing`() {
    #expect(ValueType.areOneMoment("2026-02-03T04:05:06Z", "2026-02-03T05:05:06.000+01:00"))
    #expect(!ValueType.areOneMoment("2026-02-03T04:05:06Z", "2026-02-03T04:05:06.001Z"))
    #expect(!ValueType.areOneMoment("now", "now"))
  }
}
