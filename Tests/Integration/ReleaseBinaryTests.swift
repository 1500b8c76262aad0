import Foundation
import Testing

/// What the optimizer made of the sources.
struct ReleaseBinaryTests {
  /// A function that may throw tells by a register (R12 of x86-64) whether it has. One that has caught an error and then
  /// ends by a jump to `memset` or `memcpy`, as the code generator of Swift 6.3 lets it where it returns a large value,
  /// leaves the caught error in there, and its caller takes it for thrown (swiftlang/swift#90477). The cure is a function
  /// of its own, not inlined, for what catches.
  @Test func `no function leaves an error that it has caught to its caller`() async throws {
    let script = #"""
      objdump -d --no-show-raw-insn --section=.text "$1" | awk '
        /^[0-9a-f]+ <.*>:$/ { name = $2; asks = 0; saves = 0; functions++; next }
        /push +%r12/ { saves = 1 }
        /test +%r12,%r12/ { asks = 1 }
        /jmp +[0-9a-f]+ <(memset|memcpy|memmove)(@plt)?>/ { if (asks && !saves) print name }
        END { print functions " functions" }'
      """#
    let result = try await Program(["sh", "-c", script, "sh", try Daemon.binary]).result(within: 300)
    let lines = result.output.split(separator: "\n")
    let functions = lines.last?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    try #require(functions > 10_000, "\(result.errors)")
    #expect(lines.dropLast().isEmpty, "\(lines.dropLast().joined(separator: "\n"))")
  }
}
