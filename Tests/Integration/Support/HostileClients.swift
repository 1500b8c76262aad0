import Foundation
import Testing

/// Clients that mean no good, in a namespace: one program of bounded time that plays one attack, and tells at its end
/// what it met.
final class HostileClients: Sendable {
  let attack: String
  private let program: Program

  /// `words` are an attack of the program's and its arguments.
  init(_ words: [String], in lab: Lab, client: String) throws {
    attack = words.joined(separator: " ")
    let script = try lab.write(Self.program, to: "hostile.py")
    program = try Program(["python3", script] + words, in: client)
  }

  var isRunning: Bool { program.isRunning }

  /// Ends it before its time; it tells what it met all the same.
  func stop() {
    program.signal(SIGTERM)
  }

  /// What it counted, by name.
  func report(within seconds: Double = 60) async throws -> [String: Int] {
    let result = try await program.result(within: seconds)
    try #require(result.status == 0, "\(attack): \(result.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return value as? [String: Int] ?? [:]
  }

  private static let program = #"""
    import collections, gzip, hashlib, itertools, json, os, re, resource, signal, socket, sys, threading, time

    SERVER = ("192.0.2.1", 7547)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    counts = collections.Counter()

    def stop(*_):
        print(json.dumps(counts), flush=True)
        os._exit(0)
    signal.signal(signal.SIGTERM, stop)

    def connect(source=None):
        connection = socket.socket()
        connection.settimeout(20)
        connection.bind((source or "192.0.2.60", 0))
        connection.connect(SERVER)
        return connection

    def envelope(body, id="1"):
        return f"""<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
     xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">
    <soap:Header><cwmp:ID soap:mustUnderstand="1">{id}</cwmp:ID></soap:Header>
    <soap:Body>{body}</soap:Body></soap:Envelope>"""

    def value(name, text):
        return f'<ParameterValueStruct><Name>{name}</Name><Value xsi:type="xsd:string">{text}</Value></ParameterValueStruct>'

    def inform(serial, product="MSR36-20", maker="H3C", key="", events=1, url="http://192.0.2.60/", extra=""):
        event = f"<EventStruct><EventCode>1 BOOT</EventCode><CommandKey>{key}</CommandKey></EventStruct>"
        return envelope(f"""<cwmp:Inform><DeviceId><Manufacturer>{maker}</Manufacturer><OUI>000FE2</OUI>
    <ProductClass>{product}</ProductClass><SerialNumber>{serial}</SerialNumber></DeviceId>
    <Event enc:arrayType="cwmp:EventStruct[{events}]">{event * events}</Event><MaxEnvelopes>1</MaxEnvelopes>
    <CurrentTime>2026-01-05T10:00:00Z</CurrentTime><RetryCount>0</RetryCount>
    <ParameterList enc:arrayType="cwmp:ParameterValueStruct[2]">
    {value("InternetGatewayDevice.DeviceInfo.SoftwareVersion", "7.1" + key)}
    {value("InternetGatewayDevice.ManagementServer.ConnectionRequestURL", url)}{extra}
    </ParameterList></cwmp:Inform>""")

    class Answer:
        def __init__(self, status, head, body):
            self.status, self.head, self.body = status, head, body
            self.id = (re.search(r"<[\w-]+:ID[^>]*>([^<]*)<", body) or [None, ""])[1]
            self.method = (re.search(r"<cwmp:(?!ID)(\w+)", body) or [None, ""])[1]
            self.cookie = (re.search(r"(?i)set-cookie: ([^;\r]*)", head) or [None, ""])[1]

    class Client:
        """One connection, and what it POSTs."""
        def __init__(self, source=None):
            self.source, self.connection, self.cookie, self.left = source, None, "", b""

        def post(self, body, headers="", cookie=None):
            if self.connection is None: self.connection, self.left = connect(self.source), b""
            data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
            sent = self.cookie if cookie is None else cookie
            if sent: headers += f"Cookie: {sent}\r\n"
            head = f"POST /acs HTTP/1.1\r\nHost: a\r\nContent-Length: {len(data)}\r\n{headers}\r\n"
            try:
                self.connection.sendall(head.encode() + data)
            except OSError:
                pass
            answer = self.receive()
            if answer.cookie: self.cookie = answer.cookie
            counts[str(answer.status)] += 1
            return answer

