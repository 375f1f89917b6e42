"""From the JSON that was posted to a message that Graph would accept, or the error it would answer."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from simulator.files import StoredFile, bare_type
from simulator.graph_errors import GraphError
from simulator.graph_messages import CONTENT, Audio, Media, Template
from simulator.identifiers import USER_ID, digits_of
from simulator.template_filling import FilledTemplate, fill
from simulator.world import World

MEDIA_TYPES = {"image": ("image/jpeg", "image/png"), "sticker": ("image/webp",)}
"""Of these kinds exactly these types; audio and video take what begins with their name."""
VOICE_TYPE = "audio/ogg"


@dataclass(frozen=True)
class Accepted:
    """A request without fault. Exactly one of `to` (digits) and `user_id` (BSUID) is set."""

    to: str | None
    user_id: str | None
    addressed_as: str
    type: str
    content: Any
    quoted_id: str | None
    callback_data: str | None
    file: StoredFile | None = None
    filled: FilledTemplate | None = None


def accept(body: Any, world: World) -> Accepted:
    """Check a whole request.

    Raises GraphError 100, 131008, 131009, 131051, 131053, or one of a template's, from 132000 to 132018.
    """
    if not isinstance(body, dict):
        raise GraphError(100, "The body must be a JSON object.")
    if body.get("messaging_product") != "whatsapp":
        raise _parameter("The parameter messaging_product is required and must be whatsapp.")
    if body.get("recipient_type", "individual") != "individual":
        raise _parameter("Param recipient_type must be individual: this number is in no group.")
    to, user_id, addressed_as = _recipient(body)
    kind = body.get("type", "text")
    if not isinstance(kind, str) or kind not in CONTENT:
        raise GraphError(131051, f"Message type {kind!r} is not supported. Use one of {', '.join(CONTENT)}.")
    if kind not in body:
        raise GraphError(131008, f"Parameter '{kind}' is mandatory for type '{kind}'.")
    try:
        content = TypeAdapter(CONTENT[kind]).validate_python(body[kind])
    except ValidationError as error:
        raise _refusal(kind, error.errors()[0]) from None
    return Accepted(
        to,
        user_id,
        addressed_as,
        kind,
        content,
        quoted_id=_quoted_id(body.get("context")),
        callback_data=_callback_data(body),
        file=_file(kind, content, world) if isinstance(content, Media) else None,
        filled=fill(content, world.templates) if isinstance(content, Template) else None,
    )


def _parameter(message: str) -> GraphError:
    return GraphError(100, message=f"(#100) {message}")


def _recipient(body: dict[str, Any]) -> tuple[str | None, str | None, str]:
    """Where both are given, `to` wins."""
    to, recipient = body.get("to"), body.get("recipient")
    if to is not None:
        digits = digits_of(to) if isinstance(to, str) else None
        if digits is None:
            raise GraphError(131009, "Parameter 'to' is not a phone number with its country code.")
        return digits, None, to
    if recipient is None:
        raise _parameter("The parameter to is required.")
    if not isinstance(recipient, str) or not USER_ID.fullmatch(recipient):
        raise GraphError(131009, "Parameter 'recipient' is not a business-scoped user id.")
    return None, recipient, recipient


def _quoted_id(context: Any) -> str | None:
    if context is None:
        return None
    quoted_id = context.get("message_id") if isinstance(context, dict) else None
    if not isinstance(quoted_id, str) or not quoted_id.startswith("wamid."):
        raise GraphError(131009, "Parameter 'context.message_id' is not a message id.")
    return quoted_id


def _callback_data(body: dict[str, Any]) -> str | None:
    data = body.get("biz_opaque_callback_data")
    if data is not None and not (isinstance(data, str) and len(data) <= 512):
        raise _parameter("Param biz_opaque_callback_data must be a string of at most 512 characters.")
    return data


def _refusal(kind: str, error: ErrorDetails) -> GraphError:
    """Text and unknown keys get the old code 100; a missing parameter 131008; anything else 131009."""
    # pydantic names the chosen branch of a union as a step of the path; Graph does not.
    steps = [step for index, step in enumerate(error["loc"]) if not (kind == "interactive" and index == 0)]
    path = kind + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    if error["type"] == "extra_forbidden":
        return _parameter(f"Unexpected key on param {path}.")
    if error["type"] in ("missing", "union_tag_not_found"):
        return GraphError(131008, f"Parameter '{path}' is missing.")
    if kind == "text":
        return _parameter(f"Param {path}: {error['msg']}.")
    return GraphError(131009, f"Parameter '{path}': {error['msg']}.")


def _file(kind: str, content: Media, world: World) -> StoredFile | None:
    """What was uploaded under this id; None for a link, which is not followed here."""
    if content.id is None:
        return None
    file = world.files.get(content.id)
    if file is None or not file.is_uploaded:
        raise _parameter(f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
    media_type = bare_type(file.mime_type)
    if kind in MEDIA_TYPES:
        fits = media_type in MEDIA_TYPES[kind]
    else:
        fits = kind == "document" or media_type.startswith(f"{kind}/")
    if isinstance(content, Audio) and content.voice:
        fits = media_type == VOICE_TYPE
    if not fits:
        raise GraphError(131053, f"A file of type {media_type} cannot be sent as {kind}.")
    return file
