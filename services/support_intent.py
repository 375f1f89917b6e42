"""Does a customer ask for a person? Typed, misspelt, and in the five languages of our first users."""

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher

PHRASES = (
    # English
    "chat support|support|help|customer support|customer service|customer care|contact support|help desk|"
    "live chat|live agent|human|agent|real person|i need help|i need support|i want support|help me|"
    "human being|real human|live support|support team|technical support|i want help|i need assistance|"
    "can you help me|could you help me|assist me|can you assist me|"
    # Nigerian Pidgin
    "i wan talk to person|i wan talk to somebody|abeg help me|i need person|make i talk to person|"
    "i wan follow person talk|una fit help me|i wan chat support|i wan make person help me|"
    # Hausa
    "taimako|ina bukatar taimako|ina son taimako|ina so in yi magana da mutum|magana da mutum|tallafi|"
    "a taimaka min|ina neman taimako|taimake ni|a taimake ni|ku taimake ni|ina so in yi magana da wani|"
    # Yoruba
    "iranlowo|mo nilo iranlowo|mo fe iranlowo|mo fe ba eniyan soro|ba eniyan soro|e ran mi lowo|"
    "mo fe soro pelu eniyan|"
    # Igbo
    "enyemaka|achoro m enyemaka|choro enyemaka|achoro m iso mmadu kwurita okwu|kwurita okwu na mmadu|"
    "nyere m aka|biko nyere m aka|achoro m ka mmadu nyere m aka|achoro m igwa mmadu okwu|"
    "achoro m ikwurita okwu na mmadu"
).split("|")

_OF_OURS = r"(a |an |our |your |the |any )?(real |live |human )?"
_STAFF = (
    r"(human( being)?|agent|support|staff|representative|manager|admin|team|customer (care|service|support))"
)
_PERSON = rf"({_STAFF}|person|someone|somebody)"

ASKED = re.compile(
    rf"chat support"
    rf"|\b(talk|speak|chat|yarn|connect me)( to| with)? {_OF_OURS}{_PERSON}\b"
    rf"|\b(contact|reach) {_OF_OURS}{_STAFF}\b"
    rf"|\b(need|want|wan|get me|give me|call) {_OF_OURS}{_PERSON}$"
    rf"|\bi need (your |some )?help\b"
)

_DECLINING = r"(do not|don t|dont|no longer|no) (need|want|wan)"

_DECLINED = re.compile(rf"(i )?{_DECLINING}\b|(no )?not\b")

_REFUSED = re.compile(rf"(\b({_DECLINING}|do not|don t|dont)|^(no )?not)( to)?( the| any| your| my)? $")
"""What stands before a wish that is none: "no, not chat support"."""

_DISMISSED = re.compile(
    r"(^(stop|cancel|end|close|exit|leave)|\b(thanks|thank you)( to)?)( the| your| my)? $"
)
"""The same before the name alone; before "talk to an agent" they belong to what was said before it."""

_SETTLED = re.compile(
    r"( ticket| issue| case| problem)?( is| was| has been| don)( now| all| already)?"
    r" (done|solved|resolved|settled|over|great|good)\b"
)
"""What stands behind it: "my chat support ticket is done, thanks"."""

COURTESIES = (
    "please|pls|plz|kindly|hello|hi|hey|dear|sir|ma|madam|good (morning|afternoon|evening|day)|o|"
    "abeg|oga|how far|"
    "don allah|sannu|ina kwana|ina wuni|barka|salam|salam alaikum|salamu alaikum|"
    "e jowo|ejowo|jowo|e joo|ejoo|e jo|ejo|e kaaro|e kaasan|e kaale|e ku ise|"
    "biko|ndewo|nnoo|kedu"
)
"""How people begin and end a wish, in the same languages. One by one, they are left aside."""

_BEFORE, _AFTER = re.compile(rf"^(({COURTESIES}) )+"), re.compile(rf"( ({COURTESIES}))+$")

_PHRASES = {each: Counter(each) for each in (phrase.replace(" ", "") for phrase in PHRASES)}
"""Without blanks, which people leave out and put in; with their letters."""

LIKENESS = 0.84
"""The share of letters in common, in order: one or two typing errors in "chat support" pass."""

LONGEST_WISH = 100
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
    words = _wish(text)
    asked = [_is_meant(words, found) for found in ASKED.finditer(words)]
    return any(asked) if asked else not _DECLINED.match(words) and _is_phrase(words)


def only_asks(text: str) -> bool:
    """Whether these words ask for a person and tell nothing else, such as what is wrong."""
    return len(text) <= LONGEST_WISH and _is_phrase(_wish(text))


def _wish(text: str) -> str:
    return _AFTER.sub("", _BEFORE.sub("", normalised(text)))


def _is_phrase(words: str) -> bool:
    compact = words.replace(" ", "")
    letters = Counter(compact)
    return any(_alike(compact, letters, phrase) for phrase in _PHRASES)


def _is_meant(words: str, found: re.Match[str]) -> bool:
    before, behind = words[: found.start()], words[found.end() :]
    if found[0] == "chat support" and _DISMISSED.search(before):
        return False
    return not _REFUSED.search(before) and not _SETTLED.match(behind)


def _alike(said: str, letters: Counter[str], phrase: str) -> bool:
    if said == phrase:
        return True
    if len(phrase) < 7 or abs(len(said) - len(phrase)) > 3:
        return False  # a short word is too easily another one
    shared = sum(min(often, letters[each]) for each, often in _PHRASES[phrase].items())
    if 2.0 * shared / (len(said) + len(phrase)) < LIKENESS:
        return False  # whatever their order, which takes longest to look at
    return SequenceMatcher(None, said, phrase, autojunk=False).ratio() >= LIKENESS
