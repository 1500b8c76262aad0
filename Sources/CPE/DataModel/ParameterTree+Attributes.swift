package import CWMP

extension ParameterTree {
  /// GetParameterAttributes: each of `paths` a leaf, or an object's path that ends in a dot (empty: all). Throws fault
  /// 9005 for a path that names nothing.
  package func attributes(of paths: [String]) throws(Refusal) -> [ParameterAttributes] {
    var found: [ParameterAttributes] = []
    for path in paths {
      found += try leafPaths(of: path).compactMap { path in
        leaves[path].map {
          ParameterAttributes(
            path: path, notification: $0.attributes.notification, accessList: $0.attributes.accessList)
        }
      }
    }
    return found
  }

  /// SetParameterAttributes: what the parameters that `changes` name would have then, by path. Throws fault 9003 or 9005
  /// for the first that cannot be.
  func changed(by changes: [AttributeChange]) throws(Refusal) -> [String: Attributes] {
    var changed: [String: Attributes] = [:]
    for change in changes {
      if let notification = change.notification, !Notification.range.contains(notification.rawValue) {
        throw Refusal(path: change.path, code: 9003, text: "Invalid notification \(notification.rawValue)")
      }
      if let entry = change.accessList?.first(where: { $0 != "Subscriber" }) {
        throw Refusal(path: change.path, code: 9003, text: "Invalid access list entry \(entry)")
      }
      for path in try leafPaths(of: change.path) {
        // A later change goes on from an earlier one.
        guard var attributes = changed[path] ?? leaves[path]?.attributes else { continue }
        if let notification = change.notification { attributes.notification = notification }
        if let accessList = change.accessList { attributes.accessList = accessList }
        changed[path] = attributes
      }
    }
    return changed
  }

  mutating func set(_ attributes: Attributes, of path: String) {
    leaves[path]?.attributes = attributes
  }

  /// The parameters of such a notification, in the order of their paths.
  func paths(where isMeant: (Notification) -> Bool) -> [String] {
    leaves.filter { isMeant($0.value.attributes.notification) }.keys.sorted()
  }
}

extension Notification {
  /// Whether changes are told by an Inform, and not by lightweight notifications alone.
  var goesWithInform: Bool {
    [.passive, .active, .passiveAndPassiveLightweight, .passiveAndActiveLightweight].contains(self)
  }
}
