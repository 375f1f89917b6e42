"""Ports of loopback for servers that stop and come back."""

import random
import socket

OUTSIDE_OF_THE_SYSTEMS_OWN = range(12_000, 32_000)
"""Linux lends 32768 and above to connections that go out: one could sit on a stopped server's port."""

_chooser = random.SystemRandom()  # seeded alike, parallel runs would choose alike


def free_port() -> int:
    """A port on which nothing listens, and that no outgoing connection takes meanwhile."""
    while True:
        port = _chooser.choice(OUTSIDE_OF_THE_SYSTEMS_OWN)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
