"""How the simulator can be told to misbehave: the ways in which the real thing fails a desk."""

from typing import Literal, TypeVar

from pydantic import BaseModel, Field, field_validator

from simulator.graph_errors import ERRORS


class SendMisbehaviour(BaseModel):
    """What happens to messages sent through Graph (not to read marks), checked in this order.

    `http_status` answers with that status and no body, `error_code` refuses with that documented error: in
    both cases the message goes nowhere. `drop_answer` lets the message through, then closes the connection
    without a byte of an answer. `delay_ms` holds the answer back, whatever it is; the message and its
    statuses do not wait.
    """

    times: int | None = Field(default=None, ge=1, description="For so many sends; null: until it is reset.")
    delay_ms: int = Field(default=0, ge=0, le=120_000)
    drop_answer: bool = False
    error_code: int | None = Field(default=None, description="One of Graph's documented codes.")
    http_status: Literal[500, 502, 503, 504] | None = None

    @field_validator("error_code")
    @classmethod
    def _documented(cls, code: int | None) -> int | None:
        if code is not None and code not in ERRORS:
            raise ValueError(f"{code} is not a code that Graph's messages endpoint documents")
        return code


class WebhookMisbehaviour(BaseModel):
    """What happens to webhooks, until it is reset.

    `duplicates` posts each webhook so many times more. `reorder` collects that many webhooks and posts them
    last first, one after the other. `delay_ms` waits before each. `hold` keeps them until the reset.
    """

    duplicates: int = Field(default=0, ge=0, le=20)
    reorder: int = Field(default=0, ge=0, le=100)
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    hold: bool = False


class MediaMisbehaviour(BaseModel):
    """What happens when the desk fetches a file from the address that Graph gave for it.

    `missing` answers 404 and `unavailable` 503; `truncated` sends the first half alone, and `altered` as many
    bytes as announced that do not fit the digest. `delay_ms` waits first.
    """

    times: int | None = Field(default=None, ge=1, description="For so many files; null: until it is reset.")
    delay_ms: int = Field(default=0, ge=0, le=120_000)
    problem: Literal["missing", "unavailable", "truncated", "altered"] | None = None


Orders = TypeVar("Orders", SendMisbehaviour, MediaMisbehaviour)


class Misbehaviour(BaseModel):
    """A part that is left out behaves."""

    sends: SendMisbehaviour = SendMisbehaviour()
    webhooks: WebhookMisbehaviour = WebhookMisbehaviour()
    media: MediaMisbehaviour = MediaMisbehaviour()

    def for_next_send(self) -> SendMisbehaviour:
        """What to do with the send at hand; counts it."""
        current, self.sends = self.sends, _after(self.sends)
        return current

    def for_next_file(self) -> MediaMisbehaviour:
        """What to do with the file that is fetched now; counts it."""
        current, self.media = self.media, _after(self.media)
        return current


def _after(orders: Orders) -> Orders:
    """The orders once one more was carried out."""
    if orders.times is None:
        return orders
    if orders.times == 1:
        return type(orders)()
    return orders.model_copy(update={"times": orders.times - 1})
