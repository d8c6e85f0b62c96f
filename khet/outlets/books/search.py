"""The yearly books are found by their title and year, and by whatever else the office calls them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, visible
from khet.kits.search.api import Document, SearchList, Shelf, search_kind
from khet.outlets.books.models import Edition

# What people call the book, in the words of the paper, whatever language its reader has chosen for the pages.
CALLED = "สมุดสารสนเทศประจำปีการศึกษา {year} หนังสือสารสนเทศประจำปี สารสนเทศทางการศึกษา แผ่นพับ ตาราง และสมุดรายโรงเรียน"


def shelf(actor: Actor) -> Shelf:
    """The editions that the reader sees, newest first."""
    seen = list(visible(actor, Edition.objects.all()).order_by("-school_year").only("school_year"))
    return Shelf(
        lambda year: [_document(one) for one in seen if year in (None, one.school_year)],
        {one.school_year for one in seen},
    )


def _document(one: Edition) -> Document:
    return Document(
        pk=one.pk, title=_t("สารสนเทศทางการศึกษา %(year)s") % {"year": one.school_year},
        url=reverse("books:edition", args=[one.school_year]), year=one.school_year,
        body=CALLED.format(year=one.school_year), note=_t("สมุดสารสนเทศประจำปี แผ่นพับ ตาราง และสมุดรายโรงเรียน"),
    )  # fmt: skip


search_kind(SearchList("books", _("สมุดสารสนเทศ"), shelf, icon="book-open-text"))
