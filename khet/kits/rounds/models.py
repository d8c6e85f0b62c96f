"""Rounds, what each unit hands in for them, what the rules found, and what closing froze."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.kits.rounds.choices import (
    FindingState,
    Level,
    ReturnState,
    RoundKind,
    RoundState,
    SheetKind,
)

S = ReturnState
MOVES: dict[str, tuple[str, ...]] = {
    S.NOT_STARTED: (S.ENTERING, S.EXEMPT),
    S.ENTERING: (S.CLEARED, S.EXEMPT),
    S.CLEARED: (S.CONFIRMED, S.ENTERING, S.EXEMPT),
    S.CONFIRMED: (S.CERTIFIED, S.RETURNED, S.CLEARED),
    S.CERTIFIED: (S.VERIFIED, S.RETURNED, S.CLEARED),
    S.VERIFIED: (S.CLOSED, S.RETURNED),
    S.RETURNED: (S.CLEARED, S.EXEMPT),
    S.CLOSED: (S.VERIFIED,),
    S.EXEMPT: (S.NOT_STARTED,),
}
"""What may follow what. The database refuses everything else, whoever asks (a trigger on the table)."""


class Round(models.Model):
    """A collection for one day: term rounds are numbered 1 to 3 in a school year, yearly ones by themselves.

    ``school_year`` is Buddhist-era; ``as_at`` the day the data speaks of; ``due_at`` the hour after which a unit is
    late; ``closes_on`` the day the office means to close. ``unit_ids`` empty means every open unit of the area.
    ``form_ids`` are the versions of office-written forms that this round asks, taken when it opens.
    """

    personal_data = None

    kind = models.CharField(_("ประเภทรอบ"), max_length=8, choices=RoundKind.choices, default=RoundKind.TERM)
    title = models.CharField(_("ชื่อรอบ"), max_length=120)
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    number = models.PositiveSmallIntegerField(_("รอบที่"))
    term = models.PositiveSmallIntegerField(_("ภาคเรียน"), default=1)
    as_at = models.DateField(_("ข้อมูล ณ วันที่"))
    opens_on = models.DateField(_("เปิดรับ"))
    due_at = models.DateTimeField(_("ส่งภายใน"))
    closes_on = models.DateField(_("ปิดรอบ"))
    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.PLANNED)
    sheet_codes = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("ชุดข้อมูล"))
    unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    form_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    opened_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    reopen_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-school_year", "-as_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school_year", "kind", "number"], name="rounds_round_once"),
            models.CheckConstraint(condition=Q(term__in=[1, 2]), name="rounds_round_term"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="rounds_round_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.CLOSED) | Q(closed_at__isnull=False),
                name="rounds_round_closed_has_moment",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="round_moves",
                field="state",
                transitions=[("planned", "open"), ("open", "closed"), ("closed", "open")],
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def short(self) -> str:
        """2/2569 for a term round, 2569 for a yearly one: heads of columns."""
        return f"{self.number}/{self.school_year}" if self.kind == RoundKind.TERM else str(self.school_year)

    @property
    def is_open(self) -> bool:
        return self.state == RoundState.OPEN


class Return(models.Model):
    """One sheet of one unit in one round, and who has vouched for it so far.

    ``digest`` stands for the rows as the step before left them; when the rows of today have another, somebody changed
    them after confirming, and it has to be confirmed anew (``is_stale`` is what the last look said). ``n`` is the
    count that was confirmed. ``excused_until``: not late before that day (flood, leave).
    """

    personal_data = {
        "confirmed_by": "conduct",
        "certified_by": "conduct",
        "verified_by": "conduct",
        "returned_by": "conduct",
        "reason": "opinion",
    }

    round = models.ForeignKey(Round, models.PROTECT, related_name="returns")
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="returns")
    sheet = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=ReturnState.choices, default=ReturnState.NOT_STARTED)
    form = models.ForeignKey("rounds.Form", models.PROTECT, null=True, related_name="returns")
    n = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=32, blank=True)
    is_stale = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(null=True)
    certified_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    excused_until = models.DateField(null=True)
    excuse = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["place", "pk"]
        indexes = [
            models.Index(fields=["unit", "state"]),
            models.Index(fields=["round", "sheet", "unit"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "sheet"], name="rounds_return_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[S.CLEARED, S.CONFIRMED, S.CERTIFIED, S.VERIFIED, S.CLOSED])
                | Q(cleared_at__isnull=False),
                name="rounds_return_cleared_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.CONFIRMED, S.CERTIFIED, S.VERIFIED, S.CLOSED])
                | (Q(confirmed_at__isnull=False, n__isnull=False) & ~Q(digest="")),
                name="rounds_return_confirmed_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.CERTIFIED, S.VERIFIED, S.CLOSED]) | Q(certified_at__isnull=False),
                name="rounds_return_certified_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.VERIFIED, S.CLOSED]) | Q(verified_at__isnull=False),
                name="rounds_return_verified_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.RETURNED, S.EXEMPT]) | ~Q(reason=""), name="rounds_return_says_why"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="return_moves",
                field="state",
                transitions=[(str(a.value), str(b.value)) for a, then in MOVES.items() for b in then],
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.unit_id} {self.round_id}"

    @property
    def shape(self) -> str:
        return ReturnState(self.state).shape

    @property
    def label(self) -> object:
        return ReturnState(self.state).label


class Snapshot(models.Model):
    """What a unit confirmed: totals, and every row with its digest and words, for the changes between two rounds.

    ``rows``: key → [digest, words]. ``totals``: [[position, label, n], …].
    """

    personal_data = {"rows": "name"}

    handed = models.ForeignKey(Return, models.PROTECT, related_name="snapshots")
    taken_at = models.DateTimeField()
    digest = models.CharField(max_length=32)
    n = models.PositiveIntegerField()
    totals = models.JSONField(default=list)
    rows = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["handed", "-id"])]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.handed_id} {self.n}"


class Mark(models.Model):
    """What the area (or the head) marked when returning a sheet: a row of it, and what to look at."""

    personal_data = {"label": "name", "note": "opinion"}

    handed = models.ForeignKey(Return, models.CASCADE, related_name="marks")
    row_key = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    note = models.CharField(max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.handed_id} {self.row_key}"


class Finding(models.Model):
    """What one rule says about one record of one unit in one round; the key outlives every re-check.

    ``post`` is the officer in duty (whoever holds it today answers); ``facts`` fill the rule's sentence.
    """

    personal_data = {
        "facts": "name",
        "reason": "opinion",
        "answer": "opinion",
        "explained_by": "conduct",
        "settled_by": "conduct",
    }

    round = models.ForeignKey(Round, models.CASCADE, related_name="findings")
    code = models.CharField(max_length=80)
    sheet = models.CharField(max_length=60)
    level = models.CharField(max_length=8, choices=Level.choices)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey("org.Unit", models.CASCADE, related_name="findings")
    other_unit = models.ForeignKey("org.Unit", models.CASCADE, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    post = models.ForeignKey("org.Post", models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    explained_by = models.ForeignKey("org.Person", models.SET_NULL, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    settled_by = models.ForeignKey("org.Person", models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["level", "code", "pk"]
        indexes = [
            models.Index(fields=["round", "unit", "sheet", "state"]),
            models.Index(fields=["round", "code", "subject_id"]),
            models.Index(fields=["post", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code", "subject_id", "unit"], name="rounds_finding_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["explained", "accepted"]) | ~Q(reason=""),
                name="rounds_finding_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_id}"


class Duty(models.Model):
    """Who answers for what: a post, for one sheet or one rule (``code`` of either), in one unit or (empty) in all.

    The narrowest row counts; without any it is the unit's clerk, then its head.
    """

    personal_data = {"order_reference": "service"}

    code = models.CharField(_("ชุดข้อมูลหรือกฎ"), max_length=80)
    unit = models.ForeignKey(
        "org.Unit", models.CASCADE, null=True, related_name="+", verbose_name=_("หน่วยงาน")
    )
    post = models.ForeignKey("org.Post", models.CASCADE, related_name="+", verbose_name=_("ผู้รับผิดชอบ"))
    order_reference = models.CharField(_("คำสั่งที่"), max_length=120, blank=True)

    class Meta:
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "unit"], name="rounds_duty_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.post_id}"


class Form(models.Model):
    """A version of the questions of a FORM sheet, or a FILE sheet that the office thought of itself.

    ``questions``: [{code, label, kind, required, help, choices: [[value, label], …]}, …]. A version that a round has
    asked never changes; a change makes the next version.
    """

    personal_data = None

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=SheetKind.choices, default=SheetKind.FORM)
    title = models.CharField(_("ชื่อแบบ"), max_length=120)
    questions = models.JSONField(default=list)
    is_yearly = models.BooleanField(_("ปีละครั้ง"), default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="rounds_form_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Answer(models.Model):
    """What a unit answered on a form so far; ``version`` counts the savings, so that two tabs do not overwrite."""

    personal_data = {"values": "opinion", "saved_by": "conduct"}

    handed = models.OneToOneField(Return, models.CASCADE, related_name="answer")
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.handed_id} v{self.version}"


class Reminder(models.Model):
    """One press (or one night) that reminded units that were late; ``number`` within the round, so once each."""

    personal_data = {"sent_by": "conduct"}

    round = models.ForeignKey(Round, models.CASCADE, related_name="reminders")
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    letter = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="rounds_reminder_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class Census(models.Model):
    """What closing froze: the folder under ``censuses/`` in the data folder and the digest of its manifest.

    A round that was reopened and closed again has several; the newest counts, the others remain.
    """

    personal_data = {"made_by": "conduct"}

    round = models.ForeignKey(Round, models.PROTECT, related_name="censuses")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    folder = models.CharField(max_length=80, unique=True)
    manifest = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-round__as_at", "-number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="rounds_census_once")]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.folder
