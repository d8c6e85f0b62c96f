"""How a flow is declared. A module writes one in its ``flows.py``; the kit runs it.

    matter = declare(Flow(
        code="desk.memo", version=1, label=_("บันทึกเสนอ"),
        states=MatterState, shapes={MatterState.DRAFT: Shape.DRAFT, …},
        steps=(
            StepKind("draft", _("ร่าง"), state=MatterState.DRAFT, decider=drafter, acts=(submit, withdraw)),
            StepKind("head", _("ลงความเห็น"), state=MatterState.MOVING, decider=head_of_unit, acts=(endorse, give_back, …)),
            StepKind("director", _("พิจารณา"), …, acts=(approve, give_back), ends=MatterState.APPROVED),
        ),
        after=when_memo_moves,
    ))

Deciders are relations (``relations.py``), acts are the verb functions themselves: nothing is matched by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models

from khet.base.lib.registry import Registry
from khet.base.org.api import Actor, Post, Unit
from khet.kits.workflow.choices import Shape

if TYPE_CHECKING:
    from khet.kits.workflow.models import Run, Step

Place = Post | Unit
"""Where a step lies: a post, or the inbox of a unit."""

Relation = Callable[["Run", "Place | None"], "Place | None"]
"""Who decides, as a relation: given the run and the place before, a post, a unit's inbox, or nobody (skipped)."""

PassRule = Callable[["Run", Place, Place], bool]
"""May the holder of one place hand the matter to another place?"""


@dataclass(frozen=True)
class StepKind:
    """One kind of step of a flow.

    ``state``: the run's state while it stands here. ``ask``: the verb on a desk row ("ลงความเห็น").
    ``acts``: the verb functions allowed. ``days``: working days allowed, None for no limit of its own.
    ``capability``: needed besides holding the post, asked in the unit of the post, and by which a limited delegation is recognised.
    ``ends``: the state in which the run closes when a deciding act here has nobody after it.
    ``down``: the kind of step that an assignment from here opens. ``passes``: to whom it may be re-routed, and
    ``passed_as`` the kind of step that opens there (default the same kind; a kind that approves or signs must name
    one that does not, so that re-routing never hands on the power to decide).
    ``own_request``: whether the one who began the run may also approve it here.
    ``on_route``: whether it belongs to the default route (False: reached only by assignment).
    """

    code: str
    label: Any
    state: str
    decider: Relation
    acts: tuple[Callable[..., Any], ...]
    ask: Any = ""
    days: int | None = None
    capability: str = ""
    ends: str = ""
    down: str = ""
    passes: PassRule | None = None
    passed_as: str = ""
    own_request: bool = False
    on_route: bool = True

    def allows(self, act: Callable[..., Any]) -> bool:
        return act in self.acts


@dataclass(frozen=True)
class Moved:
    """What just happened to a run, handed to the subject's own function inside the same transaction.

    ``act`` is the verb function; ``opened`` are the steps it opened; ``ended`` is true when the run closed.
    """

    actor: Actor
    run: Run
    step: Step | None
    act: Callable[..., Any]
    before: str
    opened: tuple[Step, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class Flow:
    """A declared, versioned route. A changed route gets a new ``version``; open runs finish on their own."""

    code: str
    label: Any
    states: type[models.TextChoices]
    steps: tuple[StepKind, ...]
    version: int = 1
    shapes: dict[str, Shape] = field(default_factory=dict)
    closed: str = ""
    withdrawn: str = ""
    returned: str = ""
    after: Callable[[Moved], None] | None = None
    days: int | None = None

    @property
    def key(self) -> str:
        return f"{self.code}@{self.version}"

    def kind(self, code: str) -> StepKind:
        return next(kind for kind in self.steps if kind.code == code)

    def find(self, code: str) -> StepKind | None:
        return next((kind for kind in self.steps if kind.code == code), None)

    def position(self, code: str) -> int:
        return next(number for number, kind in enumerate(self.steps) if kind.code == code)

    def state_label(self, state: str) -> Any:
        return self.states(state).label

    def shape(self, state: str) -> str:
        return self.shapes.get(state, Shape.FULL)


flows: Registry[Flow] = Registry("flows", drawer="flows")


def declare(flow: Flow) -> Flow:
    """Add a flow to the closed registry, having checked that its words fit together."""
    codes = [kind.code for kind in flow.steps]
    if len(set(codes)) != len(codes):
        raise ValueError(f"{flow.key}: two step kinds share a code")
    states = set(flow.states.values)
    for kind in flow.steps:
        if kind.state not in states or (kind.ends and kind.ends not in states):
            raise ValueError(
                f"{flow.key}: step {kind.code} names a state that is not in {flow.states.__name__}"
            )
        for other in (kind.down, kind.passed_as):
            if other and other not in codes:
                raise ValueError(f"{flow.key}: step {kind.code} leads to {other!r}, which is not a step")
    for state in (flow.closed, flow.withdrawn, flow.returned):
        if state and state not in states:
            raise ValueError(f"{flow.key}: {state!r} is not in {flow.states.__name__}")
    return flows.add(flow.key, flow)


def flow_of(code: str, version: int | None = None) -> Flow:
    """A flow by code; without a version the newest one."""
    if version is not None:
        return flows[f"{code}@{version}"]
    return max((flow for flow in flows if flow.code == code), key=lambda flow: flow.version)
