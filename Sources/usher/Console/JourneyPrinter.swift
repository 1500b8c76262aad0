import Management

/// Prints events as they happen and where a router stands.
struct JourneyPrinter {
  let style: Style
  /// Whether each line names its router: where more than one is shown.
  let showsName: Bool

  func line(of event: EventReport) -> String {
    let clock = event.moment.split(separator: "T").last.map { String($0.dropLast()) } ?? event.moment
    let name = showsName ? event.name.printable.padding(to: 22) : ""
    let milestone = (event.milestone ?? "").padding(to: 18)
    let tone: Style.Tone = event.trouble ? .bad : .good
    return style(.quiet, clock) + "  " + name + style(tone, milestone) + "  " + event.text.printable
  }

  func summary(of router: RouterReport) -> [String] {
    let tone: Style.Tone =
      switch router.standing {
      case "provisioned": .good
      case "stopped": .bad
      default: .waiting
      }
    var lines = [style(.strong, router.title.printable) + "  " + style(tone, router.standing)]
    for milestone in router.milestones {
      let mark =
        milestone.moment != nil
        ? style(.good, "✓") : milestone.name == router.missing ? style(tone, "✗") : style(.quiet, "·")
      lines.append("  \(mark) \(milestone.name.padding(to: 20))\(style(.quiet, milestone.moment ?? ""))")
    }
    if let cause = router.cause { lines.append("  " + style(tone, "why: ") + cause.printable) }
    if let advice = router.advice { lines.append("  " + style(.strong, "try: ") + advice.printable) }
    return lines
  }
}

extension RouterReport {
  /// All that names it, the best known first.
  var title: String {
    [serialNumber, hardware, address, hostname].compactMap { $0 }.joined(separator: "  ")
  }
}

extension String {
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
