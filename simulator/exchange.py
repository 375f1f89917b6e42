"""What passes between the business and its customers: messages both ways, ticks, and the webhooks of each."""

import asyncio
import time
from typing import Any

from simulator.appearance import appearance_of
from simulator.graph_errors import ERRORS, GraphError
from simulator.graph_messages import Reaction
from simulator.graph_validation import Accepted
from simulator.identifiers import new_message_id
from simulator.people import Change, Customer, Message, Status, Thread
from simulator.rate_limits import RateLimits
from simulator.webhook_payloads import message_value, status_value
from simulator.webhooks import Webhooks
from simulator.world import World, message_in

NOT_ON_WHATSAPP = "0000"
"""Messages to numbers that end like this are accepted and then fail with 131026."""
DELIVERY_SECONDS = 0.2
CLIMB: tuple[Status, ...] = ("accepted", "sent", "delivered", "read", "played")


class Exchange:
    """Every act of either side, with the webhooks it gives rise to. To be used within the event loop."""

    def __init__(self, world: World, webhooks: Webhooks, limits: RateLimits) -> None:
        self.world = world
        self.webhooks = webhooks
        self.limits = limits
        self._deliveries: set[asyncio.TimerHandle] = set()

    def forget(self) -> None:
        """Drop what is under way."""
        for delivery in self._deliveries:
            delivery.cancel()
        self._deliveries.clear()
        self.limits.forget()
        self.webhooks.forget()

    def send(self, request: Accepted) -> tuple[Thread, Message]:
        """From the business to a customer.

        Raises GraphError 131047, 131026, 131009, 131056, 130429, or 368 or 131031 for a sanction.
        """
        thread = self._recipient(request)
        customer = thread.customer
        if customer.id in self.world.blocked:
            raise GraphError(130403)
        self._check_standing(customer)
        if request.type != "template" and not self.world.window_is_open(customer):
            raise GraphError(131047)
        target = _target(thread, request.content) if isinstance(request.content, Reaction) else None
        self.limits.check_outbound(customer.id)
        if target is not None:
            return thread, self._react(thread, target, request)
        message = Message(
            id=new_message_id(customer.phone_number or customer.user_id, from_customer=False),
            author="business",
            type=request.type,
            at=int(time.time()),
            status="accepted",
            quote=self.world.quote(thread, request.quoted_id),
            pricing_category=request.filled.category if request.filled else "service",
            biz_opaque_callback_data=request.callback_data,
            **appearance_of(request),
        )
        self.world.add_message(thread, message)
        if (customer.phone_number or "").endswith(NOT_ON_WHATSAPP):
            self._fail(thread, message, 131026)
        else:
            self._climb(thread, message, "sent")
            self._deliver_soon(thread, message)
        return thread, message

    def _check_standing(self, customer: Customer) -> None:
        """Raises GraphError where Meta has put a stop to it."""
        standing = self.world.business.standing
        if standing == "disabled":
            raise GraphError(131031)
        if standing == "restricted" and not self.world.window_is_open(customer):
            raise GraphError(368, "The business may not begin conversations until the restriction ends.")

    def _react(self, thread: Thread, target: Message, request: Accepted) -> Message:
        """Nothing but `sent` is ever heard of a reaction; it is no bubble of its own."""
        target.reactions.business = request.content.emoji or None
        self.world.changed(thread, target)
        customer = thread.customer
        message = Message(
            id=new_message_id(customer.phone_number or customer.user_id, from_customer=False),
            author="business",
            type="reaction",
            text=request.content.emoji,
            at=int(time.time()),
            status="sent",
            pricing_category="service",
            biz_opaque_callback_data=request.callback_data,
        )
        self._report(thread, message)
        return message

    def write(self, thread: Thread, message: Message, content: dict[str, Any]) -> None:
        """From a customer to the business; `content` is what the webhook says beside id and time."""
        self.world.add_message(thread, message)
        if thread.customer.id in self.world.blocked:
            return  # one tick for ever
        self.limits.count_inbound()
        webhook = {"id": message.id, "timestamp": str(message.at)} | content
        customer = thread.customer

        def two_ticks() -> None:
            if message.status == "sent":
                message.status = "delivered"
                self.world.changed(thread, message)

        self.webhooks.add(customer.id, message_value(customer, webhook), two_ticks)

    def report(self, thread: Thread, content: dict[str, Any]) -> None:
        """From a customer, without a bubble of its own: a reaction, an edit or a removal."""
        customer = thread.customer
        if customer.id in self.world.blocked:
            return
        self.limits.count_inbound()
        event = {
            "id": new_message_id(customer.phone_number or customer.user_id, from_customer=True),
            "timestamp": str(self.world.now_of(customer)),
        }
        self.webhooks.add(customer.id, message_value(customer, event | content))

    def open(self, thread: Thread) -> None:
        """The customer looks at the chat: what came from the business is read."""
        for message in thread.messages:
            if message.author == "business" and message.status in ("sent", "delivered"):
                self._climb(thread, message, "read")

    def play(self, thread: Thread, message: Message) -> None:
        """The customer listens to a voice note of the business."""
        if message.status in ("sent", "delivered", "read"):
            self._climb(thread, message, "played")

    def mark_read(self, message_id: str, *, typing: bool) -> None:
        """The business has read this message and all before it. Raises GraphError 131009."""
        for thread in self.world.threads.values():
            last = message_in(thread, message_id)
            if last is None or last.author != "customer":
                continue
            for message in thread.messages[: thread.messages.index(last) + 1]:
                if message.author == "customer" and message.status != "read":
                    message.status = "read"
                    self.world.changed(thread, message)
            if typing:
                self.world.tell(Change(type="typing", customer=thread.customer))
            return
        raise GraphError(131009, "Parameter 'message_id' is not the id of a message to this number.")

    def _recipient(self, request: Accepted) -> Thread:
        if request.to == self.webhooks.account.display_phone_number:
            raise GraphError(131021)
        thread = self.world.find(to=request.to, user_id=request.user_id)
        if thread is None and request.to and request.type == "template":
            self.world.add_customer(f"+{request.to}", request.to)
            thread = self.world.find(to=request.to)
        if thread is None:
            raise GraphError(131047 if request.to else 131026)
        return thread

    def _deliver_soon(self, thread: Thread, message: Message) -> None:
        def delivered() -> None:
            self._deliveries.discard(timer)
            self._climb(thread, message, "delivered")

        timer = asyncio.get_running_loop().call_later(DELIVERY_SECONDS, delivered)
        self._deliveries.add(timer)

    def _climb(self, thread: Thread, message: Message, status: Status) -> None:
        """Statuses only rise; a message that is read at once is delivered on the way."""
        for step in CLIMB[CLIMB.index(message.status) + 1 : CLIMB.index(status) + 1]:
            message.status = step
            self._report(thread, message)
        self.world.changed(thread, message)

    def _fail(self, thread: Thread, message: Message, code: int) -> None:
        message.status = "failed"
        message.error = ERRORS[code].title
        self._report(thread, message, code)
        self.world.changed(thread, message)

    def _report(self, thread: Thread, message: Message, error_code: int | None = None) -> None:
        self.webhooks.add(thread.customer.id, status_value(thread.customer, message, error_code))


def _target(thread: Thread, reaction: Reaction) -> Message:
    """The message that is reacted to. Raises GraphError 131009."""
    target = message_in(thread, reaction.message_id)
    if target is None:
        raise GraphError(131009, "Parameter 'reaction.message_id' is not the id of a message in this chat.")
    return target
