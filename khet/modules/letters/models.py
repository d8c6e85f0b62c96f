"""Letters, the registers that number them, and the receipts of their receivers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import today
from khet.modules.letters.choices import (
    LetterKind,
    LetterState,
    Origin,
    ReceiptState,
    RegisterKind,
    Secrecy,
    Speed,
)

BUDDHIST = 543


class Bureau(models.Model):
    """The saraban settings of a unit that keeps registers: its code, its address, its stamp and its emblem."""

    personal_data = None

    unit = models.OneToOneField("org.Unit", models.PROTECT, related_name="bureau", verbose_name=_("หน่วยงาน"))
    prefix = models.CharField(
        _("รหัสตัวพยัญชนะและเลขประจำของเจ้าของเรื่อง"), max_length=40, help_text=_("เช่น ศธ 04321")
    )
    sub_prefix = models.CharField(
        _("เลขรหัสย่อย"), max_length=20, blank=True, help_text=_("ต่อท้ายรหัส เช่น .012 ของโรงเรียน")
    )
    address = models.TextField(_("ที่ตั้งบนหัวหนังสือ"), blank=True, help_text=_("บรรทัดละหนึ่งแถว"))
    phone = models.CharField(_("โทรศัพท์"), max_length=60, blank=True)
    fax = models.CharField(_("โทรสาร"), max_length=60, blank=True)
    email = models.EmailField(_("ไปรษณีย์อิเล็กทรอนิกส์"), blank=True)
    stamp_name = models.CharField(_("ชื่อบนตรารับ"), max_length=80, blank=True)

    class Meta:
        ordering = ["unit__position", "pk"]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What stands before the stroke: ศธ 04321.012."""
        return f"{self.prefix}{self.sub_prefix}"


class Signature(models.Model):
    """A person's handwritten signature as a picture (held as a file), laid above the name on a signed paper."""

    personal_data = {"person": "signature"}

    person = models.OneToOneField("org.Person", models.CASCADE, related_name="signature")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"signature of {self.person_id}"


class Register(models.Model):
    """One run of numbers: unit × kind × open or secret × calendar year (Buddhist era).

    ``last_number`` is raised by one statement in the transaction that uses the number, so a number is
    neither doubled nor lost. The register of a past year is closed: nothing takes numbers from it.
    """

    personal_data = None

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="registers")
    kind = models.CharField(max_length=12, choices=RegisterKind.choices)
    is_secret = models.BooleanField(default=False, db_default=False)
    year = models.PositiveSmallIntegerField(_("ปี พ.ศ."))
    last_number = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["unit", "-year", "kind", "is_secret"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "is_secret", "year"], name="letters_register_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"

    @property
    def title(self) -> str:
        label = str(RegisterKind(self.kind).label)
        return f"{label} ({_('ลับ')})" if self.is_secret else label

    @property
    def is_closed(self) -> bool:
        return self.year < today().year + BUDDHIST


_SENT_HERE = Q(origin=Origin.HERE, state__in=[LetterState.SENT, LetterState.CLOSED])


