"""A server that speaks S3, as a process of its own, and a line to it that can be cut."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from urllib.parse import unquote

SERVE = """\
import logging, sys, threading
logging.disable(logging.CRITICAL)
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
# Who asks counts, the signature does not: the server lets everybody in who has a name.
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request, "
    "SignedHeaders=host, Signature=none",
    "Content-Type": "application/octet-stream",
}
SECRET = "a-secret-key-that-nobody-may-read"


class Line:
    """Carries connections to a port, until it is cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.restore()

    def cut(self) -> None:
        """End what is open, and refuse what comes."""
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def restore(self) -> None:
        """Carry connections again."""
        if self._listening.fileno() < 0:
            self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._listen, args=[self._listening], daemon=True).start()

    def _listen(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(("127.0.0.1", self._port))
                self._open += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=carry, args=ends, daemon=True).start()


def carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(1 << 16):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Buckets:
    """Buckets on a server of their own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline()
        assert port, "moto did not start: are moto[s3], flask and flask-cors installed?"
        self._url = f"http://127.0.0.1:{int(port)}"
        self.line = Line(int(port))
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.line.port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            # A line that is cut shall not be waited for.
            "AWS_MAX_ATTEMPTS": "1",
        }

    def close(self) -> None:
        self.line.cut()
        self._process.kill()
        self._process.communicate()

    def make(self, bucket: str) -> str:
        self._ask("PUT", bucket)
        return f"s3://{bucket}"

    def put(self, name: str, content: bytes) -> None:
        self._ask("PUT", name, content)

    def get(self, name: str) -> bytes:
        return self._ask("GET", name)

    def tags(self, bucket: str) -> dict[str, str]:
        """Return what lies in a bucket, and when each was last written."""
        listed = self._ask("GET", f"{bucket}?list-type=2").decode()
        found = re.findall(r"<Key>(.*?)</Key>.*?<LastModified>(.*?)</LastModified>", listed, re.S)
        return {unquote(name): when for name, when in found}

    def whole(self, bucket: str, folder: str) -> dict[str, bytes]:
        names = [name for name in self.tags(bucket) if name.startswith(f"{folder}/")]
        return {name.removeprefix(f"{folder}/"): self.get(f"{bucket}/{name}") for name in names}

    def copy(self, bucket: str, folder: str, to: str) -> None:
        for name, content in self.whole(bucket, folder).items():
            self.put(f"{bucket}/{to}/{name}", content)

    def _ask(self, how: str, name: str, content: bytes | None = None) -> bytes:
        request = urllib.request.Request(f"{self._url}/{name}", content, SIGNED, method=how)
        with urllib.request.urlopen(request) as answer:
            return bytes(answer.read())
