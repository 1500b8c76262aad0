import Management

/// Prints events as they happen and where a router stands.
struct JourneyPrinter {
  let style: Style
  /// Whether each line names its router: where more than one is shown.
  let showsName: Bool
  /// The columns of a line; nil where nothing limits it.
  var width: Int?

  func lines(of event: EventReport) -> [String] {
    let clock = event.moment.split(separator: "T").last.map { String($0.dropLast()) } ?? event.moment
    let name = showsName ? event.name.printable.padding(to: 22) : ""
    let milestone = (event.milestone ?? "").padding(to: 18)
    let tone: Style.Tone = event.trouble ? .bad : .good
    let prefix = "\(clock)  \(name)\(milestone)  "
    let text = event.text.printable.hanging(after: prefix.columns, width: width)
    return [style(.quiet, clock) + "  " + name + style(tone, milestone) + "  " + (text.first ?? "")] + text.dropFirst()
  }

  func summary(of router: RouterReport) -> [String] {
    let tone: Style.Tone =
      switch router.standing {
      case "provisioned": .good
      case "stopped", "lapsed": .bad
      default: .waiting
      }
    let title = router.title.printable
    var lines = "\(title)  \(router.standing)".hanging(after: 0, width: width)
    if lines.count == 1 { lines = [style(.strong, title) + "  " + style(tone, router.standing)] }
    for milestone in router.milestones where milestone.expected || milestone.moment != nil {
      let mark =
        milestone.moment != nil
        ? style(.good, "✓") : milestone.name == router.missing ? style(tone, "✗") : style(.quiet, "·")
      let moment = milestone.moment ?? ""
      let fits = width.map { $0 >= 24 + moment.columns } ?? true
      let shown = fits ? moment : Table.Cell.minute(of: moment) ?? moment
      lines.append("  \(mark) \(milestone.name.padding(to: fits ? 20 : 18))\(style(.quiet, shown))")
    }
    if let cause = router.cause { lines += told("why: ", tone, cause) }
    if let advice = router.advice { lines += told("try: ", .strong, advice) }
    return lines
  }

  private func told(_ word: String, _ tone: Style.Tone, _ text: String) -> [String] {
    let lines = text.printable.hanging(after: word.count + 2, width: width)
    return ["  " + style(tone, word) + (lines.first ?? "")] + lines.dropFirst()
  }
}

extension RouterReport {
  /// All that names it, the best known first.
  var title: String {
    [serialNumber, hardware, address, hostname].compactMap { $0 }.joined(separator: "  ")
  }
}