        def receive(self):
            try:
                while b"\r\n\r\n" not in self.left:
                    piece = self.connection.recv(65536)
                    if not piece: raise OSError
                    self.left += piece
                head, self.left = self.left.split(b"\r\n\r\n", 1)
                head = head.decode()
                length = int((re.search(r"(?i)content-length: (\d+)", head) or [0, 0])[1])
                while len(self.left) < length:
                    piece = self.connection.recv(65536)
                    if not piece: raise OSError
                    self.left += piece
                body, self.left = self.left[:length], self.left[length:]
                if "connection: close" in head.lower(): self.close()
                return Answer(int(head.split(" ")[1]), head, body.decode())
            except OSError:
                self.close()
                return Answer(0, "", "")

        def close(self):
            if self.connection: self.connection.close()
            self.connection = None

    def drip(seconds, connections, first, begin, drops):
        """Each connection says one byte more in each round."""
        held = []
        for number in range(connections):
            connection = connect(f"198.51.100.{first + number % 4}")
            connection.sendall(begin)
            connection.setblocking(False)
            held.append(connection)
        counts["connections"] = len(held)
        end = time.time() + seconds
        for byte in itertools.cycle(drops):
            if time.time() > end: break
            for connection in held:
                try: connection.send(bytes([byte]))
                except OSError: pass
            time.sleep(2)

    def slow_heads(seconds, connections):
        drip(seconds, connections, 40, b"POST /acs HTTP/1.1\r\nHost: a\r\nX-A: ", b"abcdefgh")

