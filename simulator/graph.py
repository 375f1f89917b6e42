"""The Graph API as an ASGI app of its own: messages, media, templates and the state of the number."""

import asyncio
import contextlib
import hmac
import json
import re
import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from simulator import graph_account, graph_block, graph_media
from simulator.exchange import Exchange
from simulator.graph_errors import GraphError
from simulator.graph_validation import Accepted, accept
from simulator.people import GraphRequest, Message, Thread


class DroppedAnswer(Response):
    """Closes the connection without a byte of an answer.

    ASGI has no message for that. A header value with a line break is one that a server must refuse to write;
    having refused, uvicorn closes the connection of the unfinished answer.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start an answer that cannot be written, and leave it at that."""
        start = {"type": "http.response.start", "status": 500, "headers": [(b"dropped", b"\n")]}
        with contextlib.suppress(Exception):
            await send(start)


class Graph:
    """Answers as Graph does, unless told to misbehave."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.world = exchange.world
        self.account = exchange.webhooks.account
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        self.app = Starlette(routes=[Route("/{path:path}", self.answer, methods=methods)])

    async def answer(self, request: Request) -> Response:
        """Any path but those of the calls below is an object that does not exist."""
        try:
            self._authenticate(request)
            return await self._answer(request)
        except GraphError as error:
            return JSONResponse(error.body(), error.http_status)

    def _authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise GraphError(190, message="An access token is required to request this resource.")
        if not hmac.compare_digest(token.encode(), self.account.access_token.encode()):
            raise GraphError(190, message="Invalid OAuth access token - Cannot parse access token")

    async def _answer(self, request: Request) -> Response:
        path = request.path_params["path"]
        if request.method == "GET" and path == graph_media.LOOKASIDE:
            return await graph_media.download(request, self.exchange)
        version, _, node = path.partition("/")
        if not re.fullmatch(r"v\d+\.\d+", version):
            raise GraphError(100, message="(#100) The path does not start with a version of the Graph API.")
        number_id, business_id = self.account.phone_number_id, self.account.business_account_id
        match request.method, *node.split("/"):
            case "POST", node_id, "messages" if node_id == number_id:
                return await self._messages(request)
            case "POST", node_id, "media" if node_id == number_id:
                return await graph_media.upload(request, self.world.files)
            case "POST" | "DELETE", node_id, "block_users" if node_id == number_id:
                body = _json(await request.body())
                return graph_block.change(self.world, body, block=request.method == "POST")
            case "GET", node_id, "block_users" if node_id == number_id:
                return graph_block.listed(self.world)
            case "GET", node_id if node_id == number_id:
                return graph_account.number(request, self.account, self.world.business)
            case "GET", node_id if node_id == business_id:
                return graph_account.business(request, self.account, self.world.business)
            case "GET", node_id, "subscribed_apps" if node_id == business_id:
                app = {"id": "300000000000001", "name": "Chat Support"}
                return JSONResponse({"data": [{"whatsapp_business_api_data": app}]})
            case "GET", node_id, "message_templates" if node_id == business_id:
                return graph_account.templates(request, self.world.templates)
            case "GET" | "DELETE", node_id if (file := self.world.files.get(node_id)) is not None:
                self._check_owner(request)
                if request.method == "GET":
                    return graph_media.describe(request, file, self.world.files)
                self.world.files.remove(file.id)
                return JSONResponse({"success": True})
        raise GraphError(
            100,
            message=f"Unsupported {request.method.lower()} request. Object with ID "
            f"'{node.split('/')[0]}' does not exist, cannot be loaded due to missing permissions, "
            "or does not support this operation.",
            subcode=33,
        )

    def _check_owner(self, request: Request) -> None:
        """A medium belongs to a number; a call may say which one it means."""
        if request.query_params.get("phone_number_id", self.account.phone_number_id) != (
            self.account.phone_number_id
        ):
            raise GraphError(100, "The medium belongs to another phone number.")

    async def _messages(self, request: Request) -> Response:
        body = _json(await request.body())
        if isinstance(body, dict) and "status" in body:
            return self._read(body)
        return await self._send(body)

    def _read(self, body: dict[str, Any]) -> Response:
        message_id = body.get("message_id")
        if body.get("messaging_product") != "whatsapp" or body["status"] != "read":
            raise GraphError(100, "Only status 'read' of messaging_product 'whatsapp' can be set.")
        if not isinstance(message_id, str):
            raise GraphError(131008, "Parameter 'message_id' is missing.")
        indicator = body.get("typing_indicator")
        if indicator not in (None, {"type": "text"}):
            raise GraphError(131009, "Parameter 'typing_indicator.type' must be text.")
        self.exchange.mark_read(message_id, typing=indicator is not None)
        return JSONResponse({"success": True})

    async def _send(self, body: Any) -> Response:
        how = self.exchange.webhooks.misbehaviour.for_next_send()
        record = GraphRequest(at=time.time(), body=body, http_status=200)
        if isinstance(body, dict) and isinstance(body.get("biz_opaque_callback_data"), str):
            record.biz_opaque_callback_data = body["biz_opaque_callback_data"]
        self.exchange.world.requests.append(record)
        response: Response
        try:
            if how.http_status:
                response = Response(status_code=how.http_status)
            elif how.error_code is not None:
                raise GraphError(how.error_code)
            else:
                request = accept(body, self.world)
                thread, message = self.exchange.send(request)
                record.message_id = message.id
                response = JSONResponse(_accepted_body(request, thread, message))
        except GraphError as error:
            record.error_code = error.code
            response = JSONResponse(error.body(), error.http_status)
        record.http_status = response.status_code
        record.answered = not how.drop_answer
        await asyncio.sleep(how.delay_ms / 1000)
        return DroppedAnswer() if how.drop_answer else response


def _json(raw: bytes) -> Any:
    try:
        body = json.loads(raw)
        # Half a surrogate pair is no text, and could not be shown on any phone.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise GraphError(100, "The body is not JSON.") from None
    return body


def _accepted_body(request: Accepted, thread: Thread, message: Message) -> dict[str, Any]:
    contact = {"input": request.addressed_as}
    if request.to:
        contact["wa_id"] = request.to
    else:
        contact["user_id"] = thread.customer.user_id
    sent = {"id": message.id}
    if request.type == "template":
        sent["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}
