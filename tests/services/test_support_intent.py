import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.support_intent import LONGEST_WISH, PHRASES, normalised, wants_person

WISHES = {
    "English": [
        "Chat Support", "chat support", "CHAT SUPPORT!!!", "chatsupport", "  chat   support  ",
        "chat-support",
        "💬 Chat Support", "*Chat Support*", "support", "Help", "HELP!", "help me please", "Please help me",
        "customer care", "Customer service, please", "I need help", "human", "agent", "live agent",
        "I want to talk to a person", "can I speak to someone?", "let me speak with an agent",
        "talk to a real person", "connect me to an agent", "Hi, I need help", "pls chat support",
        "Can you connect me with support", "I want chat support",
        "Good afternoon sir, I need help", "Hi, please help me", "Plz help", "Good day. Support please",
        "I need your help", "I need help with my order", "Please ma, I want to speak to your manager",
        "I need an agent", "I want a human", "get me a human being", "I need customer care",
        "Can you help me?", "contact customer service", "I want to speak with customer service",
        "talk to customer support",
        "Please assist me", "I need assistance", "I want help", "support team",
        "Good afternoon sir, please can I speak to someone from your team about it?",
        "No, I want chat support", "No. Customer care", "I don't understand, I want to talk to a person",
        "This is not working. Chat support", "Not the menu, chat support", "Chat support, thank you",
        "My problem is not solved, chat support", "No thanks, talk to an agent",
        "I don't want this, connect me to an agent", "Please stop. Connect me to a person",
    ],
    "Nigerian Pidgin": [
        "Abeg help me", "I wan talk to person", "I wan talk to somebody", "make I talk to person",
        "Una fit help me?", "I need person abeg", "I wan follow person talk",
        "Abeg I wan yarn with person", "I wan make person help me", "I wan customer care",
        "Oga abeg help me", "Good morning o, abeg I need person",
    ],
    "Hausa": [
        "Taimako", "Ina bukatar taimako", "Ina buƙatar taimako", "ina son taimako",
        "Ina so in yi magana da mutum", "A taimaka min", "a taimaka mini",
        "Ina neman taimako", "Ku taimake ni", "a taimake ni", "Ina so in yi magana da wani",
        "Don Allah a taimaka min", "Sannu, taimako", "Ina kwana, don Allah ina bukatar taimako",
    ],
    "Yoruba": [
        "Iranlowo", "Ìrànlọ́wọ́", "Mo nílò ìrànlọ́wọ́", "mo nilo iranlowo", "E ran mi lowo", "Ẹ ràn mí lọ́wọ́",
        "Mo fẹ́ bá ènìyàn sọ̀rọ̀", "ba eniyan soro",
        "Ẹ jọ̀ọ́, ẹ ràn mí lọ́wọ́",
        "Ẹ jọ̀wọ́, ẹ ràn mí lọ́wọ́", "E kaaro, mo nilo iranlowo", "Mo fẹ́ ìrànlọ́wọ́ jọ̀wọ́", "ejo, e ran mi lowo",
    ],
    "Igbo": [
        "Enyemaka", "Achọrọ m enyemaka", "achoro m enyemaka", "Nyere m aka", "Biko nyere m aka",
        "biko enyemaka", "Achọrọ m ka mmadụ nyere m aka", "Achọrọ m ịgwa mmadụ okwu",
        "Achọrọ m ikwurịta okwu na mmadụ",
        "Ndewo, achọrọ m enyemaka biko", "Nnọọ, biko nyere m aka", "Kedu, enyemaka",
    ],
}  # fmt: skip

MISSPELT = [
    "chat suport", "chat supprt", "chta support", "chat supoprt",  # codespell:ignore
    "chat suppport", "cht support",  # codespell:ignore
    "chat surport", "chart support", "chat supportt", "customer cair", "custommer care",  # codespell:ignore
    "custumer service", "i ned help", "iranlwo", "enyemka", "tamako",  # codespell:ignore
]  # fmt: skip

NO_WISHES = [
    "", " ", "!!!", "💬", "0", "1", "menu", "hi", "hello", "Good morning", "thanks", "ok", "yes", "no",
    "chart", "sport", "supper", "self", "held", "kelp", "whelp", "hepl",  # codespell:ignore
    "Is this lamp still available?", "How much is it?", "I have a generator to swap",
    "The chair supports 120 kg", "helpful", "humane", "urgent", "gent", "reagent",
    "how it works", "trade safely", "I am a customer", "customer", "service",
    "This seller was of no help at all and the box that came was torn open",
    "I asked for support last week and nobody has answered me until today",
    "My son is an agent", "an agent sold it to me", "travel agent",
    "Good afternoon", "Sannu", "Don Allah", "E jowo", "E kaaro", "Ndewo", "Biko", "Oga", "Please", "Dear sir",
    "I do not need help", "please sir", "Hi, is it still there?", "Don Allah nawa ne?",
    "No, not chat support", "not chat support", "I don't want chat support", "I no want chat support",
    "no need to talk to a person", "Please do not connect me to an agent", "I no need help",
    "not customer care", "cancel chat support", "Thanks chat support", "Thank you, customer support",
    "My chat support ticket is done, thanks", "Chat support was great", "I want to be an agent",
    "I need someone to swap my generator with", "I need a person to swap with", "I need human hair",
    "How do I reach someone who listed a bicycle?", "I want to contact the seller of this phone",
    "chat", "talk", "person", "somebody", "mutum", "eniyan", "mmadu", "aka", "lowo",
]  # fmt: skip


@pytest.mark.parametrize("text", [wish for wishes in WISHES.values() for wish in wishes])
def test_a_wish_is_understood(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize("text", MISSPELT)
def test_a_misspelt_wish_is_understood(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize("text", NO_WISHES)
def test_other_words_are_no_wish(text: str) -> None:
    assert not wants_person(text)


@pytest.mark.parametrize("phrase", PHRASES)
def test_each_phrase_is_understood_as_it_stands_and_is_written_as_it_is_compared(phrase: str) -> None:
    assert normalised(phrase) == phrase
    assert wants_person(phrase.title())


def test_a_long_story_is_no_wish() -> None:
    words = "chat support " * 20
    assert wants_person(words[:LONGEST_WISH])
    assert not wants_person(words[: LONGEST_WISH + 1])


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_taken(text: str) -> None:
    wants_person(text)
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Ìrànlọ́wọ́!", "iranlowo"),
        ("  A--b\tC\n", "a b c"),
        ("\uff43\uff48\uff41\uff54", "chat"),
        ("Straße 1", "strasse 1"),
        ("٣", ""),
        ("", ""),
    ],
)
def test_normalised(text: str, same: str) -> None:
    assert normalised(text) == same
