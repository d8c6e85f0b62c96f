"""Verbs on the organisation: units, posts, people, authority, accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.actors import Actor
from khet.base.org.choices import DelegationKind, HoldingKind, PostKind, UnitKind
from khet.base.org.identities import (  # noqa: F401 - verbs are found through this drawer
    add_people,
    add_person_id,
    open_person_id,
    remove_people,
    replace_person_id,
)
from khet.base.org.models import (
    Account,
    Delegation,
    Grouping,
    Holding,
    Membership,
    Person,
    Post,
    Role,
    Unit,
    today,
)
from khet.base.org.roles import USUAL_ROLES, ensure_roles, waiting_rights
from khet.base.org.rules import ORG_DELEGATE, ORG_MANAGE, ORG_ROLES, can, demand, forbidden
from khet.base.org.verbs import entry, save, verb


@verb("org.add_unit", _("เพิ่มหน่วยงาน"), capability=ORG_MANAGE)
def add_unit(*, actor: Actor, parent: Unit | None = None, **fields: Any) -> Unit:
    unit = Unit(parent=parent, **fields)
    unit.full_clean(exclude=["ancestors"])
    unit.save()
    unit.ancestors = [*(parent.ancestors if parent else []), unit.pk]
    unit.save(update_fields=["ancestors"])
    entry().on(unit)
    return unit


@verb("org.add_units", _("เพิ่มหน่วยงานเป็นชุด"), capability="")
def add_units(*, actor: Actor, units: list[Unit]) -> list[Unit]:
    """Create many units in two statements, parents first known to the database.

    Called by a module's verb that has asked for its own right, such as the import of schools.
    """
    Unit.objects.bulk_create(units, batch_size=2000)
    for unit in units:
        unit.ancestors = [*(unit.parent.ancestors if unit.parent else []), unit.pk]
    Unit.objects.bulk_update(units, ["ancestors"], batch_size=2000)
    entry().tell(units=len(units))
    return units


@verb("org.change_unit", _("แก้ไขหน่วยงาน"), capability=ORG_MANAGE, on="unit")
def change_unit(*, actor: Actor, unit: Unit, **fields: Any) -> Unit:
    """Change facts of a unit; a new parent moves the whole tree below it."""
    if "parent" in fields and fields["parent"] and unit.pk in fields["parent"].ancestors:
        raise Refusal(_("ย้ายหน่วยงานไปอยู่ใต้ตัวเองไม่ได้"), code="org.circle", field="parent")
    changed = save(unit, **fields)
    if "parent" in changed:
        old = len(unit.ancestors)
        unit.ancestors = [*(unit.parent.ancestors if unit.parent else []), unit.pk]
        unit.save(update_fields=["ancestors"])
        for child in Unit.objects.filter(ancestors__contains=[unit.pk]).exclude(pk=unit.pk):
            child.ancestors = unit.ancestors + child.ancestors[old:]
            child.save(update_fields=["ancestors"])
    return unit


@verb("org.group_units", _("จัดหน่วยงานเข้าเครือข่าย"), capability=ORG_MANAGE, on="group")
def group_units(*, actor: Actor, group: Unit, members: list[Unit], since: date | None = None) -> None:
    """Put units into a network from a day; a unit leaves its former network of the same kind the day before."""
    since = since or today()
    ids = [member.pk for member in members]
    old = Grouping.objects.filter(member__in=ids, group__kind=group.kind, until__isnull=True).exclude(
        group=group
    )
    old.filter(since__gte=since).delete()
    old.update(until=since - timedelta(days=1))
    there = set(
        Grouping.objects.filter(group=group, member__in=ids, until__isnull=True).values_list(
            "member", flat=True
        )
    )
    Grouping.objects.bulk_create(
        Grouping(group=group, member_id=pk, since=since) for pk in ids if pk not in there
    )
    entry().tell(members=len(ids))


def demand_to_give(actor: Actor, roles: Iterable[Role]) -> None:
    """Whoever hands out the right to hand out rights must have it: else staff work would be a way to every right."""
    if any(ORG_ROLES in role.capabilities for role in roles):
        demand(actor, ORG_ROLES)


def demand_over(actor: Actor, account: Account) -> None:
    """The account of somebody who hands out rights is touched only by another who does."""
    if not actor.is_system and Actor.of(account.person).has(ORG_ROLES):
        demand(actor, ORG_ROLES)


@verb("org.add_post", _("เพิ่มตำแหน่ง"), capability=ORG_MANAGE, on="unit")
def add_post(*, actor: Actor, unit: Unit, roles: Sequence[Role] | None = None, **fields: Any) -> Post:
    """A post in a unit. Without ``roles`` it gets the usual one of its kind, so that its holder can work at once."""
    post = Post(unit=unit, **fields)
    post.full_clean()
    if roles is None:
        roles = [ensure_roles()[USUAL_ROLES[post.kind]]]
    demand_to_give(actor, roles)
    post.save()
    if roles:
        post.roles.set(roles)
    entry().on(post, unit)
    return post


@verb("org.change_post", _("แก้ไขตำแหน่ง"), capability=ORG_MANAGE, on="post")
def change_post(*, actor: Actor, post: Post, **fields: Any) -> Post:
    save(post, **fields)
    return post


@verb("org.add_person", _("เพิ่มบุคคล"), capability=ORG_MANAGE)
def add_person(*, actor: Actor, **fields: Any) -> Person:
    person = Person(**fields)
    person.full_clean()
    person.save()
    entry().on(person)
    return person


@verb("org.change_person", _("แก้ไขข้อมูลบุคคล"), capability=ORG_MANAGE, on="person")
def change_person(*, actor: Actor, person: Person, **fields: Any) -> Person:
    save(person, **fields)
    return person


@verb("org.appoint", _("แต่งตั้งให้ดำรงตำแหน่ง"), capability=ORG_MANAGE, on="post")
def appoint(
    *,
    actor: Actor,
    post: Post,
    person: Person,
    since: date | None = None,
    kind: str = HoldingKind.SUBSTANTIVE,
    order_reference: str = "",
    leaves: Post | None = None,
) -> Holding:
    """Put a person into a post from a day. The former holder's time ends the day before.

    ``leaves`` ends the person's time in another post on the same day, which is what moving means. Open work
    is addressed to posts, so it stays with the post and is the successor's from then on.
    """
    demand_to_give(actor, post.roles.all())
    since = since or today()
    for held in Holding.objects.select_for_update().filter(post=post, until__isnull=True):
        _end_holding(held, since)
    if leaves is not None:
        for held in Holding.objects.select_for_update().filter(
            post=leaves, person=person, until__isnull=True
        ):
            _end_holding(held, since)
    holding = Holding.objects.create(
        post=post, person=person, since=since, kind=kind, order_reference=order_reference
    )
    entry().on(post, person)
    entry().tell(since=since, kind=kind)
    return holding


def _end_holding(held: Holding, since: date) -> None:
    if held.since >= since:
        held.delete()
        return
    held.until = since - timedelta(days=1)
    held.save(update_fields=["until"])


@verb("org.vacate", _("ให้พ้นจากตำแหน่ง"), capability=ORG_MANAGE, on="post")
def vacate(*, actor: Actor, post: Post, last_day: date | None = None) -> None:
    """End the holder's time; ``last_day`` is the last day of holding (default yesterday: gone at once)."""
    last_day = last_day or today() - timedelta(days=1)
    for held in Holding.objects.select_for_update().filter(post=post, until__isnull=True):
        _end_holding(held, last_day + timedelta(days=1))


