"""Something that is no MariaDB stands at its address: an outage, and no fault of whoever asks."""

import socket
import threading

import pytest
from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import DBAPIError

from config.database import _connect_quickly
from config.database_trouble import is_trouble


@pytest.mark.parametrize(
    "greeting",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x05\x00\x00\x00\x0aabcd",
        b"\x00\x00\x00\x00",
        b"\x4a\x00\x00\x00\x0a11.4.2-Maria",
        b"",
    ],
)
def test_whatever_greets_us_there_the_database_is_away(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            client, _ = listening.accept()
            with client:
                client.sendall(greeting)

        greeter = threading.Thread(target=greet)
        greeter.start()
        engine = create_engine(
            URL.create("mysql+pymysql", "desk", host="127.0.0.1", port=listening.getsockname()[1])
        )
        event.listen(engine, "do_connect", _connect_quickly)
        with pytest.raises(DBAPIError) as caught:
            engine.connect()
        greeter.join()
    assert is_trouble(caught.value)
