"""Requests that no decent client would write, byte by byte."""

import socket
from urllib.parse import urlsplit

SECONDS = 10


def send(url: str, *lines: str | bytes, body: bytes = b"", host: str | None = None) -> tuple[int, bytes]:
    """Status and the whole answer to a request of these lines; 0 where the connection just ended."""
    place = urlsplit(url)
    head = [_bytes(line) for line in lines]
    head.insert(1, b"Host: " + _bytes(host or place.netloc))
    return exchange(url, b"\r\n".join([*head, b"Connection: close", b"", body]))


def exchange(url: str, sent: bytes) -> tuple[int, bytes]:
    """The same for a whole request as it stands."""
    place = urlsplit(url)
    received = b""
    with socket.create_connection((place.hostname, place.port or 80), timeout=SECONDS) as connection:
        try:
            connection.sendall(sent)
            while piece := connection.recv(65536):
                received += piece
        except ConnectionError:  # it hung up on us, which is an answer too
            pass
    status = received.split(b" ", 2)[1] if received.startswith(b"HTTP/") else b"0"
    return int(status), received


def _bytes(line: str | bytes) -> bytes:
    return line if isinstance(line, bytes) else line.encode("latin-1")
