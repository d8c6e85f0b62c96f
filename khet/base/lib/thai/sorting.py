"""Thai dictionary order as a plain string, so that the database sorts by it without a Thai collation.

The order is that of the Unicode Collation Algorithm for Thai: a leading vowel counts after its consonant
(เกาะ stands before ขา), tone marks and ์ ็ decide only between words that are otherwise equal (บ้าน before
บ้านควน). The tests compare it with ``pyuca`` over the word list; unlike pyuca's tuples it is a string that a column can
hold, and it needs no table in memory.
"""

from __future__ import annotations

import re

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import normalise

_LEADING = re.compile(r"([เแโใไ])([ก-ฮ])")
_MARKS = frozenset("็่้๊๋์ํ๎")
# ๆ repeats a word: it stands before every letter and digit. (ฯ keeps its place after ฮ.)
_REPEAT = str.maketrans({"ๆ": "/"})
_THAI_LETTER = re.compile(r"[เแโใไ]*([ก-ฮ])")


def sort_key(text: str) -> str:
    """A string whose code-point order (``C`` or ``C.UTF-8`` collation) is Thai dictionary order.

    Latin letters compare without case and stand before Thai; Thai digits equal Arabic ones. Store it in a
    column beside the name, or use it as ``key=`` of ``sorted``.
    """
    swapped = _LEADING.sub(r"\2\1", to_arabic_digits(normalise(text)).lower())
    primary: list[str] = []
    secondary: list[str] = []
    for character in swapped:
        if character in _MARKS:
            secondary.append(character)
        else:
            primary.append(character)
            secondary.append("!")
    marks = "".join(secondary).rstrip("!")
    key = "".join(primary).translate(_REPEAT)
    return f"{key}\x01{marks}" if marks else key


def joined_keys(first: str, second: str) -> str:
    """``sort_key(f"{one} {two}".strip())`` from the keys of both: a list of names has few distinct halves."""
    if not first or not second:
        return first or second
    letters, _mark, marks = first.partition("\x01")
    more, _mark, others = second.partition("\x01")
    if not marks and not others:
        return f"{letters} {more}"
    # Each letter has its place in the marks; at the end of a key those without a mark are left out.
    places = marks + "!" * (len(letters) - marks.count("!")) + "!" + others
    return f"{letters} {more}\x01{places.rstrip('!')}"


def index_letter(text: str) -> str:
    """The letter under which a name is filed: its first consonant (เขาชัยสน → ข), a Latin capital, or ``#``."""
    name = normalise(text)
    if found := _THAI_LETTER.match(name):
        return found[1]
    return name[0].upper() if name[:1].isalpha() else "#"
