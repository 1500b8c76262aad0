package import CWMP
package import Provisioning
package import Store

extension FactQueries {
  /// Of the paths that a request names the first that the device does not have, with the nearest that it has, both as the
  /// request spells them. Nil where its data model was not read whole.
  package func misspelling(
    in request: TaskRequest, of id: DeviceID
  ) throws(StoreError) -> (path: String, right: String)? {
    guard !request.paths.isEmpty, let device = try device(id), device.discovered != nil else { return nil }
    let (root, tree) = (device.dataModel, NameTree(try names(of: id)))
    for path in request.paths {
      guard var right = tree.correction(of: root.path(path)) else { continue }
      if path.hasPrefix("~."), right.hasPrefix(root.rawValue) { right = "~." + right.dropFirst(root.rawValue.count) }
      return (path, right)
    }
    return nil
  }

  /// The paths of all that is known of a device's parameters.
  private func names(of id: DeviceID) throws(StoreError) -> [String] {
    let pageSize = 10_000
    var names: [String] = []
    while true {
      let page = try parameters(of: id, below: "", after: names.last ?? "", limit: pageSize).map(\.path)
      names += page
      if page.count < pageSize { return names }
    }
  }
}
