"""Files, from WhatsApp and to it. Only the worker calls this."""

import asyncio
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import IO, Any, Self

import aiohttp
import structlog
from pydantic import SecretStr
from yarl import URL

from config.settings import Settings
from whatsapp import answers
from whatsapp.client import Refused, Unreached
from whatsapp.errors import ErrorClass, classify, least_wait, plain_words
from whatsapp.media_guard import ForbiddenAddress, Guard
from whatsapp.values import sha256_hex

LARGEST_FILE_BYTES = 100 * 1024 * 1024
"""Meta's limit for a file of any kind that a customer sends."""

NOT_STORED = "The desk could not keep the file; is there room for it?"

CHUNK_BYTES = 256 * 1024
ANSWER_BYTES = 64 * 1024
CONNECTIONS = 16

log = structlog.get_logger()


class TroubleKind(StrEnum):
    """Why there is no file.

    UNREACHED: no request went out. DENIED: the access token is not accepted. LIMITED: WhatsApp wants fewer
    requests. HOPELESS: it will never be fetched. FAILED: anything else, which another try may mend.
    """

    UNREACHED = "unreached"
    DENIED = "denied"
    LIMITED = "limited"
    HOPELESS = "hopeless"
    FAILED = "failed"


class MediaTrouble(Exception):
    """The file did not come; `words` say it to a person. `is_refusal`: WhatsApp answered with an error."""

    def __init__(self, kind: TroubleKind, words: str, *, is_refusal: bool = False) -> None:
        super().__init__(words)
        self.kind, self.words, self.is_refusal = kind, words, is_refusal


class BrokenOff(aiohttp.ClientError):
    """The connection ended before the answer came."""


@dataclass(frozen=True)
class Fetched:
    """A file that came whole. `mime_type` is what Graph says of it, `sha256` (hex) what its bytes are."""

    mime_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Caps:
    """In seconds: for the whole of a file, and for the longest silence within."""

    total: float = 600.0
    silence: float = 30.0
    connect: float = 10.0


