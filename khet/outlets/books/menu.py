"""The place of books: on the page of all places."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.outlets.books.rules import READ

menu.add(
    "books",
    Item(
        code="books",
        label=_("สมุดสารสนเทศ"),
        icon="book-open-text",
        url="books:home",
        capability=READ,
        order=184,
        rail=False,
        prefix="/books/",
        group=_("สถิติ"),
        hint=_("สารสนเทศทางการศึกษาประจำปี สมุดเล่มเล็กรายโรงเรียน แผ่นพับ ตาราง"),
    ),
)
