import TFTP
import Testing

struct PacketTests {
}
