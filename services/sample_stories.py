"""The sample customers and what they say. Their numbers are kept by Ofcom for films: nobody has them."""

from dataclasses import dataclass

from models.support_ticket import TicketPriority, TicketStatus

CUSTOMER = "customer"
DESK = "desk"


@dataclass(frozen=True)
class Line:
    """Who said what, so many minutes after the ticket was opened."""

    who: str
    minutes: int
    text: str


@dataclass(frozen=True)
class Story:
    """A ticket. `hours_ago`: when it was opened; `ended_after`: in minutes; `mine`: whoever asked has it."""

    name: str
    phone_number: str
    language: str
    issue: str
    lines: tuple[Line, ...]
    hours_ago: float
    status: TicketStatus = TicketStatus.OPEN
    priority: TicketPriority = TicketPriority.MEDIUM
    note: str = ""
    ended_after: int | None = None
    mine: bool = False


STORIES = (
    Story(
        "Ngozi Eze (sample)",
        "447700900101",
        "en",
        "The phone I got in the swap does not switch on",
        (
            Line(CUSTOMER, 0, "Chat Support"),
            Line(CUSTOMER, 1, "The phone I got in the swap does not switch on"),
            Line(CUSTOMER, 3, "I charged it the whole night"),
        ),
        hours_ago=0.4,
        priority=TicketPriority.HIGH,
    ),
    Story(
        "Musa Ibrahim (sample)",
        "447700900102",
        "ha",
        "Ina son canza wurina zuwa Kano",
        (
            Line(CUSTOMER, 0, "Ina son magana da mutum"),
            Line(CUSTOMER, 2, "Ina son canza wurina zuwa Kano"),
            Line(DESK, 9, "Sannu Musa. Please open your profile, tap Location and choose Kano."),
            Line(CUSTOMER, 14, "I do not see Location there"),
        ),
        hours_ago=2.5,
        status=TicketStatus.IN_PROGRESS,
        note="Writes Hausa, reads English well.",
        mine=True,
    ),
    Story(
        "Tunde Balogun (sample)",
        "447700900103",
        "yo",
        "My account is locked since yesterday",
        (
            Line(CUSTOMER, 0, "Chat Support"),
            Line(CUSTOMER, 1, "My account is locked since yesterday"),
            Line(DESK, 6, "Good morning Tunde. I have unlocked it. Please try again."),
        ),
        hours_ago=5,
        status=TicketStatus.IN_PROGRESS,
    ),
    Story(
        "Blessing Okoro (sample)",
        "447700900104",
        "pcm",
        "Abeg how I go take report person wey no wan give me my goods",
        (
            Line(CUSTOMER, 0, "I wan talk to person"),
            Line(CUSTOMER, 1, "Abeg how I go take report person wey no wan give me my goods"),
        ),
        hours_ago=20,
        priority=TicketPriority.URGENT,
    ),
    Story(
        "Chidi Obi (sample)",
        "447700900105",
        "ig",
        "How do I add more pictures to my offer?",
        (
            Line(CUSTOMER, 0, "Chat Support"),
            Line(CUSTOMER, 1, "How do I add more pictures to my offer?"),
            Line(DESK, 4, "Open the offer and tap the plus beside the picture. You can add up to eight."),
            Line(CUSTOMER, 7, "Thank you, it worked"),
        ),
        hours_ago=30,
        status=TicketStatus.RESOLVED,
        ended_after=12,
    ),
    Story(
        "Kwame Mensah (sample)",
        "447700900106",
        "en",
        "Can I swap with somebody in Accra?",
        (
            Line(CUSTOMER, 0, "Chat Support"),
            Line(CUSTOMER, 1, "Can I swap with somebody in Accra?"),
            Line(DESK, 30, "Not yet, we are sorry. We will write here when it is possible."),
        ),
        hours_ago=52,
        status=TicketStatus.CLOSED,
        ended_after=45,
    ),
    Story(
        "Halima Yusuf (sample)",
        "447700900107",
        "ha",
        "I did not get the code to sign in",
        (
            Line(CUSTOMER, 0, "Chat Support"),
            Line(CUSTOMER, 1, "I did not get the code to sign in"),
            Line(DESK, 3, "I have sent you a new one. It holds for ten minutes."),
            Line(CUSTOMER, 5, "I am in. God bless you"),
        ),
        hours_ago=76,
        status=TicketStatus.RESOLVED,
        ended_after=8,
    ),
)
