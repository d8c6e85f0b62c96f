"""A past made at once, for seeds: memos with their whole route as the verbs would have left them, in few statements.

Each memo is told act by act in memory, with the flow's own route, deadlines and working time, and written with
all the others at the end: matters, runs, steps in rounds (each names the one before), the notices of those who
were told, already read, and the journal, act by act at its moment. Only for acts that lie in the past for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from khet.base.journal.api import Draft, append
from khet.base.notices.api import tell
from khet.base.notices.models import Channel, Notice, State
from khet.base.org.api import Person, Post, Unit, holder
from khet.base.org.verbs import verbs
from khet.base.org.world import at
from khet.kits.workflow.api import (
    Run,
    Step,
    at_close,
    due_after,
    flow_of,
    holidays,
    place_of,
    plan_after,
    working_days_held,
)
from khet.kits.workflow.bases import Place, StepKind
from khet.kits.workflow.choices import Part, Urgency
from khet.modules.desk.choices import MatterKind, MemoState
from khet.modules.desk.models import Matter


@dataclass
class Told:
    """One act of the story, for the journal."""

    at: datetime
    code: str
    person: Person
    unit: Unit
    step: int = 0
    kind: str = ""
    states: tuple[str, str] | None = None


@dataclass
class Memo:
    """One memo on its way; ``steps`` are unsaved rows in order, the last one is where it lies."""

    past: Past
    writer: Post
    matter: Matter
    run: Run
    steps: list[Step] = field(default_factory=list)
    acts: list[Told] = field(default_factory=list)

    @property
    def last(self) -> Step:
        return self.steps[-1]

    def open(self, kind: StepKind, place: Place, moment: datetime, **facts: Any) -> None:
        due = due_after(moment, kind.days, self.past.off) if kind.days is not None else self.run.due_at
        if self.run.due_at is not None and due is not None:
            due = min(due, self.run.due_at)
        before = self.steps[-1] if self.steps else None
        self.steps.append(
            Step(
                run=self.run,
                order=len(self.steps) + 1,
                kind=kind.code,
                due_at=due,
                arrived_at=moment,
                post=place if isinstance(place, Post) else None,
                unit=place.unit if isinstance(place, Post) else place,
                sent_by=before.decided_by if before else self.past.person(self.writer),
                sent_post=before.post if before else self.writer,
                **facts,
            )
        )

    def decide(
        self, moment: datetime, act: str, note: str = "", *, state: str = "", ends: bool = False
    ) -> Step:
        """Whoever holds the last step decides it; ``state`` is the run's afterwards."""
        step = self.last
        moment = min(max(moment, step.arrived_at + timedelta(minutes=7)), self.past.now)
        step.decided_at = step.opened_at = moment
        step.decided_by = self.past.person(step.post)
        step.act, step.note = act, note
        step.held = working_days_held(step.arrived_at, moment, self.past.off)
        changed = (self.run.state, state) if state and state != self.run.state else None
        self.acts.append(
            Told(moment, f"workflow.{act}", step.decided_by, step.unit, step.order, step.kind, changed)
        )
        self.run.moved_at = moment
        self.run.state = self.matter.state = state or self.run.state
        if ends:
            self.run.closed_at, self.run.plan = moment, []
        return step

    def onward(self, moment: datetime, act: str, note: str = "") -> None:
        """submit, endorse or approve: to the next stop of the route, or to the end."""
        flow = self.run.declared
        if not self.run.plan:
            self.decide(moment, act, note, state=self.last.declared.ends, ends=True)
            return
        item, *rest = self.run.plan
        kind = flow.kind(item["kind"])
        done = self.decide(moment, act, note, state=kind.state)
        self.run.plan = rest
        self.open(kind, self.past.place(item), done.decided_at)

    def climb(self, stops: int, moment: datetime, gap: timedelta, notes: Sequence[str]) -> None:
        """Some stops up with a note each, never past the top."""
        for number in range(stops):
            moment += gap
            if self.last.kind == "top":
                return
            self.onward(moment, "endorse", notes[min(number, len(notes) - 1)])

    def give_back(self, moment: datetime, note: str) -> None:
        """Back to whoever began it."""
        flow = self.run.declared
        done = self.decide(moment, "return", note, state=flow.returned)
        self.run.plan = self.past.plan(self.run, flow.steps[0], self.writer)
        self.open(flow.steps[0], self.writer, done.decided_at, request=note)

    def assign(self, moment: datetime, note: str, to: Unit) -> None:
        """Down to a unit's inbox."""
        opens = self.run.declared.kind(self.last.declared.down)
        done = self.decide(moment, "assign", note, state=opens.state)
        self.run.plan = []
        self.open(opens, to, done.decided_at, part=Part.HOST, request=note)

    def take(self, moment: datetime, post: Post) -> None:
        step = self.last
        step.opened_at = min(max(moment, step.arrived_at + timedelta(minutes=5)), self.past.now)
        step.post = post
        self.run.moved_at = step.opened_at
        self.acts.append(Told(step.opened_at, "workflow.take", self.past.person(post), step.unit))