class Letter(models.Model):
    """A document: received as paper from outside, or written here.

    ``unit`` owns the matter (the group that drafts, the unit that received); ``issuer`` is the unit in whose
    name and number it goes out (the office, the school). After signing, what the paper says never changes.
    """

    personal_data = {
        "from_text": "name",
        "to_text": "name",
        "subject": "opinion",
        "body": "opinion",
        "signer": "conduct",
        "signer_lines": "name",
    }

    origin = models.CharField(max_length=8, choices=Origin.choices)
    kind = models.CharField(_("ชนิดหนังสือ"), max_length=12, choices=LetterKind.choices)
    is_circular = models.BooleanField(_("หนังสือเวียน (ว)"), default=False, db_default=False)
    state = models.CharField(max_length=10, choices=LetterState.choices)
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="letters")
    issuer = models.ForeignKey("org.Unit", models.PROTECT, null=True, related_name="issued", db_index=False)
    number_text = models.CharField(_("ที่"), max_length=60, blank=True)
    dated_on = models.DateField(_("ลงวันที่"), null=True, blank=True)
    from_text = models.CharField(_("จาก"), max_length=300)
    to_text = models.CharField(_("เรียน"), max_length=500)
    subject = models.CharField(_("เรื่อง"), max_length=500)
    speed = models.PositiveSmallIntegerField(_("ชั้นความเร็ว"), choices=Speed.choices, default=Speed.NORMAL)
    secrecy = models.PositiveSmallIntegerField(_("ชั้นความลับ"), choices=Secrecy.choices, default=Secrecy.OPEN)
    references = ArrayField(
        models.CharField(max_length=400), default=list, blank=True, verbose_name=_("อ้างถึง")
    )
    enclosures = ArrayField(
        models.CharField(max_length=400), default=list, blank=True, verbose_name=_("สิ่งที่ส่งมาด้วย")
    )
    body = models.TextField(_("ข้อความ"), blank=True)
    closing = models.CharField(_("คำลงท้าย"), max_length=60, blank=True)
    answer_by = models.DateField(_("ตอบภายในวันที่"), null=True, blank=True)
    to_units = ArrayField(models.BigIntegerField(), default=list, blank=True)
    send_when_signed = models.BooleanField(_("ส่งทันทีเมื่อลงนาม"), default=True, db_default=True)
    drafter_post = models.ForeignKey(
        "org.Post", models.PROTECT, null=True, blank=True, related_name="letters_drafted"
    )
    signer_post = models.ForeignKey(
        "org.Post", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    signer = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    signer_lines = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answered_with", db_index=False
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", db_index=False
    )
    cancel_reason = models.CharField(_("เหตุผลที่ยกเลิก"), max_length=300, blank=True)
    form_key = models.CharField(max_length=32, null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["unit", "state", "-id"]),
            models.Index(fields=["issuer", "state", "-sent_at"]),
            # the list of what a unit has sent, as owner of the matter and in its own name
            models.Index(
                fields=["unit", "-sent_at", "-id"], name="letters_letter_sent_owner", condition=_SENT_HERE
            ),
            models.Index(
                fields=["issuer", "-sent_at", "-id"], name="letters_letter_sent_issuer", condition=_SENT_HERE
            ),
            # the search for a duplicate while receiving: sender, number and date
            models.Index(fields=["number_text", "dated_on"], name="letters_letter_duplicate"),
            models.Index(
                fields=["answers"], name="letters_letter_answers", condition=Q(answers__isnull=False)
            ),
            models.Index(
                fields=["corrects"], name="letters_letter_corrects", condition=Q(corrects__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[LetterState.SIGNED, LetterState.SENT])
                | (Q(dated_on__isnull=False) & ~Q(number_text="")),
                name="letters_letter_sent_has_number",
            )
        ]

    #: What only the letter's own page and its paper ask for; lists leave it where it lies (``defer``).
    LONG = (
        "references", "enclosures", "body", "closing", "to_units", "signer_lines", "signed_at", "cancel_reason", "form_key", "version", "created_at", "updated_at",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.number_text or f"{LetterKind(self.kind).label} {self.pk}"

    @property
    def is_frozen(self) -> bool:
        """What is on the paper may no longer change."""
        return self.state not in {LetterState.DRAFT, LetterState.RETURNED}

    @property
    def is_secret(self) -> bool:
        return self.secrecy != Secrecy.OPEN

    @property
    def secret_title(self) -> str:
        """What stands in place of a secret subject."""
        name = _("หนังสือ%(secrecy)s") % {"secrecy": Secrecy(self.secrecy).label}
        return f"{name} {self.number_text or self.pk}"

    @property
    def open_title(self) -> str:
        """The subject where nobody's right to read a secret is asked: notices, e-mail, journal."""
        return self.secret_title if self.is_secret else self.subject


class Scratch(models.Model):
    """What a person typed into a draft and has not saved; restored when they come back. Not a record."""

    personal_data = {"person": "conduct", "values": "opinion"}

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="scratches")
    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "person"], name="letters_scratch_once")]

    def __str__(self) -> str:
        return f"scratch {self.letter_id} {self.person_id}"


