"""The two routes of the desk: a memo up the chain, a task down it and back for checking."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import save
from khet.kits.workflow.api import (
    Flow,
    Moved,
    StepKind,
    acknowledge,
    approve,
    ask,
    assign,
    declare,
    drafter,
    endorse,
    finish,
    forward,
    give_back,
    same_house,
    submit,
    to_deputy,
    to_head,
    to_top,
    withdraw,
)
from khet.kits.workflow.choices import Shape
from khet.modules.desk.choices import MemoState, TaskState
from khet.modules.desk.models import Matter

SHAPES = {
    MemoState.DRAFT: Shape.DRAFT,
    MemoState.MOVING: Shape.FULL,
    MemoState.DECIDING: Shape.FULL,
    MemoState.WORKING: Shape.QUARTER,
    TaskState.CHECKING: Shape.HALF,
    MemoState.RETURNED: Shape.RETURNED,
    MemoState.APPROVED: Shape.DONE,
    MemoState.DONE: Shape.CLOSED,
    MemoState.WITHDRAWN: Shape.VOID,
}


def follow(moved: Moved) -> None:
    """The matter's state is its run's, for lists that do not join."""
    matter = Matter.objects.get(pk=moved.run.subject_id)
    save(matter, state=moved.run.state)


MEMO = declare(
    Flow(
        code="desk.memo", version=1, label=_("บันทึกเสนอ"), states=MemoState, shapes=SHAPES,
        returned=MemoState.RETURNED, withdrawn=MemoState.WITHDRAWN, closed=MemoState.DONE, after=follow,
        steps=(
            StepKind("draft", _("ผู้เริ่มเรื่อง"), ask=_("แก้และเสนอ"), state=MemoState.DRAFT, decider=drafter,
                     acts=(submit, ask, withdraw), passes=same_house),
            StepKind("head", _("หัวหน้าลงความเห็น"), ask=_("ลงความเห็น"), state=MemoState.MOVING, decider=to_head,
                     acts=(endorse, give_back, assign, forward, ask), passes=same_house, down="work", days=1),
            StepKind("deputy", _("รอง ผอ. ลงความเห็น"), ask=_("ลงความเห็น"), state=MemoState.MOVING, decider=to_deputy,
                     acts=(endorse, give_back, assign, forward, ask), passes=same_house, down="work", days=1),
            StepKind("review", _("ให้ความเห็นประกอบ"), ask=_("ลงความเห็น"), state=MemoState.MOVING, decider=to_deputy,
                     acts=(endorse, give_back, forward), passes=same_house, on_route=False, days=1),
            StepKind("top", _("พิจารณา"), ask=_("พิจารณา"), state=MemoState.DECIDING, decider=to_top,
                     acts=(approve, give_back, assign, forward, ask), passes=same_house, passed_as="review",
                     down="work", ends=MemoState.APPROVED, days=2),
            StepKind("work", _("ดำเนินการ"), ask=_("ดำเนินการ"), state=MemoState.WORKING, decider=drafter,
                     acts=(finish, endorse, assign, forward, ask, give_back), passes=same_house, down="work", on_route=False,
                     ends=MemoState.DONE),
        ),
    )
)  # fmt: skip

TASK = declare(
    Flow(
        code="desk.task", version=1, label=_("งานมอบหมาย"), states=TaskState, shapes=SHAPES,
        returned=TaskState.RETURNED, withdrawn=TaskState.WITHDRAWN, closed=TaskState.DONE, after=follow,
        steps=(
            StepKind("order", _("ผู้มอบหมาย"), ask=_("มอบหมาย"), state=TaskState.DRAFT, decider=drafter,
                     acts=(assign, withdraw), passes=same_house, down="work"),
            StepKind("work", _("ดำเนินการ"), ask=_("ทำและส่งงาน"), state=TaskState.WORKING, decider=drafter,
                     acts=(submit, assign, forward, ask, give_back), passes=same_house, down="work", on_route=False),
            StepKind("check", _("ตรวจรับงาน"), ask=_("ตรวจรับ"), state=TaskState.CHECKING, decider=drafter,
                     acts=(acknowledge, give_back, ask), ends=TaskState.DONE, days=2),
        ),
    )
)  # fmt: skip
