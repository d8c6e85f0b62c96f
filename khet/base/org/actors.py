"""The actor: a person with everything they may do today, loaded once a request in one query for most people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from khet.base.org.choices import DelegationKind, HoldingKind, Reach, UnitKind
from khet.base.org.models import Account, Delegation, Holding, Membership, Person, Post, Role, Unit


def _with_roles(rows: models.QuerySet[models.Model]) -> models.QuerySet[models.Model]:
    """Holdings or delegations with their post and unit, and the post's roles in the same query."""
    fields = {field.attname: field.attname for field in Role._meta.concrete_fields}
    roles = Role.objects.filter(posts=OuterRef("post")).order_by("name").values(row=JSONObject(**fields))
    return rows.select_related("post__unit__parent").annotate(role_rows=ArraySubquery(roles))


def _roles(row: models.Model) -> tuple[Role, ...]:
    return tuple(Role(**values) for values in row.role_rows)


@dataclass(frozen=True)
class Scope:
    """Where a capability holds: everywhere, in some units, and in some units with all below them."""

    everywhere: bool = False
    units: frozenset[int] = frozenset()
    trees: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.units) or bool(self.trees)

    def covers(self, unit: Unit) -> bool:
        return self.everywhere or unit.pk in self.units or bool(self.trees.intersection(unit.ancestors))

    def q(self, path: str) -> Q:
        """The condition on an ORM path to a unit's id. The caller handles ``everywhere``."""
        condition = Q(**{f"{path}__in": self.units})
        if self.trees:
            below = Unit.objects.filter(ancestors__overlap=list(self.trees)).values("pk")
            condition |= Q(**{f"{path}__in": below})
        return condition

    def unit_ids(self) -> models.QuerySet[Unit]:
        """The units covered, as a subquery of ids."""
        if self.everywhere:
            return Unit.objects.values("pk")
        return Unit.objects.filter(
            Q(pk__in=self.units) | (Q(ancestors__overlap=list(self.trees)) if self.trees else Q(pk__in=[]))
        ).values("pk")


@dataclass(frozen=True)
class Capacity:
    """One ground on which a person acts: their post, a post they act for, or a membership."""

    unit: Unit
    post: Post | None
    kind: str  # substantive, caretaker, acting, on_behalf, member
    roles: tuple[Role, ...]
    only: frozenset[str] = frozenset()
    delegation_id: int | None = None

    @property
    def phrase(self) -> str:
        """How it is written under a name: รักษาราชการแทน ผู้อำนวยการ… Empty for one's own post."""
        if self.post is None or self.kind in (HoldingKind.SUBSTANTIVE, "member"):
            return ""
        word = (
            HoldingKind(self.kind).label
            if self.kind == HoldingKind.CARETAKER
            else DelegationKind(self.kind).label
        )
        return f"{word} {self.post.title}"

    def grants(self) -> Iterable[tuple[str, str]]:
        """(capability, reach) pairs of this ground."""
        for role in self.roles:
            for code in role.capabilities:
                if not self.only or code in self.only:
                    yield code, role.reach


@dataclass
class Actor:
    """Who acts. ``person`` is None only for the system itself and for visitors who have not signed in."""

    account: Account | None = None
    person: Person | None = None
    capacities: list[Capacity] = field(default_factory=list)
    is_system: bool = False
    address: str | None = None
    fresh_sign_in: bool = False

    @classmethod
    def system(cls) -> Actor:
        """The machine: imports at the command line, jobs, seeds. Journaled as such."""
        return cls(is_system=True)

    @classmethod
    def of(cls, person: Person, *, account: Account | None = None, address: str | None = None) -> Actor:
        """Load everything the person may do today."""
        if account is not None and not account.is_active:
            return cls(account=account, person=person, address=address)
        capacities: list[Capacity] = []
        lent = Delegation.objects.on().filter(person=person, revoked_at__isnull=True)
        joined = Membership.objects.on().filter(person=person)
        # Most people hold one post and nothing else: its row says whether there is more to ask for.
        holdings = list(
            _with_roles(Holding.objects.on().filter(person=person)).annotate(
                is_lent=Exists(lent), is_joined=Exists(joined)
            )
        )
        is_lent, is_joined = (holdings[0].is_lent, holdings[0].is_joined) if holdings else (True, True)
        for holding in holdings:
            post = holding.post
            capacities.append(Capacity(post.unit, post, holding.kind, _roles(holding)))
        for delegation in _with_roles(lent) if is_lent else ():
            post = delegation.post
            capacities.append(
                Capacity(
                    post.unit,
                    post,
                    delegation.kind,
                    _roles(delegation),
                    frozenset(delegation.capabilities),
                    delegation.pk,
                )
            )
        for membership in joined.select_related("unit", "role") if is_joined else ():
            capacities.append(Capacity(membership.unit, None, "member", (membership.role,)))
        return cls(account=account, person=person, capacities=capacities, address=address)

    def __str__(self) -> str:
        return self.name

    @property
    def is_authenticated(self) -> bool:
        return self.person is not None

    @property
    def name(self) -> str:
        return "ระบบ" if self.is_system else (self.person.full_name if self.person else "ผู้ไม่ลงชื่อเข้าใช้")

    @cached_property
    def scopes(self) -> dict[str, Scope]:
        everywhere: set[str] = set()
        units: dict[str, set[int]] = {}
        trees: dict[str, set[int]] = {}
        for capacity in self.capacities:
            for code, reach in capacity.grants():
                if reach == Reach.AREA:
                    everywhere.add(code)
                else:
                    (trees if reach == Reach.BELOW else units).setdefault(code, set()).add(capacity.unit.pk)
        codes = everywhere | units.keys() | trees.keys()
        return {
            code: Scope(code in everywhere, frozenset(units.get(code, ())), frozenset(trees.get(code, ())))
            for code in codes
        }

    def scope(self, code: str) -> Scope:
        return Scope(everywhere=True) if self.is_system else self.scopes.get(code, Scope())

    def has(self, code: str) -> bool:
        return self.is_system or code in self.scopes

    @cached_property
    def posts(self) -> dict[int, Capacity]:
        """Posts on whose behalf the person may act today, own post first; id → capacity."""
        order = {HoldingKind.SUBSTANTIVE: 0, HoldingKind.CARETAKER: 1}
        return {
            capacity.post.pk: capacity
            for capacity in sorted(
                (c for c in self.capacities if c.post), key=lambda c: order.get(c.kind, 2), reverse=True
            )
        }

    @property
    def main_post(self) -> Post | None:
        """The post shown under the name: the person's own, else one they act for."""
        own = [c.post for c in self.capacities if c.post and c.kind == HoldingKind.SUBSTANTIVE]
        return own[0] if own else next((c.post for c in self.capacities if c.post), None)

    @property
    def office(self) -> Unit | None:
        """The area office, where it has come with one of the posts; else None, and it must be asked for."""
        for capacity in self.capacities:
            if capacity.post is None:
                continue
            for unit in (capacity.unit, capacity.unit.parent):
                if unit is not None and unit.kind == UnitKind.OFFICE and unit.parent_id is None:
                    return unit
        return None

    @property
    def unit(self) -> Unit | None:
        """The unit of the main post, else of the first membership."""
        post = self.main_post
        if post:
            return post.unit
        return self.capacities[0].unit if self.capacities else None
