"""Editions of the yearly book, and the files made of them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.outlets.books.choices import CHAPTERS, EditionState, Kind, MadeState


class Edition(models.Model):
    """The book of one school year as the office has put it together.

    ``census_ids``: the frozen rounds whose figures are printed, the one that the book speaks of first at the front. ``chapters``:
    codes of ``choices.CHAPTERS``. ``emblem_sha256``: of the office's emblem on the covers, attached to the edition; empty without one. ``texts``: code of a text → clean HTML. ``version`` counts the savings, so that two
    tabs do not overwrite each other.
    """

    personal_data = {"made_by": "conduct"}

    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"), unique=True)
    census_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("ข้อมูลที่ใช้"))
    chapters = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("บทที่พิมพ์"))
    texts = models.JSONField(default=dict, blank=True)
    thai_digits = models.BooleanField(_("พิมพ์ด้วยเลขไทย"), default=True)
    emblem_sha256 = models.CharField(_("ตราสำนักงาน"), max_length=64, blank=True, default="")
    state = models.CharField(max_length=10, choices=EditionState.choices, default=EditionState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-school_year"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=EditionState.PUBLISHED) | Q(published_at__isnull=False),
                name="books_edition_published_has_moment",
            )
        ]

    def __str__(self) -> str:
        return f"สารสนเทศทางการศึกษา ปีการศึกษา {self.school_year}"

    @property
    def is_published(self) -> bool:
        return self.state == EditionState.PUBLISHED

    @property
    def chosen(self) -> list[str]:
        """Chapters in the order of the book."""
        return [chapter.code for chapter in CHAPTERS if chapter.code in self.chapters]

    @property
    def source(self) -> str:
        """Stands for everything a person chose: a file made of another source is of an older state of the edition."""
        given: list[Any] = [self.school_year, self.census_ids, self.chosen, self.texts, self.thai_digits]
        if self.emblem_sha256:
            given.append(self.emblem_sha256)
        return hashlib.sha256(json.dumps(given, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


class Made(models.Model):
    """One file made (or being made) of an edition: its bytes are in the files kit, named by their own hash.

    ``census_sha256``: manifests of the censuses it was made from, in their order. ``source``: the edition's at that moment. ``past`` stands for the
    figures of the years before khet that it was made from; empty where that is not known. ``step`` are words of what is done now, ``done`` of ``total`` steps; ``seconds`` the whole took.
    """

    personal_data = {"asked_by": "conduct"}

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="made")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=MadeState.choices, default=MadeState.WAITING)
    source = models.CharField(max_length=16)
    past = models.CharField(max_length=16, blank=True, default="")
    census_sha256 = ArrayField(models.CharField(max_length=64), default=list)
    step = models.CharField(max_length=200, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["edition", "kind", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"],
                condition=Q(state__in=[MadeState.WAITING, MadeState.RUNNING]),
                name="books_made_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=MadeState.DONE) | (~Q(sha256="") & Q(finished_at__isnull=False)), name="books_made_done_has_file"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.edition_id} {self.kind} {self.state}"

    @property
    def is_busy(self) -> bool:
        return self.state in (MadeState.WAITING, MadeState.RUNNING)