@verb("org.delegate", _("แต่งตั้งผู้รักษาราชการแทนหรือมอบอำนาจ"), capability="")
def delegate(
    *,
    actor: Actor,
    post: Post,
    person: Person,
    kind: str = DelegationKind.ACTING,
    since: date | None = None,
    until: date | None = None,
    capabilities: list[str] = (),
    order_reference: str = "",
    reason: str = "",
) -> Delegation:
    """Lend a post's authority. The holder lends their own; otherwise ``org.delegate`` is needed."""
    own = actor.is_system or any(
        c.post and c.post.pk == post.pk and c.kind == HoldingKind.SUBSTANTIVE for c in actor.capacities
    )
    if not own and not can(actor, ORG_DELEGATE, post):
        raise forbidden(ORG_DELEGATE, post)
    if not own:
        demand_to_give(actor, post.roles.all())
    since = since or today()
    if until and until < since:
        raise Refusal(_("วันสิ้นสุดอยู่ก่อนวันเริ่ม แก้วันที่ แล้วบันทึกอีกครั้ง"), code="org.dates", field="until")
    if Holding.objects.on(since).filter(post=post, person=person).exists():
        raise Refusal(_("ผู้นี้ดำรงตำแหน่งนี้อยู่แล้ว เลือกผู้อื่น"), code="org.own_post", field="person")
    delegation = Delegation.objects.create(
        post=post,
        person=person,
        kind=kind,
        since=since,
        until=until,
        capabilities=list(capabilities),
        order_reference=order_reference,
        reason=reason,
    )
    entry().on(delegation, post, person)
    return delegation


