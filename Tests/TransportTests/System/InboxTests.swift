import Testing

@testable import Transport

struct InboxTests {
  @Test func `a full inbox refuses, and takes again when it was emptied`() throws {
    let inbox = try Inbox<Int>(capacity: 2)
    #expect(inbox.send(1) == .accepted)
    #expect(inbox.send(2) == .accepted)
    #expect(inbox.send(3) == .full)
    #expect(inbox.takeAll() == [1, 2])
    #expect(inbox.takeAll() == [])
    #expect(inbox.send(4) == .accepted)
    #expect(inbox.takeAll() == [4])
  }

  @Test func `its descriptor is readable while items wait, and for good once it is closed`() throws {
    let inbox = try Inbox<Int>()
    var poller = Poller([inbox.fileDescriptor])
    #expect(try poller.wait(milliseconds: 0).isEmpty)
    _ = inbox.send(1)
    #expect(try poller.wait(milliseconds: 0).contains(0))
    _ = inbox.takeAll()
    #expect(try poller.wait(milliseconds: 0).isEmpty)
    inbox.close()
    _ = inbox.takeAll()
    #expect(try poller.wait(milliseconds: 0).contains(0))
  }
}