class Entry(models.Model):
    """A row of a register. The words of the row are the letter's; the row adds the number and what was done.

    A cancelled row keeps its number and its reason for ever.
    """

    personal_data = {"taken_by": "conduct", "action": "opinion", "remark": "opinion"}

    register = models.ForeignKey(Register, models.PROTECT, related_name="entries", db_index=False)
    number = models.PositiveIntegerField()
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="entries")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    action = models.CharField(_("การปฏิบัติ"), max_length=200, blank=True)
    remark = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("เหตุผลที่ยกเลิก"), max_length=300, blank=True)

    class Meta:
        ordering = ["register", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="letters_entry_number_once"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""),
                name="letters_entry_cancelled_with_reason",
            ),
        ]
        indexes = [
            # the cancelled of a register: few, asked for by themselves, and not in the search index
            models.Index(
                fields=["register"],
                name="letters_entry_cancelled",
                condition=Q(cancelled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register_id}/{self.number}"


class Receipt(models.Model):
    """One receiver of a letter and how far it is. Millions of rows: times and ids only.

    ``answer_by`` is the letter's, which never changes once it is sent: what a receiver owes is found by it.
    ``via`` is the unit that passed the letter on inside itself; the sender's board leaves those rows out.
    """

    personal_data = None

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="receipts", db_index=False)
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="receipts", db_index=False)
    via = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField()
    answer_by = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="receipts", db_index=False
    )
    answer = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="answers_receipts", db_index=False
    )
    reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "unit"], name="letters_receipt_once"),
            models.CheckConstraint(
                condition=(Q(opened_at__isnull=True) | Q(opened_at__gte=F("sent_at")))
                & (Q(registered_at__isnull=True) | Q(registered_at__gte=F("opened_at")))
                & (Q(answered_at__isnull=True) | Q(answered_at__gte=F("opened_at"))),
                name="letters_receipt_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(registered_at__isnull=True, entry__isnull=True)
                | Q(registered_at__isnull=False, entry__isnull=False),
                name="letters_receipt_registered_has_entry",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-sent_at"], name="letters_receipt_by_unit"),
            models.Index(
                fields=["unit", "sent_at"],
                name="letters_receipt_waiting",
                condition=Q(registered_at__isnull=True, returned_at__isnull=True, recalled_at__isnull=True),
            ),
            models.Index(
                fields=["unit", "answer_by", "id"],
                name="letters_receipt_unanswered",
                condition=Q(
                    answer_by__isnull=False,
                    answered_at__isnull=True,
                    returned_at__isnull=True,
                    recalled_at__isnull=True,
                    excused_at__isnull=True,
                ),
            ),
            models.Index(fields=["entry"], name="letters_receipt_entry", condition=Q(entry__isnull=False)),
            models.Index(fields=["answer"], name="letters_receipt_answer", condition=Q(answer__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.unit_id}"

    @property
    def state(self) -> str:
        if self.recalled_at:
            return ReceiptState.RECALLED
        if self.returned_at:
            return ReceiptState.RETURNED
        if self.answered_at:
            return ReceiptState.ANSWERED
        if self.registered_at:
            return ReceiptState.REGISTERED
        return ReceiptState.OPENED if self.opened_at else ReceiptState.UNOPENED


class AddresseeGroup(models.Model):
    """A list of receivers saved by name, for the next circular to the same ones."""

    personal_data = None

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="addressee_groups")
    name = models.CharField(_("ชื่อกลุ่มผู้รับ"), max_length=120)
    members = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="letters_addresseegroup_once")]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """One press of the reminder button on a board: to whom, by which channels, at which state of answers."""

    personal_data = {"sent_by": "conduct"}

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="reminders")
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    channels = ArrayField(models.CharField(max_length=10), default=list)
    units = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["letter", "-number"]
        constraints = [models.UniqueConstraint(fields=["letter", "number"], name="letters_reminder_once")]

    def __str__(self) -> str:
        return f"{self.letter_id} #{self.number}"
