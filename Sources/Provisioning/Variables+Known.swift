extension Variables {
  /// Those that every router has once it informs. Which of them a router has no value for shows then, but for `site`,
  /// which stands in the inventory.
  package static let ofEveryRouter: Set<String> = [
    "serial", "mac", "oui", "manufacturer", "product_class", "software_version", "address", "site", "acs_url",
    "inform_interval", "hostname",
  ]

  /// Those that boot files have of every router.
  static let ofBootFiles: Set<String> = ["address", "acs_url", "mac", "hostname", "site"]
}
