"""Sending through the Cloud API. Every result says exactly what is known about the message."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace, TracebackType
from typing import Any, Literal, NamedTuple, Self

import aiohttp
import structlog
from aiohttp.abc import ResolveResult
from pydantic import SecretStr

from config.settings import Settings
from whatsapp import answers
from whatsapp.errors import ErrorClass, classify, least_wait
from whatsapp.values import clean_text

CONNECTIONS = 200
TOTAL_TIMEOUT_SECONDS = 30.0
CONNECT_TIMEOUT_SECONDS = 10.0
PROBE_TIMEOUT_SECONDS = 5.0
KEEPALIVE_SECONDS = 15.0
"""Shorter than a server's: a request on a connection that the server is closing ends as unknown."""

ANSWER_BYTES = 1024 * 1024
"""Of an answer to a message, of which up to CONNECTIONS come at once. Graph's have a few hundred bytes."""

PAGE_BYTES = 16 * 1024 * 1024
"""Of any other answer; the longest is a page of templates."""

log = structlog.get_logger()


class Address(NamedTuple):
    """Whom a message is for: `to` with a phone number (+ and digits), `recipient` with a user id."""

    field: Literal["to", "recipient"]
    value: str


@dataclass(frozen=True)
class Sent:
    """WhatsApp took the message. `wa_id` is the customer's number as WhatsApp writes it."""

    wamid: str
    wa_id: str | None


@dataclass(frozen=True)
class Refused:
    """WhatsApp said no: the message did not go out. `retry_after` is in seconds, 0 where it named none."""

    kind: ErrorClass
    code: int | None
    detail: str
    retry_after: float


