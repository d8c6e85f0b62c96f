"""What an act is: a verb that decides or moves a step, with the words it is offered in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from khet.base.org.api import verb
from khet.kits.workflow.clock import at_close, at_end


@dataclass(frozen=True)
class Act:
    """How an act is offered: its code in the address, its word on the button, what its form asks for."""

    code: str
    label: Any
    icon: str
    function: Callable[..., Any]
    names_receiver: bool = False
    needs_note: bool = False
    fresh: bool = False
    key: str = ""
    done: Any = ""


acts: dict[str, Act] = {}


def act(code: str, label: Any, *, icon: str, **facts: Any):
    """Declare a verb that decides or moves a step."""

    def decorate(function):
        run = verb(f"workflow.{code}", label, capability="", fresh=facts.get("fresh", False))(function)
        run.act = acts[code] = Act(code, label, icon, run, **facts)
        return run

    return decorate


def close_of(day: date | datetime | None) -> datetime | None:
    """When something due that day is due: as the office closes; for today, once it has closed, as the day ends."""
    if day is None or isinstance(day, datetime):
        return day
    now = timezone.localtime()
    return at_end(day) if day == now.date() and at_close(day) <= now else at_close(day)
