"""The yearly books are found by their title and year."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, visible
from khet.kits.search.api import Document, SearchList, search_list
from khet.outlets.books.models import Edition


def _editions(actor: Actor):
    return visible(actor, Edition.objects.all()).order_by("-school_year")


def documents(actor: Actor, year: int | None) -> Iterator[Document]:
    """Each edition that the reader sees."""
    for one in _editions(actor):
        if year in (None, one.school_year):
            yield Document(
                pk=one.pk, title=_t("สารสนเทศทางการศึกษา %(year)s") % {"year": one.school_year},
                url=reverse("books:edition", args=[one.school_year]), year=one.school_year,
                note=_t("สมุดสารสนเทศประจำปี แผ่นพับ ตาราง และสมุดรายโรงเรียน"),
            )  # fmt: skip


def years(actor: Actor) -> list[int]:
    return list(_editions(actor).values_list("school_year", flat=True))


search_list(SearchList("books", _("สมุดสารสนเทศ"), documents, years, icon="book-open-text"))
