"""The structure and the staff as registers: listed, exported, and brought in from sheets when an office starts.

Two sheets set up an office: its units (groups, networks, teams, committees), and its staff, one line per post
with the person who holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.org.actions import (
    Appointment,
    add_unit,
    appoint,
    change_person,
    change_post,
    change_unit,
    remove_unused,
    staff,
)
from khet.base.org.api import Account, Actor, Holding, Person, Post, Role, Unit, ensure_roles, office
from khet.base.org.choices import PostKind, UnitKind
from khet.base.org.roles import USUAL_ROLES
from khet.base.org.rules import ORG_MANAGE
from khet.kits.register.bases import (
    Checked,
    Column,
    Facet,
    Import,
    ImportColumn,
    Record,
    Section,
    View,
    register,
)
from khet.kits.register.choices import Kind

KINDS = {label: kind for kind, label in UnitKind.choices if kind not in (UnitKind.OFFICE, UnitKind.SCHOOL)}


class UnitImport(Import):
    """Groups, networks, teams and committees. Schools come in through the register of schools."""

    capability = ORG_MANAGE
    key = "code"
    heading = "name"
    group = "kind"
    group_label = _("ประเภท")
    columns = [
        ImportColumn("code", _("รหัสหน่วยงาน"), ["รหัส", "code"], required=True, max_length=20),
        ImportColumn("name", _("ชื่อหน่วยงาน"), ["ชื่อ", "หน่วยงาน", "name"], required=True, max_length=200),
        ImportColumn("short_name", _("ชื่อย่อ"), ["short name"], max_length=80),
        ImportColumn(
            "kind",
            _("ประเภท"),
            ["ประเภทหน่วยงาน", "kind"],
            kind=Kind.CHOICE,
            required=True,
            choices=KINDS,
            write=lambda unit: unit.get_kind_display(),
        ),
        ImportColumn("position", _("ลำดับ"), ["ลำดับที่", "ที่"], kind=Kind.WHOLE, low=0, high=9999),
    ]

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        rows = Unit.objects.filter(code__in=list(keys))
        return {unit.code: unit for unit in (rows.select_for_update() if lock else rows)}

    def values(self, record: Unit) -> dict[str, Any]:
        return {
            "code": record.code,
            "name": record.name,
            "short_name": record.short_name,
            "kind": record.kind,
            "position": record.position,
        }

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        return {unit.pk for unit in found if unit.kind in KINDS.values()} if actor.has(ORG_MANAGE) else set()

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        for row in rows:
            if row.record is not None and row.record.kind not in KINDS.values():
                row.wrong("code", _t("รหัสนี้เป็นของ%(kind)s ตั้งรหัสอื่น") % {"kind": row.record.get_kind_display()})

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[dict[str, Any]],
        changed: Sequence[tuple[Any, dict[str, Any]]],
        source: str,
    ) -> list[int]:
        root = office()
        made = []
        for values in new:
            given = {name: value for name, value in values.items() if value is not None}
            given.setdefault("short_name", str(given["name"])[:80])
            made.append(add_unit(actor=actor, parent=root, **given).pk)
        for unit, values in changed:
            change_unit(actor=actor, unit=unit, **{k: v for k, v in values.items() if v is not None})
        return made

    def remove(self, *, actor: Actor, records: Sequence[Any], source: str) -> None:
        remove_unused(actor=actor, units=list(records))

    def group_of(self, values: Mapping[str, Any]) -> str:
        kind = values.get("kind")
        return str(UnitKind(kind).label) if kind else ""

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counts = Unit.objects.filter(pk__in=pks).order_by().values_list("kind").annotate(n=models.Count("pk"))
        return {str(UnitKind(kind).label): n for kind, n in counts}


class Units(Record[Unit]):
    """The parts of the office and the cross-cutting units."""

    code = "units"
    model = Unit
    label = _("หน่วยงาน")
    label_many = pgettext_lazy("many", "หน่วยงาน")
    counter = pgettext_lazy("counted", "หน่วยงาน")
    icon = "network"
    key = "code"
    columns = [
        Column("name", _("หน่วยงาน"), "name"),
        Column("short_name", _("ชื่อย่อ"), "short_name"),
        Column("code", _("รหัสหน่วยงาน"), "code", kind=Kind.CODE),
        Column("kind", _("ประเภท"), "kind"),
        Column("position", _("ลำดับ"), "position", kind=Kind.WHOLE),
    ]
    facets = [Facet("kind", _("ประเภท"), "kind", dict(UnitKind.choices))]
    search = ["name", "short_name", "code"]
    default_order = "position"
    edit = add = exporting = ORG_MANAGE
    shared = True
    sections = [Section("facts", _("หน่วยงาน"), ["kind", "code", "name", "short_name", "position"])]
    imports = UnitImport()

    def queryset(self, actor: Actor) -> models.QuerySet[Unit]:
        return Unit.objects.on().filter(kind__in=list(KINDS.values()))

    def create(self, *, actor: Actor, **values: Any) -> Unit:
        return add_unit(actor=actor, parent=office(), **values)

    def update(self, *, actor: Actor, record: Unit, **values: Any) -> Unit:
        return change_unit(actor=actor, unit=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "kind": UnitKind.TEAM, "code": f"team-{number}", "name": f"ทีมงานที่ {number}",
            "short_name": f"ทีม {number}", "position": number,
        }  # fmt: skip


POST_KINDS = {
    **{label: kind for kind, label in PostKind.choices},
    "ผอ.สพป.": PostKind.DIRECTOR, "รอง ผอ.สพป.": PostKind.DEPUTY, "ผอ.กลุ่ม": PostKind.HEAD, "หัวหน้ากลุ่ม": PostKind.HEAD,
    "ผอ.โรงเรียน": PostKind.PRINCIPAL, "รอง ผอ.โรงเรียน": PostKind.VICE_PRINCIPAL, "ธุรการ": PostKind.CLERK,
}  # fmt: skip
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,59}")


class StaffImport(Import):
    """One line per post: where it is, what it is, who holds it, and the account to open."""

    capability = ORG_MANAGE
    key = "number"
    heading = "first_name"
    group = "kind"
    group_label = _("ประเภทตำแหน่ง")
    columns = [
        ImportColumn("number", _("เลขที่ตำแหน่ง"), ["เลขตำแหน่ง", "position no"], required=True, max_length=20),
        ImportColumn(
            "unit", _("รหัสหน่วยงาน"), ["รหัสโรงเรียน", "รหัสสังกัด", "unit"], required=True, max_length=20
        ),
        ImportColumn(
            "kind",
            _("ประเภทตำแหน่ง"),
            ["ประเภท"],
            kind=Kind.CHOICE,
            required=True,
            choices=POST_KINDS,
            write=lambda post: post.get_kind_display(),
        ),
        ImportColumn("post_title", _("ตำแหน่ง"), ["ชื่อตำแหน่ง"], required=True, max_length=200),
        ImportColumn("title", _("คำนำหน้า"), ["คำนำหน้าชื่อ"], max_length=30),
        ImportColumn("first_name", _("ชื่อ"), ["ชื่อตัว"], required=True, max_length=100),
        ImportColumn("last_name", _("นามสกุล"), ["ชื่อสกุล", "สกุล"], max_length=100),
        ImportColumn("phone", _("โทรศัพท์"), ["เบอร์โทร", "โทร"], max_length=30),
        ImportColumn("email", _("อีเมล"), ["อีเมล์", "email", "e-mail"], max_length=254),
        ImportColumn("username", _("ชื่อผู้ใช้"), ["username", "user"], max_length=60),
        ImportColumn("roles", _("บทบาท"), ["สิทธิ์", "role"], max_length=300),
    ]

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        rows = (
            Post.objects.on()
            .filter(number__in=list(keys))
            .select_related("unit")
            .prefetch_related("roles", _current_holding())
        )
        return {post.number: post for post in (rows.select_for_update(of=("self",)) if lock else rows)}

    def values(self, record: Post) -> dict[str, Any]:
        person = record.current[0].person if record.current else None
        account = getattr(person, "account", None) if person else None
        return {
            "number": record.number,
            "unit": record.unit.code,
            "kind": record.kind,
            "post_title": record.title,
            "title": (person.title or None) if person else None,
            "first_name": person.first_name if person else None,
            "last_name": (person.last_name or None) if person else None,
            "phone": (person.phone or None) if person else None,
            "email": (person.email or None) if person else None,
            "username": account.username if account else None,
            "roles": ", ".join(sorted(role.name for role in record.roles.all())) or None,
        }

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        return {post.pk for post in found} if actor.has(ORG_MANAGE) else set()

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        known = set(
            Unit.objects.on()
            .filter(code__in={row.values.get("unit") for row in rows} - {None})
            .values_list("code", flat=True)
        )
        names = _role_names()
        wanted = [row.values["username"] for row in rows if row.values.get("username")]
        holders = dict(Account.objects.filter(username__in=wanted).values_list("username", "person"))
        seen: dict[str, int] = {}
        for row in rows:
            code, username = row.values.get("unit"), row.values.get("username")
            if code and code not in known:
                row.wrong("unit", _t("ไม่มีหน่วยงานรหัส %(code)s นำเข้าหน่วยงานหรือโรงเรียนก่อน") % {"code": code})
            if username:
                person = (
                    row.record.current[0].person if row.record is not None and row.record.current else None
                )
                if not _USERNAME.fullmatch(username):
                    row.wrong("username", _t("ชื่อผู้ใช้ใช้อักษรละติน ตัวเลข จุด หรือขีด อย่างน้อย 3 ตัว"))
                elif username in seen:
                    row.wrong("username", _t("ชื่อผู้ใช้ซ้ำกับแถว %(row)d") % {"row": seen[username]})
                elif username in holders and (person is None or holders[username] != person.pk):
                    row.wrong("username", _t("ชื่อผู้ใช้นี้มีผู้อื่นใช้แล้ว ตั้งชื่ออื่น"))
                seen.setdefault(username, row.number)
            for name in _split(row.values.get("roles")):
                if name not in names:
                    row.wrong(
                        "roles", _t("ไม่รู้จักบทบาท “%(name)s” ดูชื่อบทบาทในหน้าบทบาทและสิทธิ์") % {"name": name[:40]}
                    )

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[dict[str, Any]],
        changed: Sequence[tuple[Any, dict[str, Any]]],
        source: str,
    ) -> list[int]:
        units = {unit.code: unit for unit in Unit.objects.on()}
        names = _role_names()
        lines = [_appointment(values, units, names) for values in new]
        posts = staff(actor=actor, appointments=lines) if lines else []
        for post, values in changed:
            _change(actor, post, values)
        return [post.pk for post in posts]

    def remove(self, *, actor: Actor, records: Sequence[Any], source: str) -> None:
        remove_unused(actor=actor, posts=list(records))

    def group_of(self, values: Mapping[str, Any]) -> str:
        kind = values.get("kind")
        return str(PostKind(kind).label) if kind else ""

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counts = Post.objects.filter(pk__in=pks).order_by().values_list("kind").annotate(n=models.Count("pk"))
        return {str(PostKind(kind).label): n for kind, n in counts}


def _current_holding() -> Prefetch:
    return Prefetch("holdings", Holding.objects.on().select_related("person__account"), to_attr="current")


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in re.split(r"[,;/]", text or "") if part.strip()]


def _role_names() -> dict[str, Role]:
    roles = ensure_roles()
    return {**{role.name: role for role in roles.values()}, **roles}


def _appointment(values: dict[str, Any], units: dict[str, Unit], names: dict[str, Role]) -> Appointment:
    given = [names[name] for name in _split(values.get("roles"))] or [names[USUAL_ROLES[values["kind"]]]]
    return Appointment(
        unit=units[values["unit"]],
        kind=values["kind"],
        title=values["post_title"],
        short_title=values["post_title"][:80],
        person=Person(
            **{
                name: values.get(name) or ""
                for name in ("title", "first_name", "last_name", "phone", "email")
            }
        ),
        roles=tuple(given),
        number=values["number"],
        username=values.get("username") or "",
    )


def _change(actor: Actor, post: Post, values: dict[str, Any]) -> None:
    """The same post with other facts. Another name means another person: appointed from today."""
    if values.get("post_title"):
        change_post(actor=actor, post=post, title=values["post_title"])
    facts = {
        k: values[k] or "" for k in ("title", "first_name", "last_name", "phone", "email") if k in values
    }
    person = post.current[0].person if post.current else None
    if person is None or {"first_name", "last_name"} & {
        k for k, v in facts.items() if v != getattr(person, k)
    }:
        before = (
            {}
            if person is None
            else {"title": "", "first_name": person.first_name, "last_name": person.last_name}
        )
        successor = Person(**(before | facts))
        successor.full_clean()
        successor.save()
        appoint(actor=actor, post=post, person=successor)
    elif facts:
        change_person(actor=actor, person=person, **facts)


class Staff(Record[Post]):
    """Posts with who holds them today."""

    code = "staff"
    model = Post
    label = _("ตำแหน่ง")
    label_many = _("ตำแหน่งและผู้ดำรงตำแหน่ง")
    counter = pgettext_lazy("counted", "ตำแหน่ง")
    icon = "users"
    key = "number"
    columns = [
        Column("holder", _("ผู้ดำรงตำแหน่ง"), show=lambda post: post.current[0].person.full_name if post.current else "–", order="", path="pk"),
        Column("title", _("ตำแหน่ง"), "title"),
        Column("unit", _("หน่วยงาน"), "unit__short_name"),
        Column("number", _("เลขที่ตำแหน่ง"), "number", kind=Kind.CODE),
        Column("kind", _("ประเภทตำแหน่ง"), "kind"),
    ]  # fmt: skip
    facets = [
        Facet("kind", _("ประเภทตำแหน่ง"), "kind", dict(PostKind.choices)),
        Facet("unit_kind", _("สังกัด"), "unit__kind", dict(UnitKind.choices)),
    ]
    search = ["title", "unit__name", "holdings__person__first_name", "holdings__person__last_name", "number"]
    default_order = "title"
    edit = exporting = ORG_MANAGE
    shared = True
    views = [View("all", _("ทั้งหมด")), View("office", _("ในสำนักงาน"), {"unit_kind": ["office", "group"]})]
    sections = [Section("facts", _("ตำแหน่ง"), ["title", "short_title", "number"])]
    imports = StaffImport()

    def queryset(self, actor: Actor) -> models.QuerySet[Post]:
        return Post.objects.on().select_related("unit").prefetch_related("roles", _current_holding())

    def update(self, *, actor: Actor, record: Post, **values: Any) -> Post:
        return change_post(actor=actor, post=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "number": f"9{number:04}", "unit": office().code, "kind": PostKind.OFFICER, "post_title": "เจ้าพนักงานธุรการ",
            "first_name": f"สมมุติ{number}", "last_name": "ตัวอย่าง",
        }  # fmt: skip


register(Units())
register(Staff())