@dataclass(frozen=True)
class Unreached:
    """Nothing was written: no connection came about."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """The request went out and no answer says what became of it."""

    reason: str
    code: int | None = None


Result = Sent | Refused | Unreached | Unknown


class CallFailed(Exception):
    """A call that does no harm if it is made again did not go well; `kind` says whether that may help."""

    def __init__(self, kind: ErrorClass, code: int | None, reason: str) -> None:
        super().__init__(reason)
        self.kind, self.code = kind, code


class _Resolver(aiohttp.ThreadedResolver):
    async def resolve(self, *given: Any, **more: Any) -> list[ResolveResult]:
        """Where there is no room for the thread that looks the name up, no connection comes about."""
        try:
            return await super().resolve(*given, **more)
        except RuntimeError as error:
            raise OSError("No thread to look the name up.") from error


class WhatsAppClient:
    """One session towards Graph, open inside `async with`."""

    def __init__(self, base_url: str, version: str, access_token: SecretStr) -> None:
        self._root = f"{base_url}/{version}"
        self._access_token = access_token
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The client towards the Graph API that the settings name."""
        return cls(
            settings.whatsapp_api_base_url, settings.whatsapp_api_version, settings.whatsapp_access_token
        )

    async def __aenter__(self) -> Self:
        going_out = aiohttp.TraceConfig()
        going_out.on_request_headers_sent.append(_tell_going_out)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS, keepalive_timeout=KEEPALIVE_SECONDS, resolver=_Resolver()
            ),
            timeout=aiohttp.ClientTimeout(total=TOTAL_TIMEOUT_SECONDS, connect=CONNECT_TIMEOUT_SECONDS),
            headers={"Authorization": f"Bearer {self._access_token.get_secret_value()}"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[going_out],
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(
        self,
        phone_number_id: str,
        address: Address,
        payload: dict[str, Any],
        callback_id: str,
        going_out: Callable[[], None],
    ) -> Result:
        """POST one message, once. Never raises for what the network or Graph does.

        Calls `going_out` when there is a connection and the request goes out on it. A redirect is not
        followed: it would carry the token and the message to another place.
        """
        assert self._session is not None  # the caller is inside `async with`
        body = payload | {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            address.field: address.value,
            "biz_opaque_callback_data": callback_id,
        }
        url = f"{self._root}/{phone_number_id}/messages"
        try:
            async with self._session.post(
                url, json=body, allow_redirects=False, trace_request_ctx=going_out
            ) as response:
                return _read(response, await answers.whole(response, ANSWER_BYTES))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return Unreached(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unknown(type(error).__name__)

    async def answers(self, phone_number_id: str) -> bool:
        """Whether Graph can be reached, by a request that does nothing. A refusal is an answer, too.

        The page of a network that wants a login, say, is none: messages would go into it as well.
        """
        assert self._session is not None  # the caller is inside `async with`
        timeout = aiohttp.ClientTimeout(total=PROBE_TIMEOUT_SECONDS)
        url = f"{self._root}/{phone_number_id}"
        try:
            async with self._session.get(
                url, params={"fields": "id"}, allow_redirects=False, timeout=timeout
            ) as response:
                if response.status >= 400:
                    return response.status < 500
                return answers.id_of(answers.parsed(await answers.whole(response, ANSWER_BYTES))) is not None
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def mark_read(self, phone_number_id: str, wamid: str, *, typing: bool = False) -> None:
        """Tell the customer that this message and those before are read, and that somebody types.

        The sign goes away with the next message, or after 25 s. Raises CallFailed.
        """
        body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        await self._call("POST", f"{phone_number_id}/messages", json=body)

    async def set_blocked(self, phone_number_id: str, user: str, blocked: bool) -> None:
        """Have WhatsApp hold back a person's messages, or not any more; `user` is a number or a user id.

        It blocks only who wrote within the last 24 hours. Raises CallFailed.
        """
        body = {"messaging_product": "whatsapp", "block_users": [{"user": user}]}
        method, path = "POST" if blocked else "DELETE", f"{phone_number_id}/block_users"
        error = answers.error_of(await self._call(method, path, json=body))
        if error:
            raise CallFailed(classify(200, error), error["code"], answers.details_of(error))

    async def fetch(self, path: str, **params: str) -> dict[str, Any]:
        """GET an object or a list of them. Raises CallFailed."""
        return await self._call("GET", path, params=params)

    async def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        assert self._session is not None  # the caller is inside `async with`
        url = f"{self._root}/{path}"
        try:
            async with self._session.request(method, url, allow_redirects=False, **request) as response:
                body = await answers.whole(response, PAGE_BYTES)
                if response.status == 200:
                    answer = answers.told(body)
                    if answer is None:  # nothing was said, which is not that there is nothing
                        raise CallFailed(ErrorClass.RETRY, None, "HTTP 200 without an answer")
                    return answer
                result = _refused(response, answers.parsed(body))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CallFailed(ErrorClass.RETRY, None, type(error).__name__) from error
        if isinstance(result, Unknown):
            raise CallFailed(ErrorClass.UNKNOWN, result.code, result.reason)
        raise CallFailed(result.kind, result.code, result.detail)


async def _tell_going_out(
    session: aiohttp.ClientSession, trace: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
) -> None:
    if trace.trace_request_ctx is not None:
        trace.trace_request_ctx()


def _read(response: aiohttp.ClientResponse, body: bytes) -> Result:
    answer = answers.parsed(body)
    if response.status == 200:
        wamid = answers.id_of(answers.first(answer, "messages"))
        wa_id = clean_text(answers.first(answer, "contacts").get("wa_id"))
        return Sent(wamid, wa_id or None) if wamid else Unknown("HTTP 200 without a message id")
    return _refused(response, answer)


def _refused(response: aiohttp.ClientResponse, answer: dict[str, Any]) -> Refused | Unknown:
    error = answers.error_of(answer)
    kind = classify(response.status, error)
    code: int | None = error["code"] if error else None
    trace = error.get("fbtrace_id") if error else None
    log.warning("whatsapp.refused", http_status=response.status, code=code, kind=kind, fbtrace_id=trace)
    if kind is ErrorClass.UNKNOWN:
        return Unknown(f"HTTP {response.status}", code)
    detail = answers.details_of(error) if error else f"HTTP {response.status}"
    return Refused(kind, code, detail, max(answers.asked_wait(response.headers), least_wait(code)))
