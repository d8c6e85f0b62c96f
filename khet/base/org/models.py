"""Units, people, posts, authority and accounts, all with dates.

Rights are never stored as such: they follow from who holds which post, acts for whom and belongs to what
today, so an official who moves loses them on the next request.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from khet.base.org.choices import DelegationKind, HoldingKind, IdKind, PostKind, Reach, UnitKind


def today() -> date:
    """Today in Asia/Bangkok."""
    return timezone.localdate()


class DatedQuerySet(models.QuerySet):
    def on(self, day: date | None = None):
        """Only what is valid on ``day`` (default today); the last day counts."""
        day = day or today()
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))


class Dated(models.Model):
    """Something true from ``since`` to ``until``, both days included; open when ``until`` is empty."""

    since = models.DateField(_("ตั้งแต่วันที่"), default=today)
    until = models.DateField(_("ถึงวันที่"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="%(app_label)s_%(class)s_dates_in_order",
            )
        ]


class Unit(Dated):
    """A part of the area: the office, a group, a school, a network, a flower team, a committee.

    ``ancestors`` holds the ids from the root down to and including this unit; it is kept by the verbs.
    """

    personal_data = None

    kind = models.CharField(_("ประเภท"), max_length=12, choices=UnitKind.choices)
    code = models.CharField(_("รหัส"), max_length=20, unique=True)
    name = models.CharField(_("ชื่อ"), max_length=200)
    short_name = models.CharField(_("ชื่อย่อ"), max_length=80)
    name_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=200, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    ancestors = ArrayField(models.BigIntegerField(), default=list, editable=False)
    overseer = models.ForeignKey(
        "Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="oversees",
        verbose_name=_("รอง ผอ. ที่กำกับ"),
    )
    position = models.PositiveIntegerField(_("ลำดับ"), default=0)

    class Meta(Dated.Meta):
        ordering = ["position", "name", "pk"]
        indexes = [
            GinIndex(fields=["ancestors"], name="org_unit_ancestors"),
            models.Index(fields=["kind", "position"]),
        ]

    def __str__(self) -> str:
        return self.name


class Grouping(Dated):
    """A unit belongs to a cross-cutting unit (a school to its network) for some time."""

    personal_data = None

    group = models.ForeignKey(Unit, models.PROTECT, related_name="groupings")
    member = models.ForeignKey(Unit, models.PROTECT, related_name="memberships_in")

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["group", "member"], condition=Q(until__isnull=True), name="org_grouping_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class Person(models.Model):
    """A human being, once. Ids, posts and accounts hang on it."""

    personal_data = {
        "title": "name",
        "first_name": "name",
        "last_name": "name",
        "phone": "contact",
        "email": "contact",
    }

    title = models.CharField(_("คำนำหน้า"), max_length=30, blank=True)
    first_name = models.CharField(_("ชื่อ"), max_length=100)
    last_name = models.CharField(_("นามสกุล"), max_length=100, blank=True)
    phone = models.CharField(_("โทรศัพท์"), max_length=30, blank=True)
    email = models.EmailField(_("อีเมล"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["first_name", "last_name", "pk"]
        indexes = [models.Index(fields=["first_name", "last_name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def full_name(self) -> str:
        return f"{self.title}{self.name}"

    @property
    def initials(self) -> str:
        """First consonants of the name, for the round badge: เขาชัย แก้ว → ขก."""
        leading = "เแโใไ"
        return "".join(part.lstrip(leading)[:1] for part in (self.first_name, self.last_name) if part)


class PersonId(Dated):
    """A number a person is known by. Sealed; found again by its keyed fingerprint."""

    personal_data = {
        "person": "citizen_id",
        "sealed": "citizen_id",
        "fingerprint": "citizen_id",
        "tail": "citizen_id",
    }

    person = models.ForeignKey(Person, models.CASCADE, related_name="ids")
    kind = models.CharField(max_length=10, choices=IdKind.choices)
    sealed = models.BinaryField()
    fingerprint = models.CharField(max_length=64, db_index=True)
    tail = models.CharField(max_length=4, help_text=_("หลักท้ายที่แสดงได้เมื่อปิดบัง"))

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "fingerprint"], condition=Q(until__isnull=True), name="org_personid_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} …{self.tail}"


class Role(models.Model):
    """A named set of capabilities and how far they reach. Data: each office may change it."""

    personal_data = None

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("ชื่อบทบาท"), max_length=120)
    capabilities = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    offered = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    """Default capabilities this role has been given or refused: what an update brings and is not in here waits for a decision."""
    reach = models.CharField(_("ขอบเขต"), max_length=6, choices=Reach.choices, default=Reach.UNIT)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(Dated):
    """A position in a unit. Work is addressed to posts; whoever holds the post today has the work."""

    personal_data = None

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    kind = models.CharField(_("ประเภท"), max_length=16, choices=PostKind.choices)
    title = models.CharField(_("ชื่อตำแหน่ง"), max_length=200)
    short_title = models.CharField(_("ชื่อย่อ"), max_length=80)
    number = models.CharField(_("เลขที่ตำแหน่ง"), max_length=20, blank=True)
    roles = models.ManyToManyField(Role, blank=True, related_name="posts")
    position = models.PositiveIntegerField(_("ลำดับ"), default=0)

    class Meta(Dated.Meta):
        ordering = ["unit__position", "position", "pk"]
        indexes = [models.Index(fields=["unit", "kind"])]

    def __str__(self) -> str:
        return self.title


class Holding(Dated):
    """A person holds a post for some time. A vacant post may have a caretaker (รักษาการในตำแหน่ง)."""

    personal_data = {"person": "service", "order_reference": "service"}

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=12, choices=HoldingKind.choices, default=HoldingKind.SUBSTANTIVE)
    order_reference = models.CharField(_("คำสั่งที่"), max_length=120, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["post"], condition=Q(until__isnull=True), name="org_holding_one_open_per_post"
            ),
        ]
        indexes = [models.Index(fields=["person", "since"])]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.post_id}"


class Delegation(Dated):
    """Authority of a post lent to a person: acting while the holder is away, or a delegated set of acts.

    ``capabilities`` empty means everything the post may do.
    """

    personal_data = {"person": "service", "order_reference": "service", "reason": "leave"}

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    kind = models.CharField(max_length=10, choices=DelegationKind.choices)
    capabilities = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    order_reference = models.CharField(_("คำสั่งที่"), max_length=120, blank=True)
    reason = models.CharField(_("เหตุผล"), max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["person", "since"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.post_id} → {self.person_id}"


class Membership(Dated):
    """A person belongs to a unit with a role besides their post: team, committee, extra duty."""

    personal_data = {"person": "service", "duty": "service"}

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    duty = models.CharField(_("หน้าที่"), max_length=120, blank=True)

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["person", "since"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role_id} @ {self.unit_id}"


class AccountManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields):
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str):
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A way to sign in. Belongs to one person; a suspended account cannot sign in at all.

    ``session_epoch`` is part of what a session is bound to: raising it ends every session of the account at
    once and for good, also those that would come back to life when a suspension is lifted.
    """

    personal_data = {
        "username": "account",
        "email": "contact",
        "person": "account",
        "password": "account",
        "last_login": "conduct",
    }

    username = models.CharField(_("ชื่อผู้ใช้"), max_length=60, unique=True)
    email = models.EmailField(_("อีเมล"), blank=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    is_active = models.BooleanField(_("ใช้งานได้"), default=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = AccountManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """Thai typed on two keyboards may differ in its bytes; NFC makes the same word the same password."""
        super().set_password(raw_password and unicodedata.normalize("NFC", raw_password))

    def check_password(self, raw_password: str) -> bool:
        return super().check_password(unicodedata.normalize("NFC", raw_password or ""))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        bound = f"{self.password}|{self.session_epoch}"
        return salted_hmac("khet.base.org.Account", bound, secret=secret, algorithm="sha256").hexdigest()


class Profile(models.Model):
    """Facts and choices of this installation, one row."""

    personal_data = None

    is_demo = models.BooleanField(_("สำนักงานสาธิต"), default=False)
    thai_digits_on_paper = models.BooleanField(_("ใช้เลขไทยในหนังสือราชการ"), default=True)

    def __str__(self) -> str:
        return "profile"

    @classmethod
    def load(cls) -> Profile:
        return cls.objects.get_or_create(pk=1)[0]


class Holiday(models.Model):
    """A day off by cabinet resolution or local order; deadlines in working days skip it."""

    personal_data = None

    day = models.DateField(_("วันที่"), primary_key=True)
    name = models.CharField(_("ชื่อวันหยุด"), max_length=120)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
