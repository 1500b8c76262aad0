import DNS
import Testing

struct MessageTests {
}
