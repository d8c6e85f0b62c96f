"""Events, the ground they struck, the schools called, and what these reported: added, never changed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.modules.emergencies.choices import ICONS, SHAPES, SILENT, Damage, EventKind, Need, SchoolState


class Event(models.Model):
    """A flood, a storm, a fire …, from its opening to its closing. ``reminders`` counts the calls to the silent."""

    personal_data = {"opened_by": "conduct", "closed_by": "conduct"}

    kind = models.CharField(_("ชนิดภัย"), max_length=10, choices=EventKind.choices, default=EventKind.FLOOD)
    title = models.CharField(_("ชื่อเหตุ"), max_length=150)
    note = models.TextField(_("ข้อความถึงโรงเรียน"), max_length=1000, blank=True)
    opened_at = models.DateTimeField(editable=False)
    opened_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", editable=False)
    closing_note = models.TextField(_("สรุปเมื่อปิดเหตุ"), max_length=1000, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("เหตุภัย")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="emergencies_event_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def icon(self) -> str:
        return ICONS[EventKind(self.kind)]


class StruckArea(models.Model):
    """The outline of struck ground as a source knew it at a moment. Of one name the newest is shown, older ones stay; what
    was loaded by mistake is taken off (``removed_at``) and stays in the database.

    ``metres`` is the tolerance by which the outline was made simpler when it came (0: as it came).
    """

    personal_data = None

    event = models.ForeignKey(Event, models.CASCADE, related_name="areas")
    name = models.CharField(_("ชื่อพื้นที่"), max_length=80)
    as_at = models.DateTimeField(_("ณ วันเวลา"))
    source = models.CharField(_("ที่มา"), max_length=120)
    coordinates = models.JSONField(help_text="of a GeoJSON MultiPolygon in degrees (WGS 84)")
    corners = models.PositiveIntegerField()
    metres = models.PositiveSmallIntegerField(default=0)
    square_km = models.DecimalField(max_digits=9, decimal_places=2)
    loaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("พื้นที่ประสบภัย")
        ordering = ["-as_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name", "as_at"],
                condition=Q(removed_at__isnull=True),
                name="emergencies_area_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """A school in an event: called by the office, or come forward by itself (``called_at`` empty).

    ``latest`` is its newest report, kept here so that a board of all schools is one query.
    """

    personal_data = None

    event = models.ForeignKey(Event, models.CASCADE, related_name="calls")
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="emergency_calls")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="emergency_calls")
    called_at = models.DateTimeField(null=True)
    latest = models.ForeignKey("Report", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("โรงเรียนในเหตุภัย")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "unit"], name="emergencies_call_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.unit_id}"

    @property
    def state(self) -> str:
        return self.latest.state if self.latest else ""

    @property
    def shape(self) -> str:
        return SHAPES[self.state]

    @property
    def state_words(self) -> str:
        return str(self.latest.get_state_display() if self.latest else SILENT)


class Report(models.Model):
    """What a school said at a moment. ``depth_cm``: water above the ground of the school, in centimetres.

    Counts of people hold no names.
    """

    personal_data = {"by_name": "name", "by": "conduct"}

    call = models.ForeignKey(Call, models.CASCADE, related_name="reports")
    reported_at = models.DateTimeField(editable=False)
    by_name = models.CharField(_("ผู้รายงาน"), max_length=200, editable=False)
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", editable=False)

    state = models.CharField(_("โรงเรียนตอนนี้"), max_length=6, choices=SchoolState.choices)
    since = models.DateField(_("ตั้งแต่วันที่"), null=True, blank=True)
    until = models.DateField(_("คาดว่าเปิดเรียนวันที่"), null=True, blank=True)
    depth_cm = models.PositiveSmallIntegerField(
        _("ระดับน้ำ (ซม.)"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )

    buildings = models.CharField(_("อาคาร"), max_length=7, choices=Damage.choices, default=Damage.NONE)
    articles = models.CharField(_("ครุภัณฑ์"), max_length=7, choices=Damage.choices, default=Damage.NONE)
    papers = models.CharField(_("เอกสารสำคัญ"), max_length=7, choices=Damage.choices, default=Damage.NONE)
    damage_words = models.CharField(_("เสียหายอะไรบ้าง"), max_length=500, blank=True)
    baht = models.PositiveIntegerField(
        _("มูลค่าโดยประมาณ (บาท)"), null=True, blank=True, validators=[MaxValueValidator(1_000_000_000)]
    )

    pupils = models.PositiveIntegerField(
        _("นักเรียนเดือดร้อน"), default=0, validators=[MaxValueValidator(20_000)]
    )
    staff = models.PositiveIntegerField(
        _("ครูและบุคลากรเดือดร้อน"), default=0, validators=[MaxValueValidator(2_000)]
    )
    hurt = models.PositiveIntegerField(_("บาดเจ็บ"), default=0, validators=[MaxValueValidator(2_000)])
    lost = models.PositiveIntegerField(_("เสียชีวิตหรือสูญหาย"), default=0, validators=[MaxValueValidator(2_000)])
    sheltered = models.PositiveIntegerField(
        _("ผู้พักพิงในโรงเรียน"), default=0, validators=[MaxValueValidator(20_000)]
    )

    needs = ArrayField(
        models.CharField(max_length=10, choices=Need.choices),
        verbose_name=_("ต้องการด่วน"),
        default=list,
        blank=True,
    )
    words = models.CharField(_("ข้อความเพิ่มเติม"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("รายงานเหตุภัย")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="emergencies_report_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.state}"

    @property
    def need_words(self) -> list[str]:
        return [str(Need(code).label) for code in self.needs if code in Need.values]

    @property
    def harms(self) -> list[tuple[str, str]]:
        """(what, how much) of everything that is damaged."""
        return [
            (str(self._meta.get_field(name).verbose_name), str(Damage(value).label))
            for name in ("buildings", "articles", "papers")
            if (value := getattr(self, name)) != Damage.NONE
        ]

    @property
    def is_grave(self) -> bool:
        """People are hurt, dead or missing: the office is told at once."""
        return bool(self.hurt or self.lost)