@verb("org.revoke_delegation", _("ยกเลิกการรักษาราชการแทนหรือการมอบอำนาจ"), capability="")
def revoke_delegation(*, actor: Actor, delegation: Delegation) -> None:
    """End a delegation at once: the right is gone on the next request."""
    own = actor.is_system or delegation.post_id in {
        c.post.pk for c in actor.capacities if c.post and c.kind == HoldingKind.SUBSTANTIVE
    }
    if not own and not can(actor, ORG_DELEGATE, delegation.post):
        raise forbidden(ORG_DELEGATE, delegation.post)
    if delegation.revoked_at:
        raise Conflict(_("ยกเลิกไปแล้ว"), code="org.revoked")
    entry().on(delegation, delegation.post)
    save(delegation, revoked_at=timezone.now())


@verb("org.join", _("ให้เข้าร่วมทีมหรือคณะกรรมการ"), capability=ORG_MANAGE, on="unit")
def join(
    *, actor: Actor, unit: Unit, person: Person, role: Role, duty: str = "", since: date | None = None
) -> Membership:
    demand_to_give(actor, [role])
    membership = Membership.objects.create(
        unit=unit, person=person, role=role, duty=duty, since=since or today()
    )
    entry().on(membership, unit, person)
    return membership


@verb("org.leave", _("ให้พ้นจากทีมหรือคณะกรรมการ"), capability=ORG_MANAGE)
def leave(*, actor: Actor, membership: Membership) -> None:
    entry().on(membership, membership.unit)
    yesterday = today() - timedelta(days=1)
    if membership.since > yesterday:
        membership.delete()
    else:
        save(membership, until=yesterday)


@verb("org.save_role", _("กำหนดบทบาท"), capability=ORG_ROLES, fresh=True)
def save_role(*, actor: Actor, role: Role, **fields: Any) -> Role:
    entry().on(role)
    if role.pk is None:
        for name, value in fields.items():
            setattr(role, name, value)
        role.full_clean()
        role.save()
        entry().on(role)
    else:
        # What is taken away here has been decided: it does not wait again.
        decided = {*role.offered, *role.capabilities, *fields.get("capabilities", ())}
        save(role, **fields, offered=sorted(decided))
    return role


@verb("org.settle_rights", _("ตัดสินสิทธิ์ใหม่ของบทบาท"), capability=ORG_ROLES, fresh=True)
def settle_rights(*, actor: Actor, given: set[tuple[str, str]]) -> int:
    """Give the waiting rights named as (role code, capability code), and let all others count as refused; returns
    how many were given. What is not waiting is not given, whatever was sent."""
    count = 0
    for role, rights in waiting_rights():
        chosen = [c.code for c in rights if (role.code, c.code) in given]
        count += len(chosen)
        save(
            role,
            capabilities=sorted({*role.capabilities, *chosen}),
            offered=sorted({*role.offered, *(c.code for c in rights)}),
        )
        entry().on(role)
    entry().tell(given=count)
    return count


@verb("org.set_post_roles", _("กำหนดบทบาทของตำแหน่ง"), capability=ORG_ROLES, on="post", fresh=True)
def set_post_roles(*, actor: Actor, post: Post, roles: list[Role]) -> None:
    before = sorted(post.roles.values_list("code", flat=True))
    post.roles.set(roles)
    entry().changed("roles", before, sorted(role.code for role in roles))


@verb("org.add_account", _("เปิดบัญชีผู้ใช้"), capability=ORG_MANAGE)
def add_account(
    *, actor: Actor, person: Person, username: str, email: str = "", password: str | None = None
) -> Account:
    """Open an account. Without a password the owner sets one by the invitation link."""
    if Account.objects.filter(person=person).exists():
        raise Refusal(
            _("%(name)s มีบัญชีอยู่แล้ว เปิดบัญชีเดิมจากหน้าบุคคล") % {"name": person.name}, code="org.account_exists"
        )
    if Account.objects.filter(username=username).exists():
        raise Refusal(
            _("ชื่อผู้ใช้ %(name)s มีผู้ใช้แล้ว เลือกชื่ออื่น") % {"name": username},
            code="org.username_taken",
            field="username",
        )
    account = Account.objects.create_user(username, password, person=person, email=email)
    entry().on(account, person)
    return account


@verb("org.suspend_account", _("ระงับบัญชีผู้ใช้"), capability=ORG_MANAGE)
def suspend_account(*, actor: Actor, account: Account, suspended: bool = True) -> None:
    """Suspend, which ends every session at once, or lift the suspension, which revives none of them."""
    demand_over(actor, account)
    entry().on(account)
    save(account, is_active=not suspended, session_epoch=account.session_epoch + 1)


