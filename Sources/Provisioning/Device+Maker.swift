package import CWMP
package import Net

extension Device {
  /// Whose software it runs.
  package var maker: Maker {
    Maker(manufacturer: manufacturer, oui: id.oui, productClass: id.productClass, softwareVersion: softwareVersion)
  }
}
