"""The bot's mind against a simple model of a customer, the desk and time."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.conversation_service import (
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


class Talk(RuleBasedStateMachine):
    """A customer, the desk and a clock; the model is in plain variables."""

    @initialize()
    def begin(self) -> None:
        self.state: ConversationState = NEW
        self.live: int | None = None
        self.last_ended: int | None = None
        self.ended_recently = False
        self.descriptions: dict[int, str] = {}
        self.tickets = 0
        self.unsent = 0

    def say(self, said: Said) -> Decision:
        before = Standing(
            state=self.state,
            live=self.live is not None,
            described=self.live in self.descriptions,
            reopenable=self.last_ended if self.ended_recently and self.live is None else None,
            backlog=self.unsent,
        )
        decision = decide(before, said)
        self.state = decision.state
        for action in decision.actions:
            match action:
                case OpenTicket():
                    assert self.live is None
                    self.tickets += 1
                    self.live = self.tickets
                case ReopenTicket(ticket_id):
                    assert self.live is None
                    assert (ticket_id, self.ended_recently) == (self.last_ended, True)
                    self.live = ticket_id
                case Describe(words):
                    assert self.live is not None
                    assert self.live not in self.descriptions
                    self.descriptions[self.live] = words
                case FileMessage():
                    assert self.live is not None
                case Say() | ShowMenu():
                    self.unsent += 1
        return decision

    @rule(words=st.sampled_from(["Hello", "It is broken", "2", "thanks", "[image]"]))
    def talk(self, words: str) -> None:
        in_charge, live = self.state is CHAT, self.live
        first = live not in self.descriptions
        decision = self.say(Said(words))
        if in_charge:
            assert FileMessage() in decision.actions
            assert not any(isinstance(each, Say | ShowMenu) for each in decision.actions)
            assert (Describe(words) in decision.actions) == first
        else:
            assert self.live == live
            assert self.state is MENU

    @rule(said=st.sampled_from([Said("Chat Support"), Said("1"), Said("A row", choice="chat_support")]))
    def ask_for_a_person(self, said: Said) -> None:
        self.say(said)
        assert self.state is CHAT
        assert self.live is not None

    @rule(said=st.sampled_from([Said("menu"), Said("0"), Said("A row", choice="menu")]))
    def leave(self, said: Said) -> None:
        live = self.live
        self.say(said)
        assert (self.state, self.live) == (MENU, live)

    @precondition(lambda self: self.last_ended is not None and self.live is None)
    @rule(by_tap=st.booleans())
    def come_back(self, by_tap: bool) -> None:
        ticket = self.last_ended
        self.say(Said("A row", choice=f"reopen:{ticket}") if by_tap else Said("Still broken", quotes=ticket))
        assert (self.live == ticket) == self.ended_recently
        assert (self.state is CHAT) == self.ended_recently

    @precondition(lambda self: self.live is not None)
    @rule()
    def the_desk_ends_the_ticket(self) -> None:
        self.last_ended, self.live, self.ended_recently = self.live, None, True
        self.state = MENU

    @precondition(lambda self: self.live is not None)
    @rule()
    def the_desk_answers(self) -> None:
        self.state = CHAT

    @rule()
    def a_week_passes(self) -> None:
        self.ended_recently = False
        self.unsent = 0

    @rule()
    def a_reaction(self) -> None:
        state = self.state
        decision = self.say(Said("[reaction] 👍", manner=Manner.SILENT))
        assert self.state is state
        assert decision.actions == ((FileMessage(),) if self.live is not None else ())

    @invariant()
    def in_charge_means_a_live_ticket(self) -> None:
        assert self.state is not CHAT or self.live is not None


TestTalk = Talk.TestCase
TestTalk.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
