"""Everything the simulator remembers: in memory, bounded, touched by the serving event loop alone."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass

from simulator.business import Business
from simulator.files import Files
from simulator.identifiers import user_id_for, username_for
from simulator.people import Change, Customer, GraphRequest, Message, Quote, Thread
from simulator.templates import Templates

FIRST_CUSTOMERS = (
    ("Amara Nwosu", "2348035550142"),
    ("Bello Danjuma", "2348065550173"),
    ("Folake Adeyemi", "2348095550186"),
)
MOST_CUSTOMERS = 500
MOST_MESSAGES = 300
MOST_REQUESTS = 20_000
WINDOW_SECONDS = 24 * 3600


@dataclass
class Account:
    """The business's side of the deal: what it told Meta when it set its app up."""

    webhook_url: str
    app_secret: str
    access_token: str
    phone_number_id: str
    display_phone_number: str
    business_name: str
    business_account_id: str = "200000000000001"


class TooManyCustomers(Exception):
    """The simulator is full."""


class NumberTaken(Exception):
    """Another customer has this phone number."""


class World:
    """Customers, chats and requests, and who wants to hear of changes."""

    def __init__(self) -> None:
        self.threads: dict[str, Thread] = {}
        self.requests: deque[GraphRequest] = deque(maxlen=MOST_REQUESTS)
        self.listeners: set[asyncio.Queue[Change | None]] = set()
        self.files = Files()
        self.templates = Templates()
        self.business = Business()
        self.blocked: set[str] = set()
        self._last_id = 0
        self._people()

    def _people(self) -> None:
        for name, phone_number in FIRST_CUSTOMERS:
            self.add_customer(name, phone_number)

    def reset(self) -> None:
        """Back to the customers of the start, with empty threads."""
        self.threads.clear()
        self.requests.clear()
        self.files.forget()
        self.templates = Templates()
        self.business = Business()
        self.blocked.clear()
        self._last_id = 0
        self._people()
        self.tell(Change(type="reset"))

    def add_customer(self, name: str, phone_number: str | None) -> Customer:
        """Add a person; without a number, one who is known by user name alone.

        Raises NumberTaken and TooManyCustomers.
        """
        if len(self.threads) >= MOST_CUSTOMERS:
            raise TooManyCustomers
        if phone_number and self.find(to=phone_number):
            raise NumberTaken
        username = None if phone_number else username_for(name, self._usernames())
        self._last_id += 1
        customer = Customer(
            id=str(self._last_id),
            name=name,
            phone_number=phone_number,
            username=username,
            user_id=user_id_for(phone_number or f"@{username}"),
        )
        self.threads[customer.id] = Thread(customer=customer, messages=[])
        self.tell(Change(type="customer", customer=customer))
        return customer

    def set_number(self, customer: Customer, phone_number: str | None, user_id: str) -> None:
        """Move to another number and user id; who has no number needs a user name. Raises NumberTaken."""
        if phone_number and self.find(to=phone_number):
            raise NumberTaken
        if phone_number is None and customer.username is None:
            customer.username = username_for(customer.name, self._usernames())
        customer.phone_number, customer.user_id = phone_number, user_id
        self.tell(Change(type="customer", customer=customer))

    def _usernames(self) -> set[str]:
        return {thread.customer.username or "" for thread in self.threads.values()}

    def find(self, *, to: str | None = None, user_id: str | None = None) -> Thread | None:
        """The thread with the owner of this number (digits) or BSUID."""
        for thread in self.threads.values():
            customer = thread.customer
            if customer.user_id == user_id or (to is not None and customer.phone_number == to):
                return thread
        return None

    def window_is_open(self, customer: Customer) -> bool:
        """Whether the customer wrote within the last 24 hours."""
        return customer.last_wrote_at is not None and time.time() - customer.last_wrote_at < WINDOW_SECONDS

    def now_of(self, customer: Customer) -> int:
        """Unix time as this customer's messages give it."""
        return int(time.time() - customer.hours_behind * 3600)

    def set_behind(self, customer: Customer, hours: float) -> None:
        """Have this customer's messages, the newest included, count as written so long ago.

        That is a phone which was without a network: its messages carry the time of writing and come late. So
        whoever reads the timestamps finds the window closed when the next message comes. What the desk has
        heard already cannot be made older; until then it learns from error 131047 that the window is closed.
        """
        customer.hours_behind = hours
        if customer.last_wrote_at is not None:
            customer.last_wrote_at = min(customer.last_wrote_at, self.now_of(customer))
        self.tell(Change(type="customer", customer=customer))

    def quote(self, thread: Thread, message_id: str | None) -> Quote | None:
        """What the bubble shows of the message it answers, which may be gone."""
        if message_id is None:
            return None
        quoted = message_in(thread, message_id)
        return Quote(
            message_id=message_id,
            author=quoted.author if quoted else None,
            type=quoted.type if quoted else None,
            text=quoted.text if quoted else None,
        )

    def add_message(self, thread: Thread, message: Message) -> None:
        """Append to the chat; a customer's message opens the window."""
        thread.messages.append(message)
        del thread.messages[:-MOST_MESSAGES]
        if message.author == "customer":
            thread.customer.last_wrote_at = max(message.at, thread.customer.last_wrote_at or 0)
        self.changed(thread, message)

    def changed(self, thread: Thread, message: Message) -> None:
        """Count afresh what is unread and tell the listeners."""
        thread.customer.unread = sum(
            1 for m in thread.messages if m.author == "business" and m.status in ("sent", "delivered")
        )
        self.tell(Change(type="message", customer=thread.customer, message=message))

    def tell(self, change: Change) -> None:
        """A listener that has fallen far behind is cut off; it comes back and fetches the state."""
        frozen = change.model_copy(deep=True)
        for listener in list(self.listeners):
            if listener.full():
                self.cut_off(listener)
            else:
                listener.put_nowait(frozen)

    def cut_off(self, listener: asyncio.Queue[Change | None]) -> None:
        """Make this listener's stream end."""
        self.listeners.discard(listener)
        if listener.full():
            listener.get_nowait()
        listener.put_nowait(None)


def message_in(thread: Thread, message_id: str) -> Message | None:
    """The message with this id, if the chat still holds it."""
    return next((m for m in reversed(thread.messages) if m.id == message_id), None)
