"""The bot's mind: from where a customer stands and what was said, to where they stand then and what to do.

Pure: no database, no network, no clock. `customer_message_service` loads, saves and sends.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from services.support_intent import normalised, only_asks, wants_person

BOT_BACKLOG = 3
"""With so many of its answers unsent the bot is silent: WhatsApp takes one message per customer in 6 s."""


class ConversationState(StrEnum):
    """Where a customer stands. In CHAT_SUPPORT a person is in charge and the bot is silent."""

    NEW = "new"
    MENU = "menu"
    CHAT_SUPPORT = "chat_support"


class Choice(StrEnum):
    """The ids of the menu's rows. A tap on a reopening row is `reopen:<ticket id>`."""

    CHAT_SUPPORT = "chat_support"
    HOW_IT_WORKS = "how_it_works"
    SAFETY = "safety"
    MENU = "menu"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Standing:
    """What the bot knows of a customer. `reopenable` is a ticket that ended within the reopening period."""

    state: ConversationState
    live: bool = False
    described: bool = False
    reopenable: int | None = None
    backlog: int = 0


class Manner(StrEnum):
    """How something was said. SILENT is for nobody's ears: a reaction, an edit, a notice.

    WORDLESS is what a bot cannot read, such as a photo. A STICKER asks for no answer. GREETING: the chat was
    opened, and nothing said yet.
    """

    WORDS = "words"
    WORDLESS = "wordless"
    STICKER = "sticker"
    GREETING = "greeting"
    SILENT = "silent"


@dataclass(frozen=True)
class Said:
    """What the customer did. `quotes` is the ticket to which the quoted message belongs.

    `description` may stand for words where a problem is to be described and there are none. Where `has_file`,
    the text is a caption.
    """

    text: str = ""
    choice: str | None = None
    quotes: int | None = None
    manner: Manner = Manner.WORDS
    description: str = ""
    has_file: bool = False


@dataclass(frozen=True)
class OpenTicket:
    """Open a ticket; the message that asks for it becomes its first."""


@dataclass(frozen=True)
class ReopenTicket:
    """Make this ended ticket live again; the message belongs to it."""

    ticket_id: int


@dataclass(frozen=True)
class FileMessage:
    """The message belongs to the live ticket."""


@dataclass(frozen=True)
class Describe:
    """These words are the problem's description."""

    text: str


@dataclass(frozen=True)
class Say:
    """Send the text of this key. `{ticket}` in it is the number of the customer's ticket."""

    key: str


@dataclass(frozen=True)
class ShowMenu:
    """Send the menu below the text of this key, with a row to continue `reopenable`."""

    key: str
    reopenable: int | None = None


Action = OpenTicket | ReopenTicket | FileMessage | Describe | Say | ShowMenu


@dataclass(frozen=True)
class Decision:
    """Where the customer stands now, and what to do, in this order."""

    state: ConversationState
    actions: tuple[Action, ...] = ()


def decide(standing: Standing, said: Said) -> Decision:
    """What follows from what was said."""
    in_charge = standing.state is ConversationState.CHAT_SUPPORT and standing.live
    if said.manner is Manner.SILENT:
        return Decision(standing.state, (FileMessage(),) if standing.live else ())
    if in_charge:
        return _in_ticket(standing, said)
    return _at_menu(standing, said)


def _in_ticket(standing: Standing, said: Said) -> Decision:
    if _leaves(said):
        return Decision(ConversationState.MENU, (ShowMenu("menu.left"),))
    actions: tuple[Action, ...] = (FileMessage(),)
    words = said.text if said.text.strip() else said.description
    if not standing.described and words and not _asks_again(said):
        actions += (Describe(words),)
    return Decision(ConversationState.CHAT_SUPPORT, actions)


def _asks_again(said: Said) -> bool:
    """Whose line is slow asks twice before our answer is there."""
    return Choice.CHAT_SUPPORT in (said.choice, _typed_choice(said)) or only_asks(said.text)


def _leaves(said: Said) -> bool:
    if said.choice is not None:  # our menu is on no ticket: below what is, somebody else named the choices
        return said.choice == Choice.MENU and said.quotes is None
    if said.has_file:
        return False  # "Menu" below a photo is what it shows
    return _word(said) == "menu" or (_word(said) == "0" and said.quotes is None)


def _at_menu(standing: Standing, said: Said) -> Decision:
    support = ConversationState.CHAT_SUPPORT
    if standing.live and said.quotes is not None:
        return Decision(support, (FileMessage(),))
    if standing.live:
        standing = replace(standing, reopenable=None)  # one live ticket at a time
    if _wants_reopening(standing, said) and standing.reopenable is not None:
        return Decision(support, (ReopenTicket(standing.reopenable), Say("support.reopened")))
    # a template's button has its words for an id where its maker gave it none: they are as good as typed
    in_words = said.choice is None or said.choice.strip() == said.text.strip()
    choice = (_typed_choice(said) if in_words else None) or said.choice
    if choice == Choice.CHAT_SUPPORT or (in_words and wants_person(said.text)):
        if standing.live:
            return Decision(support, (FileMessage(), Say("support.back")))
        return Decision(support, (OpenTicket(), Say("support.opened")))
    if standing.live and (said.has_file or said.manner in (Manner.WORDLESS, Manner.STICKER)):
        return Decision(ConversationState.MENU, (FileMessage(),))  # the bot has no use for it
    return Decision(ConversationState.MENU, _answer(standing, said.manner, choice))


def _answer(standing: Standing, manner: Manner, choice: str | None) -> tuple[Action, ...]:
    if standing.backlog >= BOT_BACKLOG:
        return ()
    if choice in (Choice.HOW_IT_WORKS, Choice.SAFETY):
        return (Say(choice),)
    if standing.state is ConversationState.NEW or manner is Manner.GREETING:
        return (ShowMenu("menu.welcome", standing.reopenable),)
    if manner is Manner.STICKER:
        return ()
    key = "menu.not_understood" if manner is Manner.WORDS else "menu.no_words"
    if choice == Choice.MENU:
        key = "menu.again"
    # whose ticket has just ended is greeted like a newcomer, not told that they were not understood
    ended = standing.state is ConversationState.CHAT_SUPPORT
    return (ShowMenu("menu.again" if ended else key, standing.reopenable),)


def _wants_reopening(standing: Standing, said: Said) -> bool:
    wanted = said.quotes
    if said.choice and said.choice.startswith(f"{Choice.REOPEN}:"):
        number = said.choice.removeprefix(f"{Choice.REOPEN}:")
        wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    return wanted is not None and wanted == standing.reopenable


def _word(said: Said) -> str:
    return normalised(said.text)


def _typed_choice(said: Said) -> str | None:
    """What a phone without a list to tap types."""
    typed = {
        "0": Choice.MENU,
        "menu": Choice.MENU,
        "main menu": Choice.MENU,
        "1": Choice.CHAT_SUPPORT,
        "2": Choice.HOW_IT_WORKS,
        "how it works": Choice.HOW_IT_WORKS,
        "3": Choice.SAFETY,
        "trade safely": Choice.SAFETY,
    }
    return typed.get(_word(said))
