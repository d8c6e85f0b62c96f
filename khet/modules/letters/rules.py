"""Who may do what with letters, and which letters a person sees."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Actor, Rule, Unit, can, capability, rule, visible
from khet.base.org.choices import UnitKind
from khet.kits.workflow.api import Run
from khet.modules.letters.choices import Secrecy
from khet.modules.letters.models import (
    AddresseeGroup,
    Bureau,
    Entry,
    Letter,
    Receipt,
    Register,
    Reminder,
    Signature,
)

VIEW = capability("letters.view", _("เปิดหน้าหนังสือราชการ"), roles=EVERYONE)
#: Asked on a letter: does the reader see it, and may they have its words if it is secret.
READ = capability("letters.read", _("อ่านหนังสือที่ตนเห็น"), roles=EVERYONE)
REGISTERS = capability(
    "letters.registers",
    _("ดูทะเบียนหนังสือของหน่วยงาน"),
    roles=["saraban", "school_clerk", "head", "principal", "director", "deputy"],
)
RECEIVE = capability("letters.receive", _("ลงรับหนังสือ"), roles=["saraban", "school_clerk", "principal"])
DRAFT = capability(
    "letters.draft",
    _("ร่างหนังสือ"),
    roles=["officer", "head", "saraban", "school_clerk", "principal", "deputy", "director"],
)
SIGN = capability("letters.sign", _("ลงนามหนังสือ"), roles=["director", "deputy", "principal"])
DISPATCH = capability("letters.dispatch", _("ส่งหนังสือ"), roles=["saraban", "school_clerk", "principal"])
REMIND = capability(
    "letters.remind",
    _("เตือนหน่วยงานที่ยังไม่ตอบ"),
    roles=["saraban", "head", "officer", "school_clerk", "principal"],
)
CANCEL = capability("letters.cancel", _("ยกเลิกเลขหนังสือ"), roles=["saraban", "school_clerk", "principal"])
SETUP = capability(
    "letters.setup", _("ตั้งค่างานสารบรรณ"), roles=["admin", "saraban", "school_clerk", "principal"]
)
SECRET = capability(
    "letters.secret", _("อ่านหนังสือลับ"), roles=["director", "deputy", "saraban", "principal"], others_data=True
)
PRINT = capability(
    "letters.print",
    _("พิมพ์และส่งออกทะเบียนหนังสือ"),
    roles=["saraban", "school_clerk", "head", "principal", "director", "deputy"],
)


def may_read_secret(actor: Actor) -> bool:
    """Secret words are shown only to whoever has the right and has just signed in again."""
    return actor.is_system or (actor.has(SECRET) and actor.fresh_sign_in)


def may_read(actor: Actor, letter: Letter) -> bool:
    """May the words of this letter be shown to a person who already sees that it exists."""
    return not letter.is_secret or may_read_secret(actor)


def may_follow(actor: Actor, letter: Letter) -> bool:
    """May the actor see who has read and answered: whoever reminds, sends or reads the registers for the sender."""
    return any(can(actor, code, letter) for code in (REMIND, DISPATCH, REGISTERS))


def registers_units(actor: Actor) -> list[int]:
    """Units whose registers the actor reads: as their reader, or as one who receives for them.

    Area-wide sight ends at the school gate: a school's own letters stay in the school.
    """
    known = actor.__dict__.get("_registers_units")
    if known is not None:
        return known
    wide = any(actor.scope(code).everywhere for code in (REGISTERS, RECEIVE))
    found: set[int] = set()
    for code in (REGISTERS, RECEIVE):
        scope = actor.scope(code)
        found |= scope.units
        if scope.trees:
            found |= set(scope.unit_ids().values_list("pk", flat=True))
    if wide:
        found |= set(Unit.objects.exclude(kind=UnitKind.SCHOOL).values_list("pk", flat=True))
    # Asked several times by one page; an actor lives for one request.
    actor.__dict__["_registers_units"] = sorted(found)
    return actor.__dict__["_registers_units"]


def registers_where(actor: Actor) -> list[int] | QuerySet[Unit]:
    """The same for a condition: area-wide sight is left to the database instead of being listed first."""
    if "_registers_units" in actor.__dict__:
        return registers_units(actor)
    scopes = [actor.scope(code) for code in (REGISTERS, RECEIVE)]
    if not any(scope.everywhere for scope in scopes) or any(scope.trees for scope in scopes):
        return registers_units(actor)
    own = frozenset().union(*(scope.units for scope in scopes))
    return Unit.objects.filter(~Q(kind=UnitKind.SCHOOL) | Q(pk__in=own)).order_by().values("pk")


class LetterRule(Rule):
    """A letter is seen by its owner, its issuer's registry, its receivers, its drafter and its route.

    Acts on it (dispatch, remind, cancel) belong to the unit that owns it or in whose name it goes out.
    """

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if not scope:
            return Q(pk__in=[])
        if capability in (VIEW, READ):
            seen = self.seen(actor)
            return seen if capability == VIEW or may_read_secret(actor) else seen & Q(secrecy=Secrecy.OPEN)
        if capability == DRAFT:
            return self.drafted(actor)
        if scope.everywhere:
            return ~Q(unit__kind=UnitKind.SCHOOL) | Q(unit__in=[c.unit.pk for c in actor.capacities])
        return scope.q("unit_id") | scope.q("issuer_id")

    def check(self, actor: Actor, capability: str, record: Letter) -> bool:
        """The same without a query where the letter's own units decide: a page asks for many acts on one letter."""
        if capability in (VIEW, READ):
            return super().check(actor, capability, record)
        scope = actor.scope(capability)
        own = {c.unit.pk for c in actor.capacities}
        if capability == DRAFT:
            mine = bool(scope) and record.drafter_post_id in actor.posts
            return mine or (record.unit_id in own if scope.everywhere else scope.covers(record.unit))
        if scope.everywhere:
            return record.unit.kind != UnitKind.SCHOOL or record.unit_id in own
        return any(scope.covers(unit) for unit in (record.unit, record.issuer) if unit is not None)

    def seen(self, actor: Actor) -> Q:
        units = registers_where(actor)
        routes = visible(actor, Run.objects.filter(subject_label=Letter._meta.label_lower))
        condition = self.drafted(actor) | Q(pk__in=routes.values("subject_id"))
        if not isinstance(units, list) or units:
            condition |= (
                Q(unit_id__in=units)
                | Q(issuer_id__in=units)
                | Exists(Receipt.objects.filter(letter=OuterRef("pk"), unit_id__in=units))
            )
        return condition

    def drafted(self, actor: Actor) -> Q:
        """Drafted at a post of mine, or owned by a unit for which I draft."""
        mine = Q(drafter_post__in=list(actor.posts))
        scope = actor.scope(DRAFT)
        if not scope:
            return mine
        own = frozenset(c.unit.pk for c in actor.capacities)
        return mine | (Q(unit_id__in=own) if scope.everywhere else scope.q("unit_id"))


