"""Imports as batches of rows, views that people saved, drafts of forms, and lists of codes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.kits.register.choices import BatchState, Phase, RowState


class Batch(models.Model):
    """One file on its way into a register. Nothing of the register changes before it is confirmed."""

    personal_data = {"person": "conduct", "by_name": "conduct", "absent": "name"}

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.RECEIVED)
    file_name = models.CharField(_("ไฟล์"), max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    encoding = models.CharField(max_length=20, blank=True)
    sheet_name = models.CharField(max_length=120, blank=True)
    header_row = models.PositiveIntegerField(default=1)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text="code of an import column → index in headings")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    phase = models.CharField(max_length=10, choices=Phase.choices, blank=True, default="")
    counts = models.JSONField(default=dict)
    totals = models.JSONField(
        default=list,
        help_text="[group, rows in the file, rows in the register, tally, split] of every kind of row",
    )
    strip = models.JSONField(default=dict, help_text="import column → [cells that stop, cells worth a look]")
    options = models.JSONField(default=dict, help_text="what a person said, or the file's name")
    fields = models.JSONField(default=list, help_text="the staged fields of the rows, in their order")
    absent = models.JSONField(
        default=dict, help_text="records that the file should have had: count, first rows"
    )
    problem = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("การนำเข้า")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-created_at"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        """Still on its way: may be matched, checked again, confirmed or dropped."""
        return self.state in {BatchState.RECEIVED, BatchState.MATCHING, BatchState.CHECKED, BatchState.FAILED}

    @property
    def to_apply(self) -> int:
        """How many rows confirming would write."""
        return self.counts.get("new", 0) + self.counts.get("changed", 0)


class Upload(models.Model):
    """The bytes of the file, sealed, kept beside its batch until every row of it has been read and settled."""

    personal_data = {"sealed": "opinion"}

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="upload")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"upload of {self.batch_id}"


JOINT = "\u001f"  # between the cells of a line and the fields of a staged row


class Row(models.Model):
    """A row of the file: its cells, their meaning, what is wrong, what would change. Written once, by COPY.

    ``line`` are the cells as they came; of large imports only rows with a fault keep it. The meaning is ``values``
    (by code), or for large imports ``staged`` (written forms in the order of ``Batch.fields``). ``target`` and
    ``anchor`` are the record and the one above it, for new rows of large imports numbers kept free for them;
    ``before`` is the digest of the register when the row was checked. Numbers of people are never in clear.
    """

    personal_data = {
        "heading": "name",
        "line": "opinion",
        "values": "opinion",
        "staged": "opinion",
        "changes": "opinion",
    }

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(help_text="row number in the file, as a spreadsheet shows it")
    state = models.CharField(max_length=8, choices=RowState.choices)
    heading = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=120, blank=True)
    line = models.TextField(blank=True, default="")
    values = models.JSONField(default=dict, null=True)
    staged = models.TextField(blank=True, default="")
    faults = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    target = models.BigIntegerField(null=True)
    anchor = models.BigIntegerField(null=True)
    before = models.CharField(max_length=80, blank=True, default="")
    is_skipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="register_row_once")]
        indexes = [
            models.Index(fields=["batch", "state", "number"]),
            # Which files wrote a record: asked by its history.
            models.Index(
                fields=["target"],
                condition=models.Q(state__in=("new", "changed")),
                name="register_row_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number} {self.state}"

    @property
    def cells(self) -> list[str]:
        return self.line.split(JOINT) if self.line else []


class SavedView(models.Model):
    """A list's address kept under a name by the person who uses it."""

    personal_data = {"person": "conduct"}

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    name = models.CharField(_("ชื่อมุมมอง"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "name"], name="register_savedview_name")
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What a person has typed into a form and not yet saved. Seen by that person alone."""

    personal_data = {"person": "conduct", "data": "opinion"}

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    target = models.CharField(max_length=40, help_text="primary key of the record, or «new»")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "target"], name="register_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class Code(models.Model):
    """A value of a declared list of codes as the office has it. Values are retired, never removed."""

    personal_data = None

    list = models.CharField(_("รายการรหัส"), max_length=60)
    value = models.CharField(_("รหัส"), max_length=20)
    label = models.CharField(_("คำที่แสดง"), max_length=200)
    position = models.PositiveIntegerField(_("ลำดับ"), default=0)
    is_active = models.BooleanField(_("ยังใช้อยู่"), default=True)
    is_confirmed = models.BooleanField(_("ยืนยันแล้ว"), default=False)
    source = models.CharField(_("ที่มา"), max_length=300, blank=True)
    is_edited = models.BooleanField(
        default=False, help_text="by the office: declarations no longer change it"
    )
    version = models.PositiveBigIntegerField(default=0, help_text="grows with every change of any list")

    class Meta:
        verbose_name = _("รหัส")
        ordering = ["list", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["list", "value"], name="register_code_once")]
        indexes = [models.Index(fields=["-version"])]

    def __str__(self) -> str:
        return f"{self.label} ({self.list} {self.value})"