    def slow_bodies(seconds, connections):
        body = inform("DRIP").encode()
        drip(seconds, connections, 50, b"POST /acs HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body), body)

    def idle(seconds, connections):
        held = []
        for number in range(connections):
            held.append(connect(f"198.51.100.{1 + number % 20}"))
        counts["connections"] = len(held)
        time.sleep(seconds)

    def holding_bodies(seconds, connections):
        """Bodies of nearly the largest size that strangers may send, without their last byte."""
        held, size = [], 256 << 10
        for number in range(connections):
            connection = connect(f"198.51.100.{1 + number % 4}")
            connection.settimeout(2)
            try:
                connection.sendall(b"POST /acs HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + b"<" * (size - 1))
                held.append(connection)
            except OSError:
                counts["refused"] += 1
        time.sleep(seconds)
        for connection in held:
            connection.setblocking(False)
            try: counts["refused" if b"503" in connection.recv(64) else "other"] += 1
            except BlockingIOError: counts["held"] += 1
            except OSError: counts["refused"] += 1

    def large(kind, rounds):
        for _ in range(rounds):
            connection = connect()
            head = b"POST /acs HTTP/1.1\r\nHost: a\r\n"
            piece = b"<" * 65536
            if kind == "announced": head += b"Content-Length: %d\r\n\r\n" % (1 << 30)
            if kind == "chunked":
                head += b"Transfer-Encoding: chunked\r\n\r\n"
                piece = b"10000\r\n" + piece + b"\r\n"
            if kind == "bomb":
                data = bomb()
                head += b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(data)
            sent = 0
            answer = b""
            try:
                connection.sendall(head)
                if kind == "bomb": connection.sendall(data)
                connection.settimeout(0.0005)
                # What is taken in part is gone on with: else the chunks would not be chunks.
                rest = piece
                while kind != "bomb" and sent < 1 << 30:
                    try:
                        taken = connection.send(rest)
                        sent += taken
                        rest = rest[taken:] or piece
                        answer = connection.recv(4096)
                        break
                    except TimeoutError:
                        pass
                connection.settimeout(5)
                if not answer: answer = connection.recv(4096)
            except OSError:
                pass
            counts[answer[9:12].decode() or "closed"] += 1
            counts["sentMiB"] = max(counts["sentMiB"], sent >> 20)
            connection.close()

    BOMB = []
    def bomb():
        if not BOMB: BOMB.append(gzip.compress(bytes(1 << 29), 9))
        return BOMB[0]

    def documents():
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        attributes = "".join(f' a{n}="1"' for n in range(1_000_000 // 2))
        good = inform("DOCUMENT")
        for name, body, headers in [
            ("laughs", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>', ""),
            ("deep", "<a>" * 100_000, ""),
            ("deepClosed", "<a>" * 100_000 + "</a>" * 100_000, ""),
            ("attributes", f"<a{attributes}/>", ""),
            ("sameAttribute", "<a" + ' b="1"' * 1_000_000 + "/>", ""),
            ("names", "<a>" + "".join(f"<n{n}/>" for n in range(500_000)) + "</a>", ""),
            ("elements", "<a>" + "<b/>" * 1_900_000 + "</a>", ""),
            ("file", '<!DOCTYPE a [<!ENTITY p SYSTEM "file:///etc/passwd">]><a>&p;</a>', ""),
            ("http", '<!DOCTYPE a [<!ENTITY p SYSTEM "http://192.0.2.60:8080/p">]><a>&p;</a>', ""),
            ("parameterEntity", '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.60:8080/p"> %p;]><a/>', ""),
            ("utf7", '<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', ""),
            ("unknown", '<?xml version="1.0" encoding="x-none"?>' + good, ""),
            ("unknownCharset", good, 'Content-Type: text/xml; charset="x-none"\r\n'),
            ("utf16", good.encode("utf-16"), 'Content-Type: text/xml; charset="utf-16"\r\n'),
            ("halfUTF16", good.encode("utf-16")[:-1], ""),
            ("longName", "<" + "a" * 7_000_000 + "/>", ""),
            ("comment", "<!--" + "-x" * 3_000_000 + "--><a/>", ""),
            ("zeros", bytes(8 << 20), ""),
        ]:
            start = time.time()
            answer = Client().post(body, headers)
            counts[f"{name}.status"] = answer.status
            counts[f"{name}.ms"] = int(1000 * (time.time() - start))
            if "root:" in answer.body: counts["leaked"] += 1

    def answer_to(method, id):
        inner = "<Status>0</Status>" if method == "SetParameterValues" else '<ParameterList enc:arrayType="cwmp:ParameterValueStruct[0]"/>'
        return envelope(f"<cwmp:{method}Response>{inner}</cwmp:{method}Response>", id)

    COMPLETE = envelope("""<cwmp:TransferComplete><CommandKey>none</CommandKey><FaultStruct><FaultCode>0</FaultCode>
    <FaultString/></FaultStruct><StartTime>0001-01-01T00:00:00Z</StartTime><CompleteTime>0001-01-01T00:00:00Z</CompleteTime>
    </cwmp:TransferComplete>""")

    def session(kind):
        client = Client()
        first = client.post(inform("SESSION" + kind))
        counts["posts"] = 1
        answer = first
        if kind not in ("complete", "methods"): answer = client.post("")
        asked = answer
        while counts["posts"] < 10_000:
            counts["posts"] += 1
            if kind == "complete": answer = client.post(COMPLETE)
            if kind == "methods": answer = client.post(envelope("<cwmp:GetRPCMethods/>"))
            if kind == "otherID": answer = client.post(answer_to(answer.method, "not" + answer.id))
            if kind == "otherMethod":
                other = "GetParameterValues" if asked.method == "SetParameterValues" else "SetParameterValues"
                answer = client.post(answer_to(other, asked.id))
            if kind == "same": answer = client.post(answer_to(asked.method, asked.id))
            if kind == "empty": answer = client.post("")
            if "8004" in answer.body: counts["8004"] += 1
            if answer.status == 204 or answer.status == 400 and "begun" in answer.body: break
            if answer.status == 0: break

    def swapped():
        one, two = Client(), Client()
        one.post(inform("SWAPONE")); two.post(inform("SWAPTWO"))
        a, b = one.post(""), two.post("")
        cookies = one.cookie, two.cookie
        for _ in range(20):
            a2 = one.post(answer_to(a.method, a.id), cookie=cookies[1])
            b2 = two.post(answer_to(b.method, b.id), cookie=cookies[0])

    def newcomers(seconds, workers):
        end = time.time() + seconds
        def work(number):
            client = Client()
            for turn in itertools.count():
                if time.time() > end or counts["503"] > 500: break
                client.cookie = ""
                client.post(inform(f"NEW{number}X{turn}"))
        run_all(work, workers)

    def holding_sessions(seconds, workers):
        """Sessions that begin and never go on, each from a connection of its own."""
        def work(number):
            for turn in range(1200 // workers):
                Client().post(inform(f"HOLD{number}X{turn}"))
        run_all(work, workers)
        time.sleep(seconds)

    def run_all(work, workers):
        threads = [threading.Thread(target=work, args=[number]) for number in range(workers)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()

    def flood(kind, seconds, workers):
        """Several processes, for one is not fast enough."""
        children = []
        for number in range(workers):
            reader, writer = os.pipe()
            if os.fork() == 0:
                end, client, message = time.time() + seconds, Client(f"198.51.100.{1 + number}"), inform(f"FLOOD{number}")
                for turn in itertools.count():
                    if time.time() > end: break
                    headers = ""
                    if kind == "wrong":
                        name = "\u202e\u009b31m" + "n" * 1000 + str(turn)
                        headers = (f'Authorization: Digest username="{name}", realm="usher", nonce="{turn}", uri="/acs", '
                            f'response="{hashlib.md5(str(turn).encode()).hexdigest()}"\r\n')
                    client.post(message, headers)
                os.write(writer, json.dumps(counts).encode())
                os._exit(0)
            os.close(writer)
            children.append(reader)
        for reader in children:
            with os.fdopen(reader) as file: counts.update(json.load(file))
        for _ in children: os.wait()

    def long():
        megabyte = "M" * (1 << 20)
        # What fits into a message of whoever is not admitted yet.
        most = "M" * 240_000
        ugly = "&#x9;\u202e\u2028\u0085\u009b31m]0;owned\x1b[2J"
        for name, body in [
            ("serial", inform(most)), ("product", inform("LONG1", product=most)),
            ("maker", inform("LONG2", maker=most)), ("key", inform("LONG3", key=most[:110_000])),
            ("url", inform("LONG4", url="http://" + most)), ("events", inform("LONG5", events=3_000, key="k")),
            ("parameter", inform("LONG6", extra=value(most[:120_000], most[:120_000]))),
            ("parameters", inform("LONG7", extra='<ParameterValueStruct><Name>D</Name><Value/></ParameterValueStruct>' * 3_500)),
            ("tooMany", inform("LONG8", extra="<P><Name/></P>" * 16_000)),
            ("ugly", inform("UGLY" + ugly, product="P" + ugly, maker="M" + ugly, key="K" + ugly, url="http://" + ugly)),
        ]:
            counts[f"{name}.status"] = Client().post(body).status
        for name, text in [("faultString", megabyte), ("uglyFault", "F" + ugly)]:
            client = Client()
            client.post(inform("LONGFAULT" + name))
            asked = client.post("")
            fault = f"""<soap:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>
    <FaultCode>9003</FaultCode><FaultString>{text}</FaultString><SetParameterValuesFault><ParameterName>{text}</ParameterName>
    <FaultCode>9005</FaultCode><FaultString>{text}</FaultString></SetParameterValuesFault></cwmp:Fault></detail></soap:Fault>"""
            counts[f"{name}.status"] = client.post(envelope(fault, asked.id)).status

    def largest_sessions(seconds, sessions):
        """Sessions that begin with the largest Inform there may be, and do not go on."""
        filler = inform("BIG%d", extra='<ParameterValueStruct><Name>Device.A</Name><Value>%s</Value></ParameterValueStruct>' % ("v" * 240_000))
        for number in range(sessions): Client().post(filler.replace("BIG%d", f"BIG{number}"))
        time.sleep(seconds)

    """# + "\n" + slowMessages + #"""

      arguments = [int(word) if word.isdigit() else word for word in sys.argv[2:]]
      globals()[sys.argv[1]](*arguments)
      print(json.dumps(counts))
      """#
}
