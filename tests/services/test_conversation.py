"""The bot's mind, in a table, and what holds whatever is said."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.bot_menu import interactive_menu
from services.bot_texts import TEXTS
from services.bot_texts import text as bot_text
from services.conversation_service import (
    BOT_BACKLOG,
    Choice,
    ConversationState,
    Decision,
    Describe,
    FileMessage,
    Manner,
    OpenTicket,
    ReopenTicket,
    Said,
    Say,
    ShowMenu,
    Standing,
    decide,
)

NEW, MENU, CHAT = ConversationState.NEW, ConversationState.MENU, ConversationState.CHAT_SUPPORT
NEWCOMER = Standing(NEW)
AT_MENU = Standing(MENU)
ASKED = Standing(CHAT, live=True)
DESCRIBED = Standing(CHAT, live=True, described=True)
LEFT = Standing(MENU, live=True, described=True)
ENDED = Standing(MENU, reopenable=7)
BUSY = Standing(MENU, backlog=BOT_BACKLOG)

OPENED = Decision(CHAT, (OpenTicket(), Say("support.opened")))
BACK = Decision(CHAT, (FileMessage(), Say("support.back")))
REOPENED = Decision(CHAT, (ReopenTicket(7), Say("support.reopened")))
FILED = Decision(CHAT, (FileMessage(),))
LEAVES = Decision(MENU, (ShowMenu("menu.left"),))

TABLE = [
    # who comes for the first time sees the menu, whatever is said
    (NEWCOMER, Said("Good morning"), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (NEWCOMER, Said("[image]"), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (NEWCOMER, Said("menu"), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (NEWCOMER, Said(""), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (NEWCOMER, Said("2"), Decision(MENU, (Say("how_it_works"),))),
    # asking for a person opens a ticket at once: typed, tapped, by number, in other words
    (NEWCOMER, Said("Chat Support"), OPENED),
    (NEWCOMER, Said("1"), OPENED),
    (AT_MENU, Said("chat suport"), OPENED),
    (AT_MENU, Said("Chat Support", choice="chat_support"), OPENED),
    (AT_MENU, Said("Ina bukatar taimako"), OPENED),
    (BUSY, Said("Chat Support"), OPENED),
    (ENDED, Said("Chat Support"), OPENED),
    (Standing(CHAT), Said("Chat Support"), OPENED),
    # also by a button of a template of the business, whose id is its words unless its maker gave another
    (AT_MENU, Said("Chat Support", choice="Chat Support"), OPENED),
    (NEWCOMER, Said("I need help", choice="I need help"), OPENED),
    (LEFT, Said("Chat Support", choice="Chat Support"), BACK),
    (AT_MENU, Said("How it works", choice="How it works"), Decision(MENU, (Say("how_it_works"),))),
    (DESCRIBED, Said("Menu", choice="Menu"), FILED),
    # at the menu
    (AT_MENU, Said("How it works", choice="how_it_works"), Decision(MENU, (Say("how_it_works"),))),
    (AT_MENU, Said("safety", choice="safety"), Decision(MENU, (Say("safety"),))),
    (AT_MENU, Said("Trade safely"), Decision(MENU, (Say("safety"),))),
    (AT_MENU, Said("How it works"), Decision(MENU, (Say("how_it_works"),))),
    (AT_MENU, Said("3"), Decision(MENU, (Say("safety"),))),
    (AT_MENU, Said("0"), Decision(MENU, (ShowMenu("menu.again"),))),
    (AT_MENU, Said("MENU!"), Decision(MENU, (ShowMenu("menu.again"),))),
    (AT_MENU, Said("Main menu"), Decision(MENU, (ShowMenu("menu.again"),))),
    (AT_MENU, Said("Hm"), Decision(MENU, (ShowMenu("menu.not_understood"),))),
    (AT_MENU, Said("Help", choice="csat:5"), Decision(MENU, (ShowMenu("menu.not_understood"),))),
    (AT_MENU, Said("Hm", quotes=7), Decision(MENU, (ShowMenu("menu.not_understood"),))),
    (BUSY, Said("Hm"), Decision(MENU)),
    (replace(BUSY, state=NEW), Said("Hm"), Decision(MENU)),
    # in a ticket the bot is silent; the next words are the description, once
    (ASKED, Said("It is broken"), Decision(CHAT, (FileMessage(), Describe("It is broken")))),
    (ASKED, Said("2"), Decision(CHAT, (FileMessage(), Describe("2")))),
    (ASKED, Said("Chat Support"), FILED),
    (ASKED, Said("Chat Support", choice="chat_support"), FILED),
    (ASKED, Said("chat suport"), FILED),
    (ASKED, Said("Customer care please"), FILED),
    (ASKED, Said("Enyemaka, biko"), FILED),
    (ASKED, Said("1"), FILED),
    (ASKED, Said("I need help with it"), Decision(CHAT, (FileMessage(), Describe("I need help with it")))),
    (ASKED, Said(" \n"), FILED),
    (DESCRIBED, Said("And torn"), FILED),
    (DESCRIBED, Said("Chat Support"), FILED),
    (DESCRIBED, Said("3"), FILED),
    (DESCRIBED, Said("menu please"), FILED),
    (DESCRIBED, Said("Menu", choice="csat:5"), FILED),
    # menu or 0 leaves the ticket, which stays open
    (DESCRIBED, Said("menu"), LEAVES),
    (DESCRIBED, Said(" Menu. "), LEAVES),
    (DESCRIBED, Said("0"), LEAVES),
    (ASKED, Said("0"), LEAVES),
    (ASKED, Said("A row", choice="menu"), LEAVES),
    # but not as the answer to a question of the desk, nor by a tap below one, whatever id its maker gave it
    (DESCRIBED, Said("0", quotes=7), FILED),
    (ASKED, Said("0", quotes=7), Decision(CHAT, (FileMessage(), Describe("0")))),
    (DESCRIBED, Said("Menu", quotes=7), LEAVES),
    (DESCRIBED, Said("Menu of the day", choice="menu", quotes=7), FILED),
    # and asking again, or a reply to what was said in it, leads back
    (LEFT, Said("Chat Support"), BACK),
    (LEFT, Said("A row", choice="chat_support"), BACK),
    (LEFT, Said("Yes, that one", quotes=7), FILED),
    (LEFT, Said("Hm"), Decision(MENU, (ShowMenu("menu.not_understood"),))),
    # beside a live ticket no other is offered or reopened
    (
        replace(LEFT, reopenable=7),
        Said("Go on", choice="reopen:7"),
        Decision(MENU, (ShowMenu("menu.not_understood"),)),
    ),
    (replace(LEFT, reopenable=7), Said("Yes", quotes=7), FILED),
    # after the end: a tap or a reply reopens, other words do not
    (ENDED, Said("Go on", choice="reopen:7"), REOPENED),
    (ENDED, Said("Still broken", quotes=7), REOPENED),
    (replace(ENDED, backlog=BOT_BACKLOG), Said("Still broken", quotes=7), REOPENED),
    (ENDED, Said("Still broken"), Decision(MENU, (ShowMenu("menu.not_understood", 7),))),
    (ENDED, Said("Go on", choice="reopen:8"), Decision(MENU, (ShowMenu("menu.not_understood", 7),))),
    (ENDED, Said("Other", quotes=8), Decision(MENU, (ShowMenu("menu.not_understood", 7),))),
    (Standing(NEW, reopenable=7), Said("Hello"), Decision(MENU, (ShowMenu("menu.welcome", 7),))),
    (Standing(CHAT, reopenable=7), Said("Thanks"), Decision(MENU, (ShowMenu("menu.again", 7),))),
    (AT_MENU, Said("Go on", choice="reopen:7"), Decision(MENU, (ShowMenu("menu.not_understood"),))),
    # a reaction, an edit or a notice says nothing to a bot
    (NEWCOMER, Said("[reaction] 👍", manner=Manner.SILENT), Decision(NEW)),
    (AT_MENU, Said("menu", manner=Manner.SILENT), Decision(MENU)),
    (ENDED, Said("[reaction] 👍", quotes=7, manner=Manner.SILENT), Decision(MENU)),
    (ASKED, Said("[edited] menu", manner=Manner.SILENT), FILED),
    (LEFT, Said("[notice]", manner=Manner.SILENT), Decision(MENU, (FileMessage(),))),
    # what a bot cannot read goes to a person, or is answered with how to reach one; a sticker with nothing
    (NEWCOMER, Said(manner=Manner.WORDLESS), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (NEWCOMER, Said(manner=Manner.STICKER), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (AT_MENU, Said(manner=Manner.WORDLESS), Decision(MENU, (ShowMenu("menu.no_words"),))),
    (ENDED, Said(manner=Manner.WORDLESS), Decision(MENU, (ShowMenu("menu.no_words", 7),))),
    (Standing(CHAT), Said(manner=Manner.WORDLESS), Decision(MENU, (ShowMenu("menu.again"),))),
    (AT_MENU, Said(manner=Manner.STICKER), Decision(MENU)),
    (LEFT, Said(manner=Manner.WORDLESS), Decision(MENU, (FileMessage(),))),
    (LEFT, Said(manner=Manner.STICKER), Decision(MENU, (FileMessage(),))),
    (ASKED, Said(manner=Manner.WORDLESS), FILED),
    (
        ASKED,
        Said(manner=Manner.WORDLESS, description="Voice note"),
        Decision(CHAT, (FileMessage(), Describe("Voice note"))),
    ),
    (ASKED, Said("Torn", description="Photo"), Decision(CHAT, (FileMessage(), Describe("Torn")))),
    # what is written below a photo is about the photo: it leads to no menu, and the photo is not left aside
    (DESCRIBED, Said("Menu", has_file=True), FILED),
    (DESCRIBED, Said("0", has_file=True), FILED),
    (LEFT, Said("This is the receipt", has_file=True), Decision(MENU, (FileMessage(),))),
    (LEFT, Said("Menu", has_file=True), Decision(MENU, (FileMessage(),))),
    (LEFT, Said("Chat Support", has_file=True), BACK),
    (AT_MENU, Said("Chat Support", has_file=True), OPENED),
    (AT_MENU, Said("Look", has_file=True), Decision(MENU, (ShowMenu("menu.not_understood"),))),
    (DESCRIBED, Said(manner=Manner.WORDLESS, description="Voice note"), FILED),
    # who opens the chat sees the menu, unless a person is in charge
    (NEWCOMER, Said(manner=Manner.GREETING), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (AT_MENU, Said(manner=Manner.GREETING), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (LEFT, Said(manner=Manner.GREETING), Decision(MENU, (ShowMenu("menu.welcome"),))),
    (ENDED, Said(manner=Manner.GREETING), Decision(MENU, (ShowMenu("menu.welcome", 7),))),
    (BUSY, Said(manner=Manner.GREETING), Decision(MENU)),
    (DESCRIBED, Said(manner=Manner.GREETING), FILED),
]


@pytest.mark.parametrize(("standing", "said", "decision"), TABLE)
def test_the_table(standing: Standing, said: Said, decision: Decision) -> None:
    assert decide(standing, said) == decision


@pytest.mark.parametrize("number", ["", "x", "-1", "1" * 10, "1" * 5000, "\u0667", "7.0", " 7"])
def test_a_row_that_we_did_not_make_reopens_nothing(number: str) -> None:
    assert decide(ENDED, Said("A row", choice=f"reopen:{number}")).state is MENU


standings = st.builds(
    Standing,
    state=st.sampled_from(ConversationState),
    live=st.booleans(),
    described=st.booleans(),
    reopenable=st.none() | st.integers(1, 3),
    backlog=st.integers(0, 4),
)
texts = st.sampled_from(["menu", "0", "Chat Support", "1", "2", "Hello", "", "Still broken"]) | st.text()
choices = st.none() | st.sampled_from([*Choice, "reopen:1", "reopen:2", "reopen:x"]) | st.text()
sayings = st.builds(
    Said,
    text=texts,
    choice=choices,
    quotes=st.none() | st.integers(1, 3),
    manner=st.sampled_from(Manner),
    has_file=st.booleans(),
)


@settings(max_examples=1000)
@given(standings, sayings)
def test_whatever_is_said_can_be_done(standing: Standing, said: Said) -> None:
    """Nothing is done to a ticket that is not there, and every text of the bot's exists."""
    decision = decide(standing, said)
    opening = [each for each in decision.actions if isinstance(each, OpenTicket | ReopenTicket)]
    answers = [each for each in decision.actions if isinstance(each, Say | ShowMenu)]
    assert len(opening) + standing.live <= 1
    live = standing.live or bool(opening)
    if decision.state is CHAT and said.manner is not Manner.SILENT:
        assert live
        assert [each for each in decision.actions if isinstance(each, FileMessage)] or opening
    for action in decision.actions:
        if isinstance(action, FileMessage | Describe):
            assert standing.live
        if isinstance(action, ReopenTicket):
            assert action.ticket_id == standing.reopenable
    assert len(answers) <= 1
    if standing.live:
        assert [each for each in answers if isinstance(each, ShowMenu) and each.reopenable is not None] == []
    assert all(answer.key in TEXTS["en"] for answer in answers)
    if standing.state is CHAT and standing.live and decision.state is CHAT:
        assert not answers
    if said.manner is Manner.SILENT:
        assert not answers
        assert decision.state is standing.state


