"""The door of the kit: declare flows, act, read. See README.md."""

from khet.kits.workflow.actions import (
    acknowledge,
    acts,
    advise,
    approve,
    ask,
    assign,
    cancel,
    change_due,
    describe,
    endorse,
    finish,
    forward,
    give_back,
    hand,
    keep_draft,
    mark_opened,
    recall,
    save_phrases,
    sign,
    start,
    submit,
    take,
    withdraw,
)
from khet.kits.workflow.authority import in_my_groups
from khet.kits.workflow.bases import Flow, Moved, StepKind, declare, flow_of, flows
from khet.kits.workflow.clock import at_close, due_after, holidays, working_days_held
from khet.kits.workflow.models import Phrase, Run, Step
from khet.kits.workflow.moves import place_of, plan_after
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.panel import Panel, panel, parse_place, place_key
from khet.kits.workflow.picture import ChoiceGroup, Picture, picture_of, shown_run
from khet.kits.workflow.queries import (
    Load,
    done_by,
    group_inbox,
    holder_step,
    holders_of,
    inbox,
    load_by_post,
    load_by_unit,
    prefetch_routes,
    returnable,
    runs,
    runs_of,
    small_route,
    unit_steps,
    urgent_above,
    waiting,
)
from khet.kits.workflow.relations import (
    any_of,
    climb,
    drafter,
    head_of_office,
    head_of_unit,
    inbox_of_unit,
    named_post,
    overseer_of_unit,
    role_holder,
    same_house,
    same_unit,
    superior,
    to_deputy,
    to_head,
    to_top,
    top_of_unit,
)
from khet.kits.workflow.rules import STATISTICS, run_filter
from khet.kits.workflow.timelines import Stop, timeline

__all__ = [
    "STATISTICS", "ChoiceGroup", "Flow", "Load", "Moved", "Panel", "Phrase", "Picture", "Run", "Step", "StepKind", "Stop", "acknowledge", "acts", "advise",
    "any_of", "approve", "ask", "assign", "at_close", "cancel", "change_due", "climb", "declare", "describe", "done_by",
    "drafter", "due_after", "endorse", "finish", "flow_of", "flows", "forward", "give_back", "group_inbox", "hand",
    "head_of_office", "head_of_unit", "holder_step", "holders_of", "holidays", "in_my_groups", "inbox", "inbox_of_unit", "keep_draft",
    "load_by_post", "load_by_unit", "mark_opened", "named_post", "overseer_of_unit", "panel", "parse_place",
    "picture_of", "place_key", "place_of", "plan_after", "prefetch_routes", "recall", "returnable", "role_holder", "run_filter", "runs", "runs_of", "same_house",
    "same_unit", "save_phrases", "shown_run", "sign", "small_route", "spoken_name", "start", "submit", "superior", "take", "timeline",
    "to_deputy", "to_head", "to_top", "top_of_unit", "unit_steps", "urgent_above", "waiting", "withdraw",
    "working_days_held",
]  # fmt: skip
