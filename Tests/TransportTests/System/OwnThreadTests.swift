import Foundation
import Synchronization
import Testing

@testable import Transport

struct OwnThreadTests {
  @Test func `a loop takes from its inbox in order until it is closed, and its end can be awaited`() async throws {
    let inbox = try Inbox<Int>(capacity: 8)
    let taken = Taken()
    let thread = try OwnThread(named: "loop under test") {
      var poller = Poller([inbox.fileDescriptor])
      while let ready = try? poller.wait(milliseconds: 5000), ready.contains(0) {
        let isClosed = inbox.isClosed
        let items = inbox.takeAll()
        taken.numbers.withLock { $0 += items }
        if isClosed { return }
      }
    }
    for number in 1...5 { #expect(inbox.send(number) == .accepted) }
    inbox.close()
    await thread.finished
    await thread.finished
    #expect(thread.isFinished)
    #expect(taken.numbers.withLock { $0 } == [1, 2, 3, 4, 5])
    #expect(inbox.send(6) == .closed)
  }

  @Test func `many can wait for the end of a thread`() async throws {
    let wakeup = try Wakeup()
    let thread = try OwnThread(named: "awaited") {
      var poller = Poller([wakeup.fileDescriptor])
      _ = try? poller.wait(milliseconds: 5000)
    }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<10 { group.addTask { await thread.finished } }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(20))
        wakeup.signal()
      }
    }
    #expect(thread.isFinished)
  }

  @Test func `the thread has its name, cut to what the kernel keeps, and its stack`() async throws {
    let taken = Taken()
    let thread = try OwnThread(named: "a name of more than fifteen bytes", stackSize: 8 << 20) {
      let name = (try? File.read("/proc/thread-self/comm", limit: 100)) ?? []
      taken.name.withLock { $0 = String(decoding: name, as: UTF8.self) }
      taken.numbers.withLock { $0 = [sum(depth: 4000)] }
    }
    await thread.finished
    #expect(taken.name.withLock { $0 } == "a name of more \n")
    #expect(taken.numbers.withLock { $0 } == [4000])
  }

  private final class Taken: Sendable {
    let numbers = Mutex<[Int]>([])
    let name = Mutex("")
  }
}

/// Uses more than a kilobyte of stack at each depth.
@inline(never)
private func sum(depth: Int) -> Int {
  withUnsafeTemporaryAllocation(byteCount: 1000, alignment: 8) { room in
    room[0] = 1
    return depth == 0 ? 0 : Int(room[0]) + sum(depth: depth - 1)
  }
}
