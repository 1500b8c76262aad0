import HTTP
import Testing

struct HTTPDateTests {
  @Test(
    arguments: [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
      (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
      (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
    ] as [(Int64, String)])
  func `a moment is written and read in the one form`(seconds: Int64, text: String) {
    #expect("\(HTTPDate(secondsSince1970: seconds))" == text)
    #expect(HTTPDate(text) == HTTPDate(secondsSince1970: seconds))
  }

  @Test func `every day of centuries is read as it was written`() {
    for day in stride(from: -800_000, through: 800_000, by: 7 * 13 + 1) {
      let date = HTTPDate(secondsSince1970: Int64(day) * 86_400 + 3661)
      if date.secondsSince1970 > -62_167_219_200 { #expect(HTTPDate("\(date)") == date) }
    }
  }

  @Test(arguments: [
    "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Mon, 06 Nov 1994 08:49:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
    "Thu, 30 Feb 2000 00:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 08:-1:37 GMT",
  ])
  func `another form is no date`(text: String) {
    #expect(HTTPDate(text) == nil)
  }
}
