import Transport

/// Runs a piece of work that blocks on a thread of its own. The work is given a descriptor that becomes readable when the
/// task is canceled; it then ends soon, with whatever it has.
func blocking<Value: Sendable>(
  named name: String, _ work: @escaping @Sendable (_ cancellation: CInt) -> Value
) async throws -> Value {
  let cancellation = try Wakeup()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
      do {
        _ = try OwnThread(named: name) { continuation.resume(returning: work(cancellation.fileDescriptor)) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  } onCancel: {
    cancellation.signal()
  }
}
