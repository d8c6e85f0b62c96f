"""Letters as they are found: by number, subject, sender, and the words of their files."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from khet.kits.files.api import texts_of
from khet.kits.search.api import Document, SearchKind, search_kind
from khet.modules.letters.choices import LetterState
from khet.modules.letters.models import Letter
from khet.modules.letters.rules import VIEW


def documents(letters: QuerySet[Letter]) -> Iterable[Document]:
    """A secret letter is findable by its number alone: neither subject nor words enter the index."""
    rows = list(letters.exclude(state=LetterState.CANCELLED).select_related("unit"))
    texts = texts_of(Letter, [letter.pk for letter in rows if not letter.is_secret])
    for letter in rows:
        day = letter.dated_on or letter.created_at.date()
        if letter.is_secret:
            yield Document(
                pk=letter.pk,
                title=letter.secret_title,
                url=f"/letters/{letter.pk}/",
                numbers=[letter.number_text] if letter.number_text else [],
                note=letter.from_text,
                day=day,
                units=[letter.unit_id],
            )
            continue
        words = strip_tags(letter.body.replace("</p>", " ").replace("<br>", " "))
        yield Document(
            pk=letter.pk,
            title=letter.subject or str(_("ร่างหนังสือ")),
            url=f"/letters/{letter.pk}/",
            numbers=[letter.number_text] if letter.number_text else [],
            body="\n".join(filter(None, [letter.from_text, letter.to_text, words, texts.get(letter.pk, "")])),
            note=letter.from_text,
            day=day,
            units=[pk for pk in {letter.unit_id, letter.issuer_id} if pk],
        )


search_kind(
    SearchKind(code="letters", label=_("หนังสือ"), model=Letter, documents=documents, icon="mail", view=VIEW)
)
