"""The phone API's levers of Meta's own: reviewers, sanctions, time, and the business's phone app."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field, StringConstraints

from simulator.business import AccountEvent, Business, template_quality_value, template_status_value
from simulator.identifiers import new_message_id
from simulator.people import Change, Customer, Message, Thread
from simulator.phone_deps import InExchange, get_thread
from simulator.templates import MessageTemplate, TemplateStatus
from simulator.webhook_payloads import echo_value

ACCOUNT_LANE = "account"

router = APIRouter()


class Review(BaseModel):
    """The reviewers' word on a template; what is left out stays."""

    status: TemplateStatus | None = None
    quality: Literal["GREEN", "YELLOW", "RED"] | None = None


class NewEvent(BaseModel):
    """What happens to the account."""

    event: AccountEvent


class Clock(BaseModel):
    """How long ago the customer's messages were written, 0 for now."""

    hours_behind: float = Field(ge=0, le=24 * 30)


class Echo(BaseModel):
    """What a colleague types on the phone app."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


@router.post("/templates/{template_id}")
async def review(template_id: str, new: Review, exchange: InExchange) -> MessageTemplate:
    """Approve, reject or pause a template, or judge its quality; the desk hears of it."""
    template = exchange.world.templates.by_id.get(template_id)
    if template is None:
        raise HTTPException(404, "There is no such template.")
    if new.status and new.status != template.status:
        template.status = new.status
        template.rejected_reason = "INVALID_FORMAT" if new.status == "REJECTED" else "NONE"
        value = template_status_value(template)
        exchange.webhooks.add(ACCOUNT_LANE, value, field="message_template_status_update")
    if new.quality and new.quality != template.quality:
        previous, template.quality = template.quality, new.quality
        value = template_quality_value(template, previous)
        exchange.webhooks.add(ACCOUNT_LANE, value, field="message_template_quality_update")
    exchange.world.tell(Change(type="reset"))
    return template


@router.post("/account/events")
async def happen(new: NewEvent, exchange: InExchange) -> Business:
    """A restriction, a warning, a change of quality: what Meta does to an account, and tells the desk."""
    business, account = exchange.world.business, exchange.webhooks.account
    field, value = business.happen(new.event, account.display_phone_number, int(time.time()))
    exchange.webhooks.add(ACCOUNT_LANE, value, field=field)
    exchange.world.tell(Change(type="reset"))
    return business


@router.post("/customers/{customer_id}/clock")
async def set_clock(
    new: Clock, thread: Annotated[Thread, Depends(get_thread)], exchange: InExchange
) -> Customer:
    """Count this customer's messages as written earlier, so that the customer service window is closed.

    For WhatsApp the window closes at once. The desk sees it from the next message on, which carries the
    earlier time, as from a phone that was without a network; see World.set_behind.
    """
    exchange.world.set_behind(thread.customer, new.hours_behind)
    return thread.customer


@router.post("/customers/{customer_id}/echo", status_code=201)
async def echo(new: Echo, thread: Annotated[Thread, Depends(get_thread)], exchange: InExchange) -> Message:
    """A colleague answers this customer from the WhatsApp Business app; the desk gets an echo."""
    customer = thread.customer
    message = Message(
        id=new_message_id(customer.phone_number or customer.user_id, from_customer=False),
        author="business",
        type="text",
        text=new.text,
        at=int(time.time()),
        status="delivered",
    )
    exchange.world.add_message(thread, message)
    value = echo_value(exchange.webhooks.account, customer, message)
    exchange.webhooks.add(customer.id, value, field="smb_message_echoes")
    return message
