"""What the routes of the phone API ask for."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from simulator.exchange import Exchange
from simulator.people import Message, Thread
from simulator.world import message_in


def get_exchange(request: Request) -> Exchange:
    """The exchange that this app was made with."""
    exchange: Exchange = request.app.state.exchange
    return exchange


InExchange = Annotated[Exchange, Depends(get_exchange)]


def get_thread(customer_id: str, exchange: InExchange) -> Thread:
    """The chat of the customer in the path, or 404."""
    thread = exchange.world.threads.get(customer_id)
    if thread is None:
        raise HTTPException(404, f"There is no customer {customer_id}.")
    return thread


def get_message(message_id: str, thread: Annotated[Thread, Depends(get_thread)]) -> Message:
    """The message in the path, or 404."""
    message = message_in(thread, message_id)
    if message is None:
        raise HTTPException(404, "That message is no longer there.")
    return message
