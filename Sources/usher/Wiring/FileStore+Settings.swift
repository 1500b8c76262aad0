import ConfigurationFile
import Services

extension FileStore.Limits {
  init(_ settings: FilesSettings) {
    self.init(file: settings.limit, total: settings.total)
  }
}