class SignatureRule(Rule):
    """One's own signature, nobody else's."""

    def filter(self, actor: Actor, capability: str) -> Q:
        return Q(person=actor.person) if actor.person else Q(pk__in=[])


class RegisterUnitRule(Rule):
    """Registers and their rows: of the units whose registers the actor reads."""

    def check(self, actor: Actor, capability: str, record: Receipt | Register | Entry) -> bool:
        """The same without a query where the row's own unit decides."""
        scope = actor.scope(capability)
        if capability == self.view or scope.trees:
            return super().check(actor, capability, record)
        unit_id = record.register.unit_id if isinstance(record, Entry) else record.unit_id
        return scope.everywhere or unit_id in scope.units

    def filter(self, actor: Actor, capability: str) -> Q:
        if capability != self.view or not actor.has(VIEW):
            return super().filter(actor, capability)
        return Q(**{f"{self.unit}__in": registers_where(actor)})


rule(LetterRule(Letter, view=VIEW))
rule(RegisterUnitRule(Receipt, view=VIEW))
rule(RegisterUnitRule(Register, view=REGISTERS))
rule(RegisterUnitRule(Entry, view=REGISTERS, unit="register__unit_id"))
rule(Rule(Bureau, view=SETUP))
rule(Rule(AddresseeGroup, view=DRAFT))
rule(Rule(Reminder, view=REMIND, unit="letter__unit_id"))
rule(SignatureRule(Signature, view=VIEW, unit=None))
