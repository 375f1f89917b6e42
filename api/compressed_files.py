"""The dashboard's scripts and styles in the Brotli form that its build left beside them (`pack.mjs`)."""

import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SUFFIX = ".br"


class CompressedFiles:
    """Answers for a file that has such a form, where the browser takes it; all else goes on."""

    def __init__(self, app: ASGIApp, directory: Path) -> None:
        self.app = app
        # listed once: no path that somebody asks for reaches the disk
        self._forms = {
            f"/{path.relative_to(directory).as_posix()}".removesuffix(SUFFIX): path
            for path in directory.glob(f"_next/static/**/*{SUFFIX}")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the form, or pass the request on."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            form = self._forms.get(scope["path"])
            if form is not None and _takes_brotli(Headers(scope=scope).get("accept-encoding", "")):
                kind, _ = mimetypes.guess_type(scope["path"])
                headers = {"Content-Encoding": "br", "Vary": "Accept-Encoding"}
                await FileResponse(form, media_type=kind, headers=headers)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _takes_brotli(accepted: str) -> bool:
    for part in accepted.split(","):
        coding, _, weight = part.partition(";")
        if coding.strip().lower() == "br":
            return weight.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