class MediaClient:
    """One session towards Graph and Meta's store of files, open inside `async with`."""

    def __init__(
        self, base_url: str, version: str, access_token: SecretStr, caps: Caps | None = None
    ) -> None:
        self._root = f"{base_url}/{version}"
        self._guard = Guard(base_url)
        self._access_token = access_token
        self._caps = caps or Caps()
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The client towards the Graph API that the settings name."""
        return cls(
            settings.whatsapp_api_base_url, settings.whatsapp_api_version, settings.whatsapp_access_token
        )

    async def __aenter__(self) -> Self:
        caps = self._caps
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS,
                resolver=self._guard,
                use_dns_cache=False,
                force_close=True,  # a kept connection may be closing, and there is no second try
            ),
            middlewares=(_once,),
            timeout=aiohttp.ClientTimeout(
                total=caps.total, sock_connect=caps.connect, sock_read=caps.silence
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # a few bytes must not grow into gigabytes
            headers={"Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(
        self, media_id: str, phone_number_id: str, announced_sha256: str | None, target: IO[bytes]
    ) -> Fetched:
        """Write the file into `target`. Raises MediaTrouble.

        `announced_sha256` is what the webhook said, where it did; else the one of Graph's answer counts.
        """
        facts = await self._describe(media_id, phone_number_id)
        wanted = sha256_hex(announced_sha256) or sha256_hex(facts.get("sha256"))
        size, digest = await self._download(str(facts.get("url") or ""), target)
        if wanted is not None and wanted != digest:
            raise MediaTrouble(TroubleKind.FAILED, "The file came damaged: its checksum is wrong.")
        return Fetched(str(facts.get("mime_type") or ""), size, digest)

    async def upload(
        self, phone_number_id: str, file: IO[bytes], mime_type: str, filename: str
    ) -> str | Refused | Unreached:
        """Bring a file to WhatsApp; gives the id under which messages from this number can name it.

        Nothing has been sent to a customer whatever comes of it, so a lost answer is safe to retry.
        """
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime_type)
        form.add_field("file", file, content_type=mime_type, filename=filename)
        try:
            async with self._ask("POST", f"{self._root}/{phone_number_id}/media", data=form) as response:
                answer = answers.parsed(await answers.whole(response, ANSWER_BYTES))
        except MediaTrouble as trouble:
            if trouble.kind is TroubleKind.UNREACHED:
                return Unreached(trouble.words)
            return Refused(ErrorClass.RETRY, None, trouble.words, 0.0)
        media_id = answers.id_of(answer)
        if response.status == 200 and media_id:
            return media_id
        return _refusal(response, answer)

    async def _describe(self, media_id: str, phone_number_id: str) -> dict[str, Any]:
        if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}", media_id):
            raise MediaTrouble(TroubleKind.HOPELESS, "The file has an id that WhatsApp cannot be asked for.")
        address = str(URL(f"{self._root}/{media_id}").with_query(phone_number_id=phone_number_id))
        async with self._ask("GET", address) as response:
            answer = answers.parsed(await answers.whole(response, ANSWER_BYTES))
            if response.status != 200 or "url" not in answer:
                raise _trouble(response.status, answer)
        return answer

    async def _download(self, address: str, target: IO[bytes]) -> tuple[int, str]:
        async with self._ask("GET", address) as response:
            if response.status in (401, 403):  # the token was good for the address a moment ago
                log.warning("media.refused", http_status=response.status, code=None)
                words = "WhatsApp does not give the file."
                raise MediaTrouble(TroubleKind.FAILED, words, is_refusal=True)
            if response.status != 200:
                raise _trouble(response.status, {})
            if (response.content_length or 0) > LARGEST_FILE_BYTES:
                raise _too_large()
            digest, size = hashlib.sha256(), 0
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                size += len(chunk)
                if size > LARGEST_FILE_BYTES:
                    raise _too_large()
                digest.update(chunk)
                await _keep(chunk, target)
        return size, digest.hexdigest()

    @contextlib.asynccontextmanager
    async def _ask(self, method: str, address: str, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        """Every request for a file goes through here, and so does the access token.

        Raises MediaTrouble, also for what goes wrong while the answer is read.
        """
        assert self._session is not None  # the caller is inside `async with`
        try:
            url = self._guard.check(address)
            async with self._session.request(
                method,
                url,
                allow_redirects=False,
                headers={"Authorization": f"Bearer {self._access_token.get_secret_value()}"},
                **more,
            ) as response:
                yield response
        except ForbiddenAddress as error:
            log.error("media.address_refused", reason=str(error))
            words = "WhatsApp named an address that files are not fetched from."
            raise MediaTrouble(TroubleKind.FAILED, words) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            log.warning("media.unreached", error=type(error).__name__)
            raise MediaTrouble(TroubleKind.UNREACHED, "WhatsApp cannot be reached.") from None
        except TimeoutError:
            raise MediaTrouble(TroubleKind.FAILED, "WhatsApp did not answer in time.") from None
        except (aiohttp.ClientError, OSError) as error:
            log.warning("media.broken_off", error=type(error).__name__)
            raise MediaTrouble(TroubleKind.FAILED, "The file did not come whole.") from None


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking again by itself after a lost connection: WhatsApp counts the requests."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise BrokenOff(type(error).__name__) from error


async def _keep(chunk: bytes, target: IO[bytes]) -> None:
    try:
        await asyncio.to_thread(target.write, chunk)
    except OSError as error:  # our own disk's, which must not pass for the network's
        log.error("media.not_kept", error=str(error))
        raise MediaTrouble(TroubleKind.FAILED, NOT_STORED) from None


def _too_large() -> MediaTrouble:
    megabytes = LARGEST_FILE_BYTES // 1024 // 1024
    return MediaTrouble(TroubleKind.HOPELESS, f"The file is larger than {megabytes} MB and is not fetched.")


def _trouble(status: int, answer: dict[str, Any]) -> MediaTrouble:
    error = answers.error_of(answer)
    code = error["code"] if error else None
    log.warning("media.refused", http_status=status, code=code)
    kind = classify(status, error) if error else None
    if code in (4, 80007, 130429) or status == 429:
        return MediaTrouble(
            TroubleKind.LIMITED, "WhatsApp gives no more files for the moment.", is_refusal=True
        )
    if status in (401, 403) or (kind is ErrorClass.CONFIGURATION and code != 33):
        return MediaTrouble(TroubleKind.DENIED, plain_words(190 if code is None else code), is_refusal=True)
    if status in (400, 404):
        return MediaTrouble(TroubleKind.FAILED, "WhatsApp does not find the file.", is_refusal=True)
    words = f"WhatsApp had a fault of its own (HTTP {status})."
    return MediaTrouble(TroubleKind.FAILED, words, is_refusal=True)


def _refusal(response: aiohttp.ClientResponse, answer: dict[str, Any]) -> Refused:
    error = answers.error_of(answer)
    kind = classify(response.status, error)
    code = error["code"] if error else None
    log.warning("media.upload_refused", http_status=response.status, code=code, kind=kind)
    if kind is ErrorClass.UNKNOWN:
        kind = ErrorClass.RETRY
    detail = (answers.details_of(error) if error else "") or f"HTTP {response.status}"
    return Refused(kind, code, detail, max(answers.asked_wait(response.headers), least_wait(code)))
