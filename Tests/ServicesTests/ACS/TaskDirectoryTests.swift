import CWMP
import Net
import Provisioning
import Store
import Testing

@testable import Services

struct TaskDirectoryTests {
  private static let id = DeviceID(oui: "000FE2", productClass: "MSR", serialNumber: "1")
  private static let noon = Timestamp(rawValue: 1_800_000_000_000)

  private func task(in directory: TaskDirectory, lifetime: Int64 = 60) throws -> DeviceTask {
    let task = try #require(
      directory.make(for: Self.id, .reboot, lifetime: lifetime, attemptLimit: 1, at: Self.noon))
    directory.apply([.task(task)])
    return task
  }

  @Test func `a task is sent by one and taken back by none at the same time`() throws {
    let directory = TaskDirectory()
    let number = try task(in: directory).number
    #expect(directory.claim(number, of: Self.id))
    #expect(!directory.claim(number, of: Self.id))
    directory.release(number)
    #expect(directory.claim(number, of: Self.id))
    #expect(!directory.claim(number + 1, of: Self.id))
  }

  @Test func `of tasks that are overdue, the routers are told`() throws {
    let directory = TaskDirectory()
    let task = try task(in: directory)
    #expect(directory.devicesWithOverdueTasks(at: Self.noon.advanced(bySeconds: 59)) == [])
    #expect(directory.devicesWithOverdueTasks(at: Self.noon.advanced(bySeconds: 60)) == [Self.id])
    var queue = TaskQueue([task])
    queue.passTime(to: Self.noon.advanced(bySeconds: 60))
    directory.apply(queue.takeChanges().map { .task($0) })
    #expect(directory.devicesWithOverdueTasks(at: Self.noon.advanced(bySeconds: 90)) == [])
    #expect(directory.count == 0)
    #expect(!directory.claim(task.number, of: Self.id))
  }

  @Test func `a router has only so many tasks that wait`() throws {
    let directory = TaskDirectory()
    for _ in 0..<TaskDirectory.deviceLimit { _ = try task(in: directory) }
    #expect(directory.make(for: Self.id, .reboot, lifetime: 60, attemptLimit: 1, at: Self.noon) == nil)
  }
}
