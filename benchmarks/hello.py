"""The floors: the least that any desk in Python could do for a request, served as the desk is.

`python -m benchmarks.hello PORT APP`: `bare` answers; `signed` checks Meta's signature before.
"""

import sys
from typing import Any

import uvicorn

from benchmarks.story import SECRET
from whatsapp.signature import is_signed

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
BODY = {"type": "http.response.body", "body": b"OK"}


async def bare(_scope: Any, _receive: Any, send: Any) -> None:
    """Answer, whatever was asked."""
    await send(START)
    await send(BODY)


async def signed(scope: Any, receive: Any, send: Any) -> None:
    """Read the body and check who wrote it."""
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    given = dict(scope["headers"]).get(b"x-hub-signature-256", b"")
    await send(START if is_signed(body, given, SECRET) else START | {"status": 401})
    await send(BODY)


if __name__ == "__main__":
    uvicorn.run(
        {"bare": bare, "signed": signed}[sys.argv[2]],
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        lifespan="off",
    )
