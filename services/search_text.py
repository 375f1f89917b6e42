"""What people type into a search, and where it stands in a text. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

from services.phone_numbers import HOME_REGION

MOST_CHARACTERS = 200
"""What is typed beyond that is not looked at."""

MOST_WORDS = 8
LONGEST_WORD = 40
FEWEST_DIGITS = 3
SNIPPET_LENGTH = 120
BEFORE_MATCH = 40
"""So many characters of a long text are shown before its first match."""


_HOOKED = {"b": "ɓ", "d": "ɗ", "k": "ƙ", "y": "ƴ"}
_PLAIN = str.maketrans({hooked: plain for plain, hooked in _HOOKED.items()})

MOST_HOOKS = 2
"""So many letters of a word are looked for with a Hausa hook too: each doubles the spellings."""


@dataclass(frozen=True)
class SearchTerms:
    """`words` are folded; a text matches when it holds each. Without any word, `words` is what was typed.

    `ticket_id` and `digits` are set where it may be the number of a ticket or a part of a phone number.
    """

    words: tuple[str, ...]
    has_letters: bool
    ticket_id: int | None
    digits: str
    number_starts: tuple[str, ...]


@dataclass(frozen=True)
class SnippetPart:
    """A stretch of a snippet; what it is about is marked by whoever shows it."""

    text: str
    is_match: bool


def parse(typed: str) -> SearchTerms:
    """The meaning of any text at all."""
    text = "".join(each for each in typed[:MOST_CHARACTERS] if unicodedata.category(each) not in {"Cc", "Cs"})
    text = text.strip()
    words = tuple(dict.fromkeys(word[:LONGEST_WORD] for word in re.findall(r"\w+", fold(text))))[:MOST_WORDS]
    number = re.fullmatch(r"#?\s*([0-9]{1,10})", text, re.ASCII)
    spelling = re.fullmatch(r"\+?[0-9 ().\-/\u2010-\u2015\u00a0]+", text, re.ASCII) is not None
    digits = re.sub(r"[^0-9]", "", text) if spelling else ""
    if len(digits) < FEWEST_DIGITS:
        digits = ""
    return SearchTerms(
        words=words or tuple(filter(None, [fold(text)])),
        has_letters=bool(words),
        ticket_id=int(number[1]) if number else None,
        digits=digits,
        number_starts=_number_starts(text, digits),
    )


def fold(text: str) -> str:
    """Without case, accents and Hausa's hooks."""
    return "".join(_folded(each) for each in text)


def spellings(word: str) -> list[str]:
    """The folded word and its spellings with hooks, which to a database are letters of their own."""
    places = [index for index, each in enumerate(word) if each in _HOOKED][:MOST_HOOKS]
    found = [word]
    for at in places:
        found += [each[:at] + _HOOKED[each[at]] + each[at + 1 :] for each in found]
    return found


def snippet(text: str, terms: SearchTerms) -> list[SnippetPart] | None:
    """The text about its first match, in parts; None where it does not hold every word."""
    shown = " ".join(text.split())
    haystack, origin = _with_origins(shown)
    marked: set[int] = set()
    first = len(shown)
    for word in terms.words:
        at = haystack.find(word)
        if at < 0:
            return None
        first = min(first, origin[at])
        while at >= 0:
            marked.update(range(origin[at], origin[at + len(word) - 1] + 1))
            at = haystack.find(word, at + len(word))
    start = 0 if first <= BEFORE_MATCH or len(shown) <= SNIPPET_LENGTH else first - BEFORE_MATCH
    return _parts(shown, marked, start)


def _with_origins(shown: str) -> tuple[str, Sequence[int]]:
    """The text folded, and of which character of it each of these comes."""
    if shown.isascii():
        return shown.lower(), range(len(shown))
    folded: list[str] = []
    origin: list[int] = []
    for index, each in enumerate(shown):
        for one in _folded(each):
            folded.append(one)
            origin.append(index)
    return "".join(folded), origin


def _parts(shown: str, marked: set[int], start: int) -> list[SnippetPart]:
    end = min(len(shown), start + SNIPPET_LENGTH)
    parts: list[SnippetPart] = []
    begin = start
    for index in range(start + 1, end + 1):
        if index == end or (index in marked) != (begin in marked):
            parts.append(SnippetPart(shown[begin:index], begin in marked))
            begin = index
    if start > 0:
        parts.insert(0, SnippetPart("…", is_match=False))
    if end < len(shown):
        parts.append(SnippetPart("…", is_match=False))
    return parts


def _folded(character: str) -> str:
    apart = unicodedata.normalize("NFKD", character.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_PLAIN)


def _number_starts(text: str, digits: str) -> tuple[str, ...]:
    """How a number that begins like this may be kept: with the country code, without a plus."""
    if not digits:
        return ()
    home = str(phonenumbers.country_code_for_region(HOME_REGION))
    if text.startswith("+"):
        return (digits,)
    if digits.startswith("00"):
        return (digits[2:],) if len(digits) > 2 else ()
    if digits.startswith("0"):
        return (home + digits[1:],)
    return digits, home + digits
