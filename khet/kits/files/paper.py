"""One attachment as it stands on the screen: which page, how large, what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from khet.base.lib.errors import Refusal
from khet.kits.files.choices import FileKind, TextState
from khet.kits.files.models import Attachment, FileText, StoredFile
from khet.kits.files.pages import words_of_page
from khet.kits.files.queries import demand_open
from khet.kits.files.sound import is_sound

SHOWN_TEXT = 30_000
ZOOMS = (0, 1, 2)


@dataclass(frozen=True)
class ShownWord:
    """A word in thousandths of the page, as an SVG text takes it."""

    text: str
    x: float
    y: float
    width: float
    size: float


def zoom_of(asked: str | None) -> int:
    return int(asked) if asked in {"1", "2"} else 0


@dataclass
class Paper:
    """``original`` is what the record holds, ``attachment`` what is shown of it: its newest version."""

    original: Attachment
    attachment: Attachment
    page: int
    zoom: int = 0

    @classmethod
    def of(cls, original: Attachment, *, page: str | None = None, zoom: int = 0) -> Paper:
        shown = original.latest
        last = shown.file.pages or 1
        number = int(page) if page and page.isdecimal() and len(page) < 6 else 1
        return cls(original, shown, min(max(number, 1), last), zoom)

    @property
    def file(self) -> StoredFile:
        return self.attachment.file

    @property
    def pages(self) -> int:
        return self.file.pages or 0

    @property
    def before(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None

    @property
    def width(self) -> int:
        """Points asked of the picture: sharp at the shown size on a double screen."""
        return (1440, 2160, 2160)[self.zoom]

    @property
    def is_picture(self) -> bool:
        return self.file.kind in {FileKind.JPEG, FileKind.PNG, FileKind.SVG}

    @cached_property
    def blocked(self) -> Refusal | None:
        """Why it cannot be read, in a sentence."""
        try:
            is_sound(self.file)
            demand_open(self.file)
        except Refusal as why:
            return why
        return None

    @cached_property
    def text(self) -> FileText | None:
        return FileText.objects.filter(file=self.file).first()

    @property
    def is_scan(self) -> bool:
        return bool(self.file.has_pages and self.text and self.text.state == TextState.NO_TEXT)

    @property
    def reading_text(self) -> str:
        """The words of a file that has no pages to draw."""
        return self.text.text[:SHOWN_TEXT] if self.text and not self.file.has_pages else ""

    @cached_property
    def words(self) -> list[ShownWord]:
        return [
            ShownWord(
                word.text,
                round(word.x0 * 1000, 1),
                round((word.y1 - (word.y1 - word.y0) * 0.22) * 1000, 1),
                round(max(word.x1 - word.x0, 0.001) * 1000, 1),
                round(max(word.y1 - word.y0, 0.002) * 780, 1),
            )
            for word in words_of_page(self.file, self.page)
        ]
