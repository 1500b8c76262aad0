/// The blocks that a client has not acknowledged yet. They are made in order as there is room for them, and kept until
/// then, so that a transfer holds no more of a file than a window, however large the file is.
struct BlockWindow: Sendable {
  private let file: any ContentFile
  private var encoder: Netascii.Encoder?
  private let blockSize: Int
  /// In blocks.
  private let capacity: Int
  /// The next byte of the file.
  private var offset = 0
  /// From the start of the first block on, as sent. Netascii may make more of it than there is room for.
  private var bytes: [UInt8] = []
  /// Whether `bytes` reaches to the end.
  private var isAtEnd = false

  /// Whether the last block is acknowledged.
  private(set) var isEmpty = false

  init(_ file: any ContentFile, encoder: Netascii.Encoder?, blockSize: Int, capacity: Int) {
    self.file = file
    self.encoder = encoder
    self.blockSize = blockSize
    self.capacity = capacity
  }

  /// Of the blocks that are left, the last one counts, which is shorter than the others, and empty where they hold
  /// everything.
  private var available: Int { isEmpty ? 0 : bytes.count / blockSize + (isAtEnd ? 1 : 0) }

  /// How many blocks there are.
  var count: Int { min(available, capacity) }

  /// Whether the last of the blocks is the last of all.
  var hasLastBlock: Bool { isAtEnd && available <= capacity }

  /// The bytes of a block, counted from 0.
  func block(_ position: Int) -> [UInt8] {
    let start = position * blockSize
    return Array(bytes[start..<min(start + blockSize, bytes.count)])
  }

  mutating func fill() throws(ContentError) {
    while !isAtEnd, bytes.count < capacity * blockSize {
      let wanted = min(capacity * blockSize - bytes.count, file.size - offset)
      guard wanted > 0 else {
        try file.confirmUnchanged()
        if let encoder { bytes += encoder.rest }
        isAtEnd = true
        return
      }
      let read = try file.read(at: offset, count: wanted)
      offset += wanted
      bytes += encoder?.encode(read) ?? read
    }
  }

  /// Forgets so many of the first blocks, and says how many bytes they had.
  mutating func acknowledge(_ blocks: Int) -> Int {
    isEmpty = isAtEnd && blocks == available
    let size = min(blocks * blockSize, bytes.count)
    bytes.removeFirst(size)
    return size
  }
}
