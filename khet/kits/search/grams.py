"""Text as it is indexed and asked for: folded, squeezed, cut into threes.

Words alone do not find เขตพื้นที่ inside สำนักงานเขต|พื้นที่|การศึกษา, so the index holds every run of three
letters of the folded text. Spaces and punctuation are squeezed out: Thai puts them where it likes, and
ศธ 04093/ว123 is typed in five ways. A candidate is then confirmed by looking for the whole term in the
squeezed text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khet.base.lib.thai import normalise

# All but letters, digits and the vowel signs of Thai.
_BETWEEN = re.compile(r"[^\w\u0e30-\u0e46\u0e4d\u0e4e]+|_+")
# As folding does: Arabic digits, no marks of tone; and what stands most between letters.
_FOLDED = {**{0x0E50 + digit: str(digit) for digit in range(10)}, **dict.fromkeys(map(ord, "็่้๊๋์ \n.,-/()\"'"))}
_SPACES = re.compile(r"\s+")
# What folding drops or spacing inserts between two letters of a term.
_SKIPPED = r"(?:[^\w\u0e30-\u0e46\u0e4d\u0e4e]|_)*"
MAX_GRAMS = 24
MAX_TERMS = 8


def squeeze(text: str) -> str:
    """The folded text without spaces and punctuation: what is searched."""
    return squeeze_normal(normalise(text))


def squeeze_normal(text: str) -> str:
    """The same for a text that is normalised already: one pass, for bodies are long."""
    return _BETWEEN.sub("", text.translate(_FOLDED).lower())


def squeeze_all(texts: Iterable[str]) -> str:
    """Several texts, squeezed, one a line: a term is never found across two of them."""
    return "\n".join(filter(None, map(squeeze, texts)))


def grams(squeezed: str) -> set[str]:
    """Every run of three letters; also what is left at the ends of lines, so that two letters find by prefix."""
    found: set[str] = set()
    for line in squeezed.split("\n"):
        found.update(line[at : at + 3] for at in range(len(line)))
    found.discard("")
    return found


def vector(squeezed: str) -> str:
    """The grams as the text of a tsvector; letters and digits alone need no escape."""
    found = grams(squeezed)
    return "'" + "' '".join(found) + "'" if found else ""


@dataclass(frozen=True)
class Terms:
    """A query: ``terms`` squeezed, ``whole`` all of it squeezed, ``typed`` normalised as it was typed."""

    typed: str
    terms: tuple[str, ...]
    whole: str

    @property
    def tsquery(self) -> str:
        return " & ".join(f"({_term_query(term)})" for term in self.terms)

    @property
    def pattern(self) -> re.Pattern[str]:
        """Where the terms stand in a normalised text, whatever spaces, marks and digits it was written with."""
        either = sorted({self.whole, *self.terms}, key=len, reverse=True)
        return re.compile(
            "|".join(_SKIPPED.join(map(_letter, term)) + "[็่้๊๋์]*" for term in either), re.IGNORECASE
        )


def _letter(letter: str) -> str:
    if letter in "0123456789":
        return f"[{letter}{chr(0x0E50 + int(letter))}]"
    return re.escape(letter)


def _term_query(term: str) -> str:
    if len(term) < 3:
        return f"'{term}':*"
    return " & ".join(f"'{run}'" for run in runs(term))


def runs(term: str) -> Sequence[str]:
    """The threes that a term of three letters and more is asked for by; of a very long one, some spread over it."""
    found = list(dict.fromkeys(term[at : at + 3] for at in range(len(term) - 2)))
    return found[:: -(-len(found) // MAX_GRAMS)]


def parse(text: str) -> Terms | None:
    """The query in terms; None when fewer than two letters are left to look for."""
    typed = normalise(text)
    terms = [term for part in _SPACES.split(typed) if (term := squeeze(part))]
    whole = "".join(terms)
    if len(whole) < 2:
        return None
    # A lone letter between others (ว 123) belongs to what follows it.
    joined: list[str] = []
    carry = ""
    for term in terms:
        term, carry = carry + term, ""
        if len(term) < 2:
            carry = term
        else:
            joined.append(term)
    if carry:
        if joined:
            joined[-1] += carry
        else:
            joined = [carry]
    unique = tuple(dict.fromkeys(joined))[:MAX_TERMS]
    return Terms(typed, unique, whole)
