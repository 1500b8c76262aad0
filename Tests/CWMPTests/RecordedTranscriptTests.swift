import CWMP
import Foundation
import Testing

/// The sessions in `Tests/Vectors/transcripts`, as `usher transcript show` gave them. They are to go as they went; where
/// a change is meant, they are recorded anew.
struct RecordedTranscriptTests {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Vectors/transcripts")

  private static let names = ["first-contact", "odd-cpe", "read-back-and-discovery", "refused-set"]

  private func transcript(_ name: String) throws -> Transcript {
    try Transcript(decoding: [UInt8](Data(contentsOf: Self.folder.appending(path: "\(name).transcript"))))
  }

  @Test(arguments: names)
  func `a recorded session goes as it went`(name: String) throws {
    let transcript = try transcript(name)
    #expect(transcript.entries.count >= 4 && !transcript.isCut)
    #expect(transcript.replay() == [])
  }

  @Test func `every transcript in the folder is replayed`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(files == Self.names.map { "\($0).transcript" })
  }

  @Test func `a session of which a request is missing goes another way`() throws {
    let recorded = try transcript("first-contact")
    var other = Transcript(recorded.title)
    for (number, entry) in recorded.entries.enumerated() where ![2, 3].contains(number) { other.append(entry) }
    #expect(!other.replay().isEmpty)
  }
}
