// Attacks of the clients' program by messages that take long, see ``HostileClients``.
extension HostileClients {
  static let slowMessages = #"""
    def secrets(sessions):
        """Sessions that tell many secrets, and then a long fault."""
        tokens = [a + b + c + d + e for a in "ab" for b in "abc" for c in "abc" for d in "abcd" for e in "abcd"][:250]
        told = "".join(value(f"InternetGatewayDevice.P{n}.Password", token) for n, token in enumerate(tokens))
        text = "aaaab " * 150_000
        for number in range(sessions):
            client = Client()
            client.post(inform(f"SECRETS{number}", extra=told))
            asked = client.post("")
            answer = client.post(envelope(f"""<soap:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring>
    <detail><cwmp:Fault><FaultCode>9003</FaultCode><FaultString>{text}</FaultString></cwmp:Fault></detail></soap:Fault>""", asked.id))
            if answer.status == 413: counts["refused"] += 1
            client.post("")

    def slow_documents(isAdmitted):
        """What a reader or a repair may take long for, as long as it may be."""
        units = ["&", "&#", "&#0", "&#0;", "&#1;", "&a", "&amp;", "&amp", "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "<!--",
            "<!-- -", "<!---->", "-", "<![CDATA[", "]", "<![CDATA[]]>", "<?", "<?x ?>", "<a", "<a ", "<a b='", "<a>",
            "<a b='1' c='2' d='3'/>", "<b xmlns='u'/>", ":", "\x01", "\r", "\n", "\xe9", "\u2028", "\uffff", ";", "%", "="]
        client = Client()
        for unit in units:
            for pre, post in [("", ""), ("<a>", "</a>"), ("<!--", "--><a/>"), ("<a b='", "'/>"), (inform("SLOW")[:-30], "")]:
                for size in [250_000, 15_000] + ([8_000_000] if isAdmitted else [2_000_000]):
                    start = time.time()
                    client.cookie = ""
                    if isAdmitted:
                        client.post(inform("SLOWADMITTED"))
                        client.post("")
                    elif unit > "=" and size > 250_000: continue
                    filler = unit * (size // len(unit.encode("utf-8", "surrogatepass")))
                    if isAdmitted and size > 1_000_000 and pre: continue
                    client.post((pre + filler + post).encode("latin-1" if unit == "\xe9" else "utf-8"))
                    took = int(1000 * (time.time() - start))
                    if took > max(counts["slowest"], 500): print("slow", repr(unit), repr(pre[:20]), size, took, file=sys.stderr)
                    counts["slowest"] = max(counts["slowest"], took)

    def pipelined(seconds):
        """As many requests as go into one piece, again and again."""
        end = time.time() + seconds
        connection = connect()
        connection.setblocking(False)
        piece = b"GET / HTTP/1.1\r\n\r\n" * 20_000
        rest, taken = piece, b""
        while time.time() < end:
            try: rest = rest[connection.send(rest):] or piece
            except BlockingIOError: time.sleep(0.001)
            try: counts["answers"] += connection.recv(1 << 20).count(b"HTTP/1.1 ")
            except BlockingIOError: pass
    """#
}
