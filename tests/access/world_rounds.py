"""Rounds of the invented area: one closed with its census, one ready to be closed, one open with a sheet at every step, one planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import today
from khet.kits.rounds.actions import (
    assign_duty,
    certify,
    change_round,
    close,
    confirm,
    exempt,
    open_round,
    plan_year,
    save_answers,
    submit,
    verify,
    write_form,
)
from khet.kits.rounds.models import Finding, Form, Return, Round

if TYPE_CHECKING:
    from tests.access.world import World

CLERKS = {"own": "school_clerk", "foreign": "foreign_clerk"}
HEADS = {"own": "principal", "foreign": "foreign_principal"}
SHEET, CHECK = "students", "students.no_guardian"
STEPS = ("entering", "cleared", "confirmed", "certified", "verified")


def add_rounds(world: World) -> None:
    """The sheets are the office's own forms, so that every step stands whatever the day. What a school answers carries its canary."""
    planner = world.actor("planner")
    question = {"label": "openO คำถาม", "kind": "text"}
    forms = [
        write_form(actor=planner, title=f"openO แบบ {n}", questions=[question], kind="form")
        for n in range(1, 5)
    ]
    world.put("round_form", "office", forms[0].pk)
    year = school_year(today())
    plan_year(actor=planner, school_year=year)
    rounds = {(one.kind, one.number): one for one in Round.objects.filter(school_year=year)}
    for name, key in {
        "closed": ("term", 1),
        "open": ("term", 2),
        "planned": ("term", 3),
        "ready": ("yearly", 1),
    }.items():
        world.put(f"round_{name}", "office", rounds[key].pk)
    for key in (("term", 1), ("yearly", 1)):
        _whole(world, rounds[key], forms[0])
    census = close(actor=world.actor("director"), round=rounds["term", 1])
    world.put("census", "office", census.pk)
    world.put("census_file", "office", {"pk": census.pk, "name": "manifest.json"})
    _open(world, rounds["term", 2], forms)
    _findings(world, rounds["term", 2])
    for where, word in {"own": "principal", "foreign": "foreign_principal", "office": "head"}.items():
        unit = None if where == "office" else world.units[where]
        duty = assign_duty(actor=planner, code=forms[0].code, unit=unit, post=world.posts[word])
        world.put("duty", where, duty.pk)
        if unit is not None:
            world.put("duty_at", where, {"unit": unit.pk})


def _whole(world: World, round_: Round, form: Form) -> None:
    """Everything verified; the third school owes nothing."""
    planner = world.actor("planner")
    change_round(actor=planner, round=round_, sheet_codes=[form.code])
    open_round(actor=planner, round=round_)
    exempt(actor=planner, round=round_, unit=world.units["far"], reason="openO")
    for where in CLERKS:
        _hand(world, round_, where, form.code, "verified")


def _open(world: World, round_: Round, forms: list[Form]) -> None:
    """The first sheet not begun, the others cleared, confirmed and certified, with what may be done to each."""
    planner = world.actor("planner")
    change_round(actor=planner, round=round_, sheet_codes=[*(form.code for form in forms), SHEET])
    open_round(actor=planner, round=round_)
    acts = [("start", "submit"), ("confirm",), ("certify", "decline"), ("verify", "give_back")]
    for where in CLERKS:
        for form, state, possible in zip(forms, ("", "cleared", "confirmed", "certified"), acts, strict=True):
            handed = _hand(world, round_, where, form.code, state)
            for act in possible:
                world.put(f"to_{act}", where, {"pk": handed.pk, "act": act})
            if not state:
                world.put("return", where, handed.pk)
        world.put("fix", where, {"pk": round_.pk, "unit": world.units[where].pk})


def _hand(world: World, round_: Round, where: str, sheet: str, until: str) -> Return:
    """Take one sheet of one school through the steps up to a state."""
    handed = Return.objects.select_related("round", "unit", "form").get(
        round=round_, unit=world.units[where], sheet=sheet
    )
    clerk, head = world.actor(CLERKS[where]), world.actor(HEADS[where])
    steps = {
        "entering": lambda: save_answers(
            actor=clerk, handed=handed, values={"q1": world.canary(where, "returned")}
        ),
        "cleared": lambda: submit(actor=clerk, handed=handed),
        "confirmed": lambda: confirm(actor=clerk, handed=handed),
        "certified": lambda: certify(actor=head, handed=handed, agreed=True),
        "verified": lambda: verify(actor=world.actor("planner"), round=round_, returns=[handed]),
    }
    for state in STEPS[: STEPS.index(until) + 1] if until else ():
        steps[state]()
        handed.refresh_from_db()
    return handed


def _findings(world: World, round_: Round) -> None:
    """Written as the rules write them: open, explained, and shared with the third school. A rule's own find is tested beside it."""
    now = timezone.now()
    for where in CLERKS:
        common = {
            "round": round_, "code": CHECK, "sheet": SHEET, "level": "explain", "unit": world.units[where], "found_at": now,
            "facts": {"name": world.canary(where, "returned")},
        }  # fmt: skip
        pupil = world.objects["pupil"][where]
        world.put("finding", where, Finding.objects.create(**common, subject_id=pupil).pk)
        said = Finding.objects.create(
            **common, subject_id=pupil + 1_000_000, state="explained", reason=world.canary(where, "returned")
        )
        world.put("finding_said", where, said.pk)
        shared = Finding.objects.create(**common, subject_id=pupil + 2_000_000, other_unit=world.units["far"])
        world.put("finding_shared", where, shared.pk)
