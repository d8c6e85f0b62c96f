"""``{% load workflow %}``: the route, the timeline and the decision panel of a run, in any page."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khet.base.ui import shapes
from khet.kits.workflow.models import Run
from khet.kits.workflow.panel import Panel, panel
from khet.kits.workflow.picture import picture_of
from khet.kits.workflow.queries import small_route
from khet.kits.workflow.timelines import timeline as stops_of

register = template.Library()


@register.simple_tag
def route_small(run: Run) -> SafeString:
    """The dots of a run, the holder's name as text alternative. Lists call ``prefetch_routes`` first."""
    dots = small_route(run)
    holder = next((n for n, dot in enumerate(dots) if dot.shape in {"holder", "late"}), None)
    if holder is None:
        label = _("เดินครบ %(count)s ขั้น: %(state)s") % {"count": len(dots), "state": run.state_label}
    else:
        label = _("อยู่ที่ %(who)s ขั้นที่ %(step)s จาก %(count)s") % {
            "who": dots[holder].name,
            "step": holder + 1,
            "count": len(dots),
        }
    late = holder is not None and dots[holder].shape == "late"
    return shapes.route(len(dots), holder, late=late, label=label)


@register.inclusion_tag("workflow/timeline.html")
def timeline(run: Run) -> dict[str, Any]:
    """Who decided what, acting for whom, when, held how long, with which words; then who is still ahead."""
    stops = stops_of(run, picture_of(run))
    return {
        "run": run,
        "stops": stops,
        "folded": max(len([s for s in stops if s.step and not s.is_holder]) - 6, 0),
    }


def _panel(request: HttpRequest, run: Run) -> Panel:
    """The panel of this request on this run, made once however many tags of the page ask for it."""
    known = run.__dict__.get("_panel")
    if known is None or known[0] is not request:
        known = run.__dict__["_panel"] = (request, panel(request.actor, run, picture_of(run)))
    return known[1]


@register.simple_tag(takes_context=True)
def may_decide(context: Context, run: Run | None) -> bool:
    """Whether the reader has an open step of this run, so that the page ends in ``decision_dock``."""
    return run is not None and _panel(context["request"], run).step is not None


@register.inclusion_tag("workflow/dock.html", takes_context=True)
def decision_dock(context: Context, run: Run, base: str = "") -> dict[str, Any]:
    """The docked buttons of a phone: they open the panel as a sheet, or without script lead to it at ``base``#decide."""
    shown = _panel(context["request"], run)
    return {"panel": shown, "step": shown.step, "back": shown.offer("return"), "base": base}


@register.inclusion_tag("workflow/panel.html", takes_context=True)
def decision_panel(
    context: Context, run: Run, next: str = "", note: str | None = None, fault: Any = None
) -> dict[str, Any]:
    """The form with every act the reader may do now; says with whom the matter is when there is none."""
    request = context["request"]
    shown = _panel(request, run)
    return {
        "panel": shown,
        "run": run,
        "step": shown.step,
        "next": next or run.url or request.get_full_path(),
        "note": shown.draft if note is None else note,
        "fault": fault,
        "csrf_token": context.get("csrf_token"),
        "request": request,
    }