def test_the_state_has_the_value_that_was_promised() -> None:
    promised: str = "chat_support"
    assert promised == ConversationState.CHAT_SUPPORT


def test_every_text_can_be_said() -> None:
    for key in TEXTS["en"]:
        said = bot_text(key, business="Barter", ticket=7)
        assert "{" not in said
        assert said == bot_text(key, "xx", business="Barter", ticket=7)
    with pytest.raises(KeyError):
        bot_text("no.such.key")


def test_no_text_names_what_is_not_there() -> None:
    """At the menu there may be no ticket; in a ticket there always is one."""
    for key, template in TEXTS["en"].items():
        if key.startswith("menu.") and key not in {"menu.left", "menu.reopen"}:
            assert "{ticket}" not in template, key


@pytest.mark.parametrize("reopenable", [None, 7, 2**31 - 1])
def test_the_menu_keeps_whatsapps_limits(reopenable: int | None) -> None:
    menu = interactive_menu("Body", reopenable)
    [section] = menu["action"]["sections"]
    rows = section["rows"]
    assert len(menu["action"]["button"]) <= 20
    assert [row for row in rows if len(row["title"]) > 24 or len(row["description"]) > 72] == []
    assert len({row["id"] for row in rows}) == len(rows) == (3 if reopenable is None else 4)
    for row in rows:
        if reopenable is not None and row["id"].startswith("reopen"):
            assert row["id"] == f"reopen:{reopenable}"
            assert str(reopenable) in row["title"]
