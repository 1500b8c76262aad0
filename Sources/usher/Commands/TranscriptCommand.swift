import ArgumentParser
import CWMP
import Foundation
import HTTP
import Management
import Transport

struct TranscriptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcript", abstract: "Shows what went to and fro in a router's sessions, and replays it.",
    subcommands: [List.self, Show.self, Replay.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand, ListOfRouter {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "Lists the transcripts on record, newest first: of sessions that were more than a greeting.")

    @Argument(help: "Only those of this router.")
    var router: String?
    @OptionGroup var control: ControlOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let transcripts: [TranscriptReport] = try await control.client.get(TranscriptCommand.target(router))
      if try output.printJSON(transcripts) { return }
      var table = Table("TRANSCRIPT", .name("DEVICE"), "START", "BYTES")
      for transcript in transcripts {
        table.add(
          .text(String(transcript.transcript)), .device(transcript.device), .moment(transcript.start),
          .number(transcript.size))
      }
      output.print(table)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Prints a transcript; its secrets are blanked.")

    @Argument(help: "Its number, or a router for the newest of its sessions.")
    var transcript: String
    @OptionGroup var control: ControlOptions

    func run() async throws {
      FileHandle.standardOutput.write(Data(try await bytes()))
    }

    /// A serial number may be all digits too.
    private func bytes() async throws -> [UInt8] {
      if let number = Int64(transcript), let bytes = try? await TranscriptCommand.bytes(of: number, control.client) {
        return bytes
      }
      let list: [TranscriptReport] = try await control.client.get(TranscriptCommand.target(transcript))
      guard let newest = list.first else { throw Failure("No transcript of \(transcript) is on record.".printable) }
      return try await TranscriptCommand.bytes(of: newest.transcript, control.client)
    }
  }

  struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "replay",
      abstract: "Plays transcripts against this version's session machine; exit code 1 where one goes another way.")

    @Argument(help: "Files with transcripts. All on record where there is none.")
    var files: [String] = []
    @OptionGroup var control: ControlOptions

    func run() async throws {
      var failed = 0
      var count = 0
      func replay(_ name: String, _ bytes: [UInt8]) throws {
        count += 1
        let differences: [Transcript.Difference]
        do throws(TranscriptError) {
          differences = try Transcript(decoding: bytes).replay()
        } catch {
          throw Failure("\(name) is no transcript: \(error).")
        }
        if !differences.isEmpty { failed += 1 }
        for difference in differences { print("\(name), \(difference)".printable) }
      }
      for file in files {
        guard let data = FileManager.default.contents(atPath: file) else { throw Failure("\(file) cannot be read.") }
        try replay(file, [UInt8](data))
      }
      if files.isEmpty {
        let list: [TranscriptReport] = try await control.client.get(TranscriptCommand.target(nil))
        for transcript in list {
          try replay(
            "transcript \(transcript.transcript)",
            try await TranscriptCommand.bytes(of: transcript.transcript, control.client))
        }
      }
      print("\(count) replayed, \(failed) went another way.")
      if failed > 0 { throw ExitCode(.failed) }
    }
  }

  private static func target(_ router: String?) -> String {
    "/transcripts?limit=10000" + (router.map { "&router=\($0.percentEncoded)" } ?? "")
  }

  private static func bytes(of number: Int64, _ client: ControlClient) async throws -> [UInt8] {
    try await client.answer(to: CurlRequest(.get, url: "http://usher/transcripts/\(number)")).body
  }
}