@dataclass(frozen=True)
class Appointment:
    """One line of a staff list: a post in a unit, who holds it from when, and the account to open."""

    unit: Unit
    kind: str
    title: str
    short_title: str
    person: Person
    roles: tuple[Role, ...] = ()
    number: str = ""
    position: int = 0
    username: str = ""


@verb("org.staff", _("บรรจุบุคลากรลงตำแหน่งเป็นชุด"), capability=ORG_MANAGE)
def staff(
    *, actor: Actor, appointments: list[Appointment], since: date | None = None, password_hash: str = ""
) -> list[Post]:
    """Create people, posts, holdings and accounts of a whole staff list in a handful of statements.

    ``person`` of each line is an unsaved Person. Without ``password_hash`` (already encoded, shared by the lot)
    accounts open without a password and wait for their invitation.
    """
    demand_to_give(actor, {role for line in appointments for role in line.roles})
    since = since or today()
    names = [line.username for line in appointments if line.username]
    taken = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
    taken |= {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    if taken:
        raise Refusal(
            _("ชื่อผู้ใช้ซ้ำ: %(names)s แก้ให้ไม่ซ้ำ แล้วนำเข้าอีกครั้ง") % {"names": ", ".join(sorted(taken)[:5])},
            code="org.username_taken",
        )
    Person.objects.bulk_create([line.person for line in appointments], batch_size=2000)
    posts = Post.objects.bulk_create(
        [
            Post(
                unit=line.unit,
                kind=line.kind,
                title=line.title,
                short_title=line.short_title,
                number=line.number,
                position=line.position,
                since=since,
            )
            for line in appointments
        ],
        batch_size=2000,
    )
    Post.roles.through.objects.bulk_create(
        [
            Post.roles.through(post_id=post.pk, role_id=role.pk)
            for post, line in zip(posts, appointments, strict=True)
            for role in line.roles
        ],
        batch_size=5000,
    )
    Holding.objects.bulk_create(
        [
            Holding(post=post, person=line.person, since=since)
            for post, line in zip(posts, appointments, strict=True)
        ],
        batch_size=2000,
    )
    Account.objects.bulk_create(
        [
            Account(
                username=line.username,
                email=line.person.email,
                person=line.person,
                password=password_hash or make_password(None),
            )
            for line in appointments
            if line.username
        ],
        batch_size=2000,
    )
    entry().tell(people=len(appointments), units=len({line.unit.pk for line in appointments}))
    return posts


@verb("org.remove_unused", _("นำหน่วยงานหรือตำแหน่งที่ยังไม่เคยใช้ออก"), capability=ORG_MANAGE)
def remove_unused(*, actor: Actor, units: list[Unit] = (), posts: list[Post] = ()) -> None:
    """Take back units and posts that were made by mistake. The database refuses when anything refers to them.

    The people whose only post goes are removed too, with their unused accounts.
    """
    try:
        with transaction.atomic():
            people = list(Holding.objects.filter(post__in=posts).values_list("person", flat=True))
            Holding.objects.filter(post__in=posts).delete()
            Post.objects.filter(pk__in=[post.pk for post in posts]).delete()
            idle = Person.objects.filter(
                pk__in=people, holdings__isnull=True, memberships__isnull=True, delegations__isnull=True
            )
            Account.objects.filter(person__in=idle, last_login__isnull=True).delete()
            idle.filter(account__isnull=True).delete()
            Unit.objects.filter(pk__in=[unit.pk for unit in units]).delete()
    except (ProtectedError, IntegrityError) as why:
        raise Conflict(_("นำออกไม่ได้ เพราะมีการใช้งานแล้ว ให้เลิกใช้แทน"), code="org.in_use") from why
    entry().tell(units=len(units), posts=len(posts))


@verb("org.set_up", _("ตั้งสำนักงาน"), capability=ORG_MANAGE)
def set_up(
    *, actor: Actor, code: str, name: str, short_name: str, administrator: Person, username: str
) -> Account:
    """The first step of a new office: the office itself, the default roles, and its first administrator."""
    if Unit.objects.filter(kind=UnitKind.OFFICE).exists():
        raise Conflict(_("มีสำนักงานอยู่แล้ว แก้ไขได้จากหน้าสำนักงานและบุคลากร"), code="org.office_exists")
    roles = ensure_roles()
    unit = add_unit(actor=actor, kind=UnitKind.OFFICE, code=code, name=name, short_name=short_name)
    line = Appointment(
        unit=unit,
        kind=PostKind.OFFICER,
        title="ผู้ดูแลระบบ",
        short_title="ผู้ดูแลระบบ",
        person=administrator,
        roles=(roles["admin"],),
        number="ผู้ดูแลระบบ",
        username=username,
    )
    staff(actor=actor, appointments=[line])
    return administrator.account
