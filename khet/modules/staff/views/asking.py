"""What somebody asks of the manpower page: the day, the term whose pupils count, the seat, by paper or by place of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import parse_date, school_term, school_year, term_before
from khet.base.org.api import today
from khet.base.ui import dates
from khet.kits.rounds.api import censuses
from khet.modules.staff.choices import Seat

BY = {
    "paper": gettext_lazy("คนตาม จ.18"),
    "work": gettext_lazy("คนที่ปฏิบัติงานจริง"),
    "frame": gettext_lazy("อัตราตาม จ.18 รวมอัตราว่าง"),
}
SHOW = {"all": gettext_lazy("ทุกโรงเรียน"), "short": gettext_lazy("ต่ำกว่าเกณฑ์"), "over": gettext_lazy("เกินเกณฑ์")}
TERMS = 6  # so many terms back can be chosen


@dataclass(frozen=True)
class Asked:
    """``day_text`` is what was typed, kept in the box also where it is no day (``fault`` says why)."""

    day: date
    year: int
    term: int
    by: str
    seat: str
    show: str
    at: str = ""
    day_text: str = ""
    term_text: str = ""
    fault: str = ""

    def query(self, **changed: Any) -> str:
        """The same question as a query string, with changes."""
        given = {
            "at": self.at,
            "day": self.day_text,
            "term": self.term_text,
            "by": self.by,
            "seat": self.seat,
            "show": self.show,
        }
        usual = {"by": "paper", "show": "all"}
        return urlencode({k: v for k, v in (given | changed).items() if v and usual.get(k) != v})

    @property
    def words(self) -> str:
        return _("บุคลากร ณ %(day)s นักเรียนภาคเรียนที่ %(term)s/%(year)s") % {
            "day": dates.short(self.day), "term": self.term, "year": self.year,
        }  # fmt: skip


def census_days() -> list[tuple[str, str, date, int, int]]:
    """(value, words, day, school year, term) of every closed round, newest first."""
    found: dict[str, tuple[str, str, date, int, int]] = {}
    for census in censuses():
        one = census.round
        value = f"{one.as_at.isoformat()}.{one.school_year}.{one.term}"
        found.setdefault(
            value, (value, f"{one.title} ({dates.short(one.as_at)})", one.as_at, one.school_year, one.term)
        )
    return list(found.values())


def terms(day: date) -> list[tuple[int, int]]:
    """The term of a day and those before it."""
    found = [(school_year(day), school_term(day))]
    while len(found) < TERMS:
        found.append(term_before(*found[-1]))
    return found


def asked(request: HttpRequest, known: Sequence[tuple[str, str, date, int, int]]) -> Asked:
    """Read the address. What makes no sense is as if it were not there, but for a day that was typed wrong."""
    given = {
        name: request.GET.get(name, "").strip()[:40] for name in ("at", "day", "term", "by", "seat", "show")
    }
    day, year, term = today(), 0, 0
    frozen = next((one for one in known if one[0] == given["at"]), None)
    if frozen:
        _value, _words, day, year, term = frozen
    fault = ""
    if given["day"]:
        try:
            day, frozen = parse_date(given["day"]), None
            year = 0
        except Refusal as why:
            fault = why.sentence
    if not year:
        year, term = school_year(day), school_term(day)
    chosen = next((pair for pair in terms(today()) if f"{pair[0]}-{pair[1]}" == given["term"]), None)
    if chosen:
        year, term = chosen
    return Asked(
        day, year, term, given["by"] if given["by"] in BY else "paper", given["seat"] if given["seat"] in Seat.values else "",
        given["show"] if given["show"] in SHOW else "all", frozen[0] if frozen else "", given["day"], given["term"] if chosen else "", fault,
    )  # fmt: skip


class AskForm(forms.Form):
    """The question as boxes; ``asked`` reads the address, these only show what it said."""

    use_required_attribute = False

    at = forms.ChoiceField(label=gettext_lazy("ณ วันที่"))
    day = forms.CharField(
        required=False,
        label=gettext_lazy("หรือวันอื่น"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "10/11/2569"}),
    )
    term = forms.ChoiceField(label=gettext_lazy("นักเรียนภาคเรียน"))
    by = forms.ChoiceField(label=gettext_lazy("นับ"), choices=list(BY.items()))
    seat = forms.ChoiceField(label=gettext_lazy("ตำแหน่งที่นับ"))

    def __init__(self, question: Asked, known: Sequence[tuple[str, str, date, int, int]]) -> None:
        super().__init__(
            initial={
                "at": question.at,
                "day": question.day_text,
                "term": question.term_text,
                "by": question.by,
                "seat": question.seat,
            }
        )
        self.fields["at"].choices = [("", _("วันนี้")), *((one[0], one[1]) for one in known)]
        self.fields["term"].choices = [
            ("", _("ตามวันที่")),
            *((f"{y}-{t}", f"{t}/{y}") for y, t in terms(today())),
        ]
        self.fields["seat"].choices = [("", _("ทุกตำแหน่งที่มีเกณฑ์")), *Seat.choices]
