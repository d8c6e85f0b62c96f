"""Every declared flow: states reachable, deciders with holders in the demo office, no dead end, return to the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from khet.base.org.api import Post, Unit
from khet.kits.workflow.api import (
    Flow,
    Run,
    StepKind,
    acknowledge,
    acts,
    approve,
    assign,
    endorse,
    finish,
    flows,
    forward,
    give_back,
    holders_of,
    sign,
    submit,
    withdraw,
)
from khet.kits.workflow.choices import MAIN_PARTS, Shape
from khet.kits.workflow.models import Step

ONWARD = (submit, endorse, approve, sign, acknowledge)
POWER = (approve, sign)
END = "end"

every_flow = pytest.mark.parametrize("flow", list(flows), ids=lambda flow: flow.key)


def ways(flow: Flow, kind: StepKind) -> Iterator[tuple[str, str]]:
    """(next step kind or END, state then) for every act that this kind allows."""
    for act in kind.acts:
        if act in ONWARD:
            for later in flow.steps[flow.position(kind.code) + 1 :]:
                if later.on_route:
                    yield later.code, later.state
            if kind.ends:
                yield END, kind.ends
        elif act is finish:
            yield END, flow.closed or kind.ends
        elif act is withdraw:
            yield END, flow.withdrawn or flow.closed
        elif act is assign:
            down = flow.kind(kind.down or kind.code)
            yield down.code, down.state
        elif act is forward:
            opens = flow.kind(kind.passed_as or kind.code)
            yield opens.code, opens.state
        elif act is give_back:
            for earlier in flow.steps:
                if earlier.code != kind.code:
                    yield earlier.code, flow.returned or earlier.state


def reachable(flow: Flow) -> tuple[set[str], set[str]]:
    kinds, states = {flow.steps[0].code}, {flow.steps[0].state}
    waiting = [flow.steps[0]]
    while waiting:
        for code, state in ways(flow, waiting.pop()):
            states.add(state)
            if code != END and code not in kinds:
                kinds.add(code)
                waiting.append(flow.kind(code))
    return kinds, states


def test_there_are_flows():
    assert {"desk.memo", "desk.task"} <= {flow.code for flow in flows}


@every_flow
def test_every_state_and_step_is_reachable(flow):
    kinds, states = reachable(flow)
    assert kinds == {kind.code for kind in flow.steps}
    assert states == set(flow.states.values)


@every_flow
def test_no_dead_end(flow):
    """From every step the end can be reached without going back."""
    good = {END}
    while True:
        more = {
            kind.code
            for kind in flow.steps
            if kind.code not in good
            and any(
                code in good
                for act in kind.acts
                if act is not give_back
                for code, _state in ways(flow, StepKind(**{**kind.__dict__, "acts": (act,)}))
            )
        }
        if not more:
            break
        good |= more
    assert good - {END} == {kind.code for kind in flow.steps}


@every_flow
def test_whoever_decides_can_return(flow):
    for kind in flow.steps:
        if any(kind.allows(act) for act in POWER):
            assert kind.allows(give_back), f"{kind.code} decides but cannot return"


@every_flow
def test_rerouting_and_assigning_never_hand_on_the_power_to_decide(flow):
    for kind in flow.steps:
        if not any(kind.allows(act) for act in POWER):
            continue
        if kind.allows(forward):
            assert kind.passed_as, f"{kind.code} may be re-routed but names no lesser step"
        if kind.allows(assign):
            assert kind.down, f"{kind.code} assigns but names no working step"
        for code in filter(None, (kind.passed_as, kind.down)):
            assert not any(flow.kind(code).allows(act) for act in POWER)


@every_flow
def test_acts_are_the_kits_own_functions(flow):
    known = {act.function for act in acts.values()}
    for kind in flow.steps:
        assert kind.acts
        assert set(kind.acts) <= known


@every_flow
def test_every_state_has_words_and_a_shape(flow):
    for state in flow.states:
        assert str(state.label).strip()
        assert flow.shape(state.value) in Shape.values


def stands(run: Run) -> list[Post | Unit]:
    """Places from which the run may come to its next step: drafter, unit, and wherever it has been."""
    steps = Step.objects.filter(run=run).select_related(
        "post__unit__overseer", "unit__overseer", "unit__parent"
    )
    known = [run.drafter, run.unit, *(step.post or step.unit for step in steps)]
    return list(dict.fromkeys(place for place in known if place is not None))


@pytest.mark.django_db
def test_every_step_has_a_decider_with_a_holder_in_the_demo_office(monkeypatch):
    from khet.site.seeding import seed

    # With a sixth of its pupils: they are no steps, and a third of the time.
    monkeypatch.setattr("khet.modules.students.seeds.pupils.PUPILS", 4_000)
    seed("demo")
    # A kit's own tests declare flows of their own, of which the demo office has nothing.
    for flow in (known for known in flows if not known.code.startswith("test.")):
        run = (
            Run.objects.filter(flow=flow.code, version=flow.version)
            .select_related("unit__overseer", "drafter")
            .first()
        )
        assert run is not None, f"the demo office has no matter on {flow.key}"
        for kind in flow.steps:
            runs = Run.objects.filter(flow=flow.code, version=flow.version).select_related(
                "unit__overseer", "drafter"
            )[:20]
            places = [
                place
                for one in runs
                for before in stands(one)
                if (place := kind.decider(one, before)) is not None
            ]
            assert places, f"{flow.key}: nobody ever decides at {kind.code}"
            held = holders_of(place.pk for place in places if isinstance(place, Post))
            assert held or any(isinstance(place, Unit) for place in places)
    open_runs = Run.objects.filter(closed_at__isnull=True)
    holding = Step.objects.filter(run__in=open_runs, decided_at__isnull=True, part__in=MAIN_PARTS)
    assert holding.count() == open_runs.count()
    people = holders_of(holding.exclude(post=None).values_list("post", flat=True))
    assert all(step.post_id in people for step in holding.exclude(post=None))
