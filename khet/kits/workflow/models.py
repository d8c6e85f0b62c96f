"""Runs and steps: where every matter is, who decided what, for whom, when and with which words."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.kits.workflow.bases import Flow, StepKind, flow_of
from khet.kits.workflow.choices import MAIN_PARTS, Part, Secrecy, Urgency


class Run(models.Model):
    """A subject on its way through one version of a flow.

    The subject is named by model label and primary key, because a kit knows no module. ``unit`` is whose
    matter it is. ``plan`` is the default rest of the route: ``[{"kind": …, "post": id} | {"kind": …, "unit": id}]``.
    """

    personal_data = {"started_by": "conduct"}

    flow = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    title = models.CharField(_("เรื่อง"), max_length=500)
    source = models.CharField(_("ที่มา"), max_length=200, blank=True)
    url = models.CharField(max_length=200, blank=True)
    urgency = models.PositiveSmallIntegerField(
        _("ชั้นความเร็ว"), choices=Urgency.choices, default=Urgency.NORMAL
    )
    secrecy = models.PositiveSmallIntegerField(_("ชั้นความลับ"), choices=Secrecy.choices, default=Secrecy.OPEN)
    due_at = models.DateTimeField(_("กำหนดเสร็จ"), null=True, blank=True)
    state = models.CharField(_("สถานะ"), max_length=30)
    drafter = models.ForeignKey("org.Post", models.PROTECT, null=True, related_name="+")
    started_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    plan = models.JSONField(default=list)

    class Meta:
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_label", "subject_id", "flow"],
                condition=Q(closed_at__isnull=True),
                name="workflow_run_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["subject_label", "subject_id"]),
            models.Index(fields=["unit", "-moved_at"]),
            models.Index(fields=["-moved_at"], name="workflow_run_newest"),
            models.Index(
                fields=["-moved_at"], condition=Q(closed_at__isnull=True), name="workflow_run_open_newest"
            ),
            models.Index(
                fields=["urgency"],
                condition=Q(closed_at__isnull=True, urgency=3),
                name="workflow_run_most_urgent",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def declared(self) -> Flow:
        """The flow version it runs on."""
        return flow_of(self.flow, self.version)

    @property
    def shown_title(self) -> str:
        """The title for lists: a secret matter shows its number until it is opened after a fresh sign-in."""
        if self.secrecy == Secrecy.OPEN:
            return self.title
        return str(_("เรื่อง%(secrecy)s หมายเลข %(number)s")) % {
            "secrecy": self.get_secrecy_display(),
            "number": self.pk,
        }

    @property
    def shown_source(self) -> str:
        """Where it comes from, for lists; nothing for a secret matter."""
        return "" if self.secrecy != Secrecy.OPEN else self.source or self.unit.short_name

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def state_label(self) -> str:
        return str(self.declared.state_label(self.state))

    @property
    def shape(self) -> str:
        return self.declared.shape(self.state)

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < timezone.now()


class Step(models.Model):
    """One stop on the way: addressed to a post, or to a unit's inbox until a member takes it.

    ``unit`` is always the unit where the work lies. Once decided a step never changes again; the database
    refuses. ``held`` is the working time between arrival and decision, in days of eight hours.
    """

    personal_data = {
        "sent_by": "conduct",
        "request": "opinion",
        "decided_by": "conduct",
        "note": "opinion",
        "held": "opinion",
    }

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    part = models.CharField(max_length=12, choices=Part.choices, default=Part.HOLDER)
    post = models.ForeignKey("org.Post", models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    beside = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="sides")
    after = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="followed_by")
    sent_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    sent_post = models.ForeignKey("org.Post", models.PROTECT, null=True, blank=True, related_name="+")
    request = models.TextField(_("ข้อความถึงผู้รับ"), blank=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    acting = models.CharField(_("ทำในฐานะ"), max_length=250, blank=True)
    act = models.CharField(max_length=40, blank=True)
    note = models.TextField(_("ความเห็น"), blank=True)
    held = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)

    class Meta:
        ordering = ["run", "order"]
        constraints = [
            models.UniqueConstraint(fields=["run", "order"], name="workflow_step_order_once"),
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(decided_at__isnull=True, part__in=list(MAIN_PARTS)),
                name="workflow_step_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, act="") | Q(decided_at__isnull=False) & ~Q(act=""),
                name="workflow_step_decided_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("arrived_at")),
                name="workflow_step_decided_after_arrival",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "due_at"],
                condition=Q(decided_at__isnull=True),
                name="workflow_step_open_post",
            ),
            models.Index(
                fields=["unit", "due_at"],
                condition=Q(decided_at__isnull=True),
                name="workflow_step_open_unit",
            ),
            models.Index(fields=["post", "run"]),
            models.Index(fields=["unit", "decided_at"]),
            models.Index(fields=["decided_by", "decided_at"]),
            models.Index(fields=["sent_post", "run"]),
            models.Index(fields=["arrived_at"]),
            models.Index(fields=["decided_at"]),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.order} {self.kind}"

    @property
    def declared(self) -> StepKind:
        return self.run.declared.kind(self.kind)

    @property
    def ask(self) -> str:
        """The verb that this step asks of its addressee, for a row or a button."""
        beside = {
            Part.OPINION: _("ให้ความเห็น"),
            Part.MENTOR: _("ให้คำแนะนำ"),
            Part.INFORMED: _("รับทราบ"),
        }.get(self.part)
        kind = self.declared
        return str(beside or kind.ask or kind.label)

    @property
    def is_open(self) -> bool:
        return self.decided_at is None

    @property
    def is_main(self) -> bool:
        return self.part in MAIN_PARTS

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < timezone.now()


class Draft(models.Model):
    """What a person has typed for a step and not sent yet; kept through errors, lost lines and sign-outs."""

    personal_data = {"person": "conduct", "text": "opinion"}

    step = models.ForeignKey(Step, models.CASCADE, related_name="drafts")
    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "person"], name="workflow_draft_once")]

    def __str__(self) -> str:
        return f"{self.step_id} {self.person_id}"


class Phrase(models.Model):
    """A quick phrase that a chip appends to a note; the office edits the list."""

    personal_data = None

    text = models.CharField(_("ข้อความ"), max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(_("ลำดับ"), default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
