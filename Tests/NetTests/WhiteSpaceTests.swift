import Net
import Testing

struct WhiteSpaceTests {
  @Test(arguments: [
    ("", ""), (" \t\r\n", ""), ("a", "a"), ("\n a b\t", "a b"), ("  é", "é"), ("é\r\n", "é"),
    ("a longer text than a small one\n", "a longer text than a small one"), ("\u{A0}a\u{2003}", "\u{A0}a\u{2003}"),
    // A line feed that begins a character of several scalars is white space all the same.
    ("\n\u{301}", "\u{301}"),
  ])
  func `white space at either end is taken away, and no other`(text: String, trimmed: String) {
    #expect(Array(text.trimmed.utf8) == Array(trimmed.utf8))
  }
}
