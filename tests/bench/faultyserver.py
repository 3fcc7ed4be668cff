"""A correct HTTP/1.1 file server that can be told to misbehave, for faults.py. Loopback only."""
import email.utils
import http.server
import os
import re
import threading
import time

SIZE = 6 << 20
BLOCK = 16 << 10


class Version:
    """One state of the remote file: its bytes and what the server says of them."""

    def __init__(self, name: str, modified: float):
        self.data = os.urandom(SIZE)
        self.etag = f'"{name}"'
        self.modified = email.utils.formatdate(modified, usegmt=True)


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_) -> None:
        """A program that leaves is what is measured here, not an error."""


class FaultyServer:
    """Serves version A at every path; the flags change what it does from then on."""

    def __init__(self):
        self.a, self.b = Version("a", 1_600_000_000), Version("b", 1_700_000_000)
        self.at_zero = self.later = self.a  # who answers a request that begins at byte 0, and one that does not
        self.honours_ranges = True
        self.is_chunked = False
        self.shift = 0  # bytes by which a range begins too late; its head says so
        self.bytes_per_second = 1 << 20  # of each connection
        self.sent = 0
        self.http = QuietServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}/file.bin"

    def become_b(self) -> None:
        self.at_zero = self.later = self.b

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.answer(with_body=False)

            def do_GET(self):
                self.answer(with_body=True)

            def asked(self, version: Version) -> tuple[int, int] | None:
                found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
                condition = self.headers.get("If-Range")
                if not server.honours_ranges or not found or condition not in (None, version.etag, version.modified):
                    return None
                end = int(found[2]) + 1 if found[2] else SIZE
                return int(found[1]), min(end, SIZE)

            def answer(self, with_body: bool) -> None:
                wants = re.match(r"bytes=(\d+)", self.headers.get("Range", "bytes=0"))
                version = server.later if wants and int(wants[1]) > 0 else server.at_zero
                span = self.asked(version)
                begin, end = span or (0, SIZE)
                if span and begin > 0:
                    begin += server.shift
                if span and begin >= SIZE:
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{SIZE}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206 if span else 200)
                self.send_header("ETag", version.etag)
                self.send_header("Last-Modified", version.modified)
                if server.honours_ranges:
                    self.send_header("Accept-Ranges", "bytes")
                if span:
                    self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{SIZE}")
                if server.is_chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                else:
                    self.send_header("Content-Length", str(end - begin))
                self.end_headers()
                if with_body:
                    self.send_body(version.data[begin:end])

            def send_body(self, body: bytes) -> None:
                start = time.monotonic()
                try:
                    for at in range(0, len(body), BLOCK):
                        block = body[at:at + BLOCK]
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block) if server.is_chunked else block)
                        server.sent += len(block)
                        time.sleep(max(0.0, start + (at + BLOCK) / server.bytes_per_second - time.monotonic()))
                    if server.is_chunked:
                        self.wfile.write(b"0\r\n\r\n")
                except OSError:
                    self.close_connection = True

        return Handler
