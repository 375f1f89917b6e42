"""The phone API: what the phone page and tests do in the customers' place, and the orders to misbehave."""

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.sse import EventSourceResponse
from pydantic import BaseModel, Field, StringConstraints

from simulator import phone_account, phone_acts
from simulator.business import Business
from simulator.exchange import Exchange
from simulator.identifiers import digits_of, new_message_id
from simulator.misbehaviour import Misbehaviour
from simulator.people import Change, Customer, GraphRequest, Message, Thread
from simulator.phone_deps import InExchange, get_thread
from simulator.phone_messages import New, Unavailable, compose
from simulator.templates import MessageTemplate
from simulator.world import NumberTaken, TooManyCustomers

STREAM_SECONDS = 600
MOST_CHANGES_WAITING = 2_000

router = APIRouter()


class State(BaseModel):
    """All there is to show."""

    business_name: str
    display_phone_number: str
    threads: list[Thread]
    misbehaviour: Misbehaviour
    templates: list[MessageTemplate]
    account: Business
    webhooks_waiting: int = Field(description="Webhooks that the desk has not taken yet, or that are held.")


class NewCustomer(BaseModel):
    """A person to add."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    phone_number: str | None = Field(
        default=None, description="With the country code; without a number, a person with a user name alone."
    )


@router.get("/state")
async def state(exchange: InExchange) -> State:
    """All customers with their chats, and what the simulator is told to do."""
    account, webhooks = exchange.webhooks.account, exchange.webhooks
    return State(
        business_name=account.business_name,
        display_phone_number=account.display_phone_number,
        threads=list(exchange.world.threads.values()),
        misbehaviour=webhooks.misbehaviour,
        templates=list(exchange.world.templates.by_id.values()),
        account=exchange.world.business,
        webhooks_waiting=webhooks.waiting,
    )


@router.get("/events", response_class=EventSourceResponse)
async def events(exchange: InExchange) -> AsyncIterable[Change]:
    """Every change from now on. The stream ends after ten minutes; come back and fetch the state."""
    changes: asyncio.Queue[Change | None] = asyncio.Queue(MOST_CHANGES_WAITING)
    exchange.world.listeners.add(changes)
    try:
        async with asyncio.timeout(STREAM_SECONDS):
            yield Change(type="reset")
            while (change := await changes.get()) is not None:
                yield change
    except TimeoutError:
        return
    finally:
        exchange.world.listeners.discard(changes)


@router.post("/customers", status_code=201)
async def add_customer(new: NewCustomer, exchange: InExchange) -> Customer:
    """A new customer; without a number, one that the desk will know by a user id alone."""
    phone_number = None
    if new.phone_number:
        phone_number = digits_of(new.phone_number)
        if phone_number is None:
            raise HTTPException(422, "Write the number with its country code, such as +234 803 555 0142.")
    try:
        return exchange.world.add_customer(new.name, phone_number)
    except NumberTaken:
        raise HTTPException(409, "Another customer has this number.") from None
    except TooManyCustomers:
        raise HTTPException(409, "The simulator holds no more customers; reset it first.") from None


@router.post("/customers/{customer_id}/messages", status_code=201)
async def write(new: New, thread: Annotated[Thread, Depends(get_thread)], exchange: InExchange) -> Message:
    """The customer writes to the business."""
    customer = thread.customer
    try:
        shown, content = compose(new, thread, exchange.world.files)
    except Unavailable as error:
        raise HTTPException(404, str(error)) from None
    message = Message(
        id=new_message_id(customer.phone_number or customer.user_id, from_customer=True),
        author="customer",
        at=exchange.world.now_of(customer),
        status="sent",
        quote=exchange.world.quote(thread, new.reply_to),
        **shown,
    )
    if new.reply_to:
        business = exchange.webhooks.account.display_phone_number
        own = message.quote is not None and message.quote.author == "customer"
        content["context"] = {"from": (customer.phone_number or "") if own else business, "id": new.reply_to}
    exchange.write(thread, message, content)
    return message


@router.post("/customers/{customer_id}/open")
async def open_chat(thread: Annotated[Thread, Depends(get_thread)], exchange: InExchange) -> Customer:
    """The customer looks at the chat now: all that has come is read. Call it again for what comes later."""
    exchange.open(thread)
    return thread.customer


@router.get("/requests")
async def requests(exchange: InExchange) -> list[GraphRequest]:
    """What was posted to Graph to be sent (not the read marks), oldest first."""
    return list(exchange.world.requests)


@router.get("/misbehave")
async def misbehaviour(exchange: InExchange) -> Misbehaviour:
    """What is ordered now; `sends.times` counts down."""
    return exchange.webhooks.misbehaviour


@router.post("/misbehave")
async def misbehave(new: Misbehaviour, exchange: InExchange) -> Misbehaviour:
    """Replace what was ordered before; `{}` ends all misbehaviour and lets kept webhooks go, in order."""
    exchange.webhooks.behave(new)
    exchange.world.tell(Change(type="reset"))
    return new


@router.post("/reset")
async def reset(exchange: InExchange) -> State:
    """As if just started: the first customers, empty chats, good behaviour, no webhook under way."""
    exchange.forget()
    exchange.webhooks.behave(Misbehaviour())
    exchange.world.reset()
    return await state(exchange)


def create_phone(exchange: Exchange) -> FastAPI:
    """An app of its own, so that its OpenAPI document holds the phone API alone."""
    app = FastAPI(title="Simulator: the customers' phones", docs_url=None, redoc_url=None)
    app.state.exchange = exchange
    for part in (router, phone_acts.router, phone_account.router):
        app.include_router(part)
    return app
