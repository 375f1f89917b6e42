"""What customers say in the benchmarks: a greeting, the wish for a person, and then the lines of a talk."""

import hashlib
import hmac
import json

NUMBER = "100000000000001"
SECRET = "the benchmark's app secret"
LINES = 12
"""Messages of one customer: the first is greeted, the second opens the ticket, the others land in it."""

_WORDS = "the parcel with the two solar lamps that I swapped for rice has not come, number"


AT_ONCE = 25
"""Customers that begin before the first of them says the next line."""


class Story:
    """The messages of so many customers, who come one after the other and talk side by side.

    The customer who comes as number n says line s as message LINES * (n + s * AT_ONCE) + s of the whole; the
    gaps that this leaves at the beginning are closed. After the last customer comes the first again.
    """

    def __init__(self, customers: int, run: str) -> None:
        self._customers = customers
        self._run = hashlib.sha256(run.encode()).hexdigest()[:12]
        # the first messages, in which not everybody who will talk has come yet
        whole = range(LINES * LINES * AT_ONCE)
        self._beginning = [index for index in whole if index // LINES >= index % LINES * AT_ONCE]
        self._gaps = len(whole) - len(self._beginning)
        self._first_number = int(self._run, 16) % 8_000_000 * 1_000

    def _place(self, index: int) -> tuple[int, int]:
        """Which customer says message `index`, and which of their lines it is."""
        is_early = index < len(self._beginning)
        whole = self._beginning[index] if is_early else index + self._gaps
        line = whole % LINES
        return (whole // LINES - line * AT_ONCE) % self._customers, line

    def text(self, index: int) -> str:
        """The words of message `index`; from the third line on they name it."""
        match self._place(index)[1]:
            case 0:
                return "Hello"
            case 1:
                return "Chat Support"
            case _:
                return f"{_WORDS} {index}"

    def body(self, index: int, at: int) -> bytes:
        """A webhook with message `index`, about as long as Meta's."""
        customer = self._place(index)[0]
        phone = f"234{self._first_number + customer:010d}"
        name = f"Customer {customer}"
        return (
            '{"object":"whatsapp_business_account","entry":[{"id":"204815937760412","changes":[{"value":'
            '{"messaging_product":"whatsapp","metadata":{"display_phone_number":"2342013300000",'
            f'"phone_number_id":"{NUMBER}"}},"contacts":[{{"profile":{{"name":"{name}"}},"wa_id":"{phone}",'
            f'"user_id":"NG.{phone}{self._run}"}}],"messages":[{{"from":"{phone}",'
            f'"from_user_id":"NG.{phone}{self._run}",'
            f'"id":"wamid.HBgNMjM0ODAzMTIzNDU2NxUCABIYFDNBOEQ{self._run}{index:010d}AA==",'
            f'"timestamp":"{at}","type":"text","text":{{"body":{json.dumps(self.text(index))}}}}}]}},'
            '"field":"messages"}]}]}'
        ).encode()


def signature(body: bytes) -> str:
    """What Meta puts into X-Hub-Signature-256."""
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