class Past:
    """Memos being told; ``write`` puts them all down."""

    def __init__(self, now: datetime, read_until: datetime) -> None:
        self.now = now
        self.read_until = read_until
        self.off = holidays()
        self.memos: list[Memo] = []
        self._people: dict[int, Person] = {}
        self._places: dict[tuple[str, int], Place] = {}
        self._plans: dict[tuple[str, int], list[dict[str, Any]]] = {}

    def person(self, post: Post) -> Person:
        if post.pk not in self._people:
            self._people[post.pk] = holder(post)
        return self._people[post.pk]

    def place(self, item: dict[str, Any]) -> Place:
        key = ("post", item["post"]) if "post" in item else ("unit", item["unit"])
        if key not in self._places:
            self._places[key] = place_of(item)
        return self._places[key]

    def plan(self, run: Run, kind: StepKind, place: Post) -> list[dict[str, Any]]:
        """The rest of the route, the same for everything that begins at one post."""
        key = (kind.code, place.pk)
        if key not in self._plans:
            self._plans[key] = plan_after(run, kind, place)
        return list(self._plans[key])

    def memo(
        self, writer: Post, subject: str, body: str, moment: datetime, due: date | None, urgency: int = 0
    ) -> Memo:
        """A memo written and sent up to the next post."""
        flow, person, unit = flow_of("desk.memo"), self.person(writer), writer.unit
        matter = Matter(
            kind=MatterKind.MEMO, subject=subject, body=body, unit=unit, post=writer, author=person,
            state=MemoState.DRAFT,
        )  # fmt: skip
        run = Run(
            flow=flow.code, version=flow.version, subject_label=matter._meta.label_lower, unit=unit,
            title=subject, source=unit.short_name, due_at=at_close(due) if due else None, urgency=urgency, state=flow.steps[0].state,
            drafter=writer, started_by=person, started_at=moment, moved_at=moment,
        )  # fmt: skip
        made = Memo(self, writer, matter, run)
        run.plan = self.plan(run, flow.steps[0], writer)
        made.open(flow.steps[0], writer, moment)
        made.acts += [
            Told(moment, "desk.write_memo", person, unit),
            Told(moment, "workflow.start", person, unit),
        ]
        made.steps[0].opened_at = moment
        step = made.last
        kind = flow.kind(run.plan[0]["kind"])
        step.decided_at, step.decided_by, step.act, step.held = moment, person, "submit", 0
        made.acts.append(Told(moment, "workflow.submit", person, unit, 1, step.kind, (run.state, kind.state)))
        run.state = matter.state = kind.state
        item, *run.plan = run.plan
        made.open(kind, self.place(item), moment)
        self.memos.append(made)
        return made

    def write(self) -> None:
        """Everything told so far, in a number of statements that hardly grows with it."""
        Matter.objects.bulk_create([memo.matter for memo in self.memos], batch_size=500)
        for memo in self.memos:
            memo.matter.created_at = memo.run.started_at
            memo.run.subject_id, memo.run.url = memo.matter.pk, memo.matter.get_absolute_url()
        Matter.objects.bulk_update([memo.matter for memo in self.memos], ["created_at"], batch_size=500)
        Run.objects.bulk_create([memo.run for memo in self.memos], batch_size=500)
        for number in range(max((len(memo.steps) for memo in self.memos), default=0)):
            going = [memo for memo in self.memos if len(memo.steps) > number]
            for memo in going:
                memo.steps[number].run = memo.run
                memo.steps[number].after = memo.steps[number - 1] if number else None
            Step.objects.bulk_create([memo.steps[number] for memo in going], batch_size=500)
        self._tell()
        self._journal()
        self.memos = []

    def _tell(self) -> None:
        """The holder of each stop was told in the app and has read it since; of what is new everybody is told as ever."""
        notices = []
        for memo in self.memos:
            for step in memo.steps:
                reader = self.person(step.post) if step.post is not None else None
                if reader is None or reader == step.sent_by:
                    continue
                if step.arrived_at >= self.read_until:
                    with at(step.arrived_at):
                        tell(
                            event=f"workflow.step:{step.pk}",
                            title=f"{step.ask}: {memo.run.title}",
                            body=f"จาก {step.sent_by.name}",
                            url=memo.run.url,
                            posts=[step.post],
                            but=step.sent_by,
                            urgent=memo.run.urgency == Urgency.MOST_URGENT,
                        )
                    continue
                notices.append(
                    Notice(
                        event=f"workflow.step:{step.pk}",
                        person=reader,
                        channel=Channel.APP,
                        url=memo.run.url,
                        title=f"{step.ask}: {memo.run.title}"[:300],
                        body=f"จาก {step.sent_by.name}",
                        created_at=step.arrived_at,
                        sent_at=step.arrived_at,
                        read_at=self.now,
                        state=State.SENT,
                    )
                )
        Notice.objects.bulk_create(notices, batch_size=1000)

    def _journal(self) -> None:
        """One entry for each act, in the order of time."""
        told = [(act, memo) for memo in self.memos for act in memo.acts]
        told.sort(key=lambda pair: pair[0].at)
        for moment, together in groupby(told, key=lambda pair: pair[0].at):
            append([self._entry(act, memo) for act, memo in together], at=moment)

    def _entry(self, act: Told, memo: Memo) -> Draft:
        draft = Draft(
            verb=act.code, sentence=str(verbs[act.code].label), actor_name=act.person.name,
            actor_id=getattr(getattr(act.person, "account", None), "pk", None), unit_id=act.unit.pk,
        )  # fmt: skip
        draft.on(memo.matter if act.code == "desk.write_memo" else memo.run)
        if act.step:
            draft.tell(step=act.step, kind=act.kind, act=act.code.partition(".")[2])
        if act.states:
            draft.changed("state", *act.states)
        return draft
