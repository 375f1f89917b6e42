"""Does a customer ask for a person? Typed, misspelt, and in the five languages of our first users."""

import re
import unicodedata
from difflib import SequenceMatcher

PHRASES = (
    # English
    "chat support|support|help|customer support|customer service|customer care|contact support|help desk|"
    "live chat|live agent|human|agent|real person|i need help|i need support|i want support|help me|"
    # Nigerian Pidgin
    "i wan talk to person|i wan talk to somebody|abeg help me|i need person|make i talk to person|"
    "i wan follow person talk|una fit help me|i wan chat support|"
    # Hausa
    "taimako|ina bukatar taimako|ina son taimako|ina so in yi magana da mutum|magana da mutum|tallafi|"
    "a taimaka min|"
    # Yoruba
    "iranlowo|mo nilo iranlowo|mo fe iranlowo|mo fe ba eniyan soro|ba eniyan soro|e ran mi lowo|"
    "mo fe soro pelu eniyan|"
    # Igbo
    "enyemaka|achoro m enyemaka|choro enyemaka|achoro m iso mmadu kwurita okwu|kwurita okwu na mmadu|"
    "nyere m aka|biko nyere m aka"
).split("|")

TALK_TO_PERSON = re.compile(
    r"\b(talk|speak|chat|connect me)( to| with)? (a |an |your |the )?(real |live |human )?"
    r"(person|human|agent|someone|somebody|support|staff|representative|customer care|manager|admin)\b"
    r"|\bi need (your |some )?help\b"
)

COURTESIES = (
    "please|pls|plz|kindly|hello|hi|hey|dear|sir|ma|madam|good (morning|afternoon|evening|day)|o|"
    "abeg|oga|how far|"
    "don allah|sannu|ina kwana|ina wuni|barka|salam|salam alaikum|salamu alaikum|"
    "e jowo|ejowo|jowo|e jo|ejo|e kaaro|e kaasan|e kaale|e ku ise|"
    "biko|ndewo|nnoo|kedu"
)
"""How people begin and end a wish, in the same languages. One by one, they are left aside."""

_BEFORE, _AFTER = re.compile(rf"^(({COURTESIES}) )+"), re.compile(rf"( ({COURTESIES}))+$")

LIKENESS = 0.84
"""The share of letters in common, in order: one or two typing errors in "chat support" pass."""

LONGEST_WISH = 60
"""A longer message is a story, in which a phrase may stand by chance."""


def normalised(text: str) -> str:
    """Lower case, without accents, tone marks, punctuation and repeated blanks."""
    letters = text.casefold()
    if not letters.isascii():  # every message comes by here, and few have any
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def wants_person(text: str) -> bool:
    """Whether these words ask for a person."""
    if len(text) > LONGEST_WISH:
        return False
    words = normalised(text)
    words = _AFTER.sub("", _BEFORE.sub("", words))
    if not words:
        return False
    if "chat support" in words or TALK_TO_PERSON.search(words):
        return True
    compact = words.replace(" ", "")
    return any(_alike(compact, phrase.replace(" ", "")) for phrase in PHRASES)


def _alike(said: str, phrase: str) -> bool:
    if said == phrase:
        return True
    if len(phrase) < 7 or abs(len(said) - len(phrase)) > 3:
        return False  # a short word is too easily another one
    return SequenceMatcher(None, said, phrase, autojunk=False).ratio() >= LIKENESS
