import Dispatch

/// Where work is done that waits for a disk: away from the few threads that all tasks share.
package enum DiskWork {
  private static let queue = DispatchQueue(label: "disk", attributes: .concurrent)

  package static func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
      queue.async {
        do throws(Failure) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}
