"""One record: its page, its tabs, its history, where it is used."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.org.api import can
from khet.base.privacy.api import record_reading
from khet.base.ui import dates
from khet.kits.register.bases import Cell, Fact, Record, tabs_of
from khet.kits.register.queries.details import history, where_used
from khet.kits.register.queries.lists import unlock
from khet.kits.register.views.doors import fetch_record

HISTORY, USED = "history", "used"


@login_required
@require_GET
@never_cache
def detail(request: HttpRequest, kind: str, pk: int, tab: str = "") -> HttpResponse:
    record, found = fetch_record(request, kind, pk)
    actor = request.actor
    declared_tabs = tabs_of(record, actor)
    tabs = [
        ("", _("ภาพรวม")),
        *((t.code, t.label) for t in declared_tabs),
        (USED, _("ใช้อยู่ที่")),
        (HISTORY, _("ประวัติ")),
    ]
    if tab not in {code for code, _label in tabs}:
        raise Http404
    if record.kinds_shown:
        record_reading(actor=actor, subject=record.subject(found), what=record.kinds_shown)
    context = {
        "record": record,
        "found": found,
        "title": record.title(found),
        "state": record.state(found),
        "facts_line": [(label, value) for label, value in record.facts_line(found) if value],
        "tags": [words for words in record.tags(found) if words],
        "trail": record.trail(found),
        "tabs": tabs,
        "tab": tab,
        "actions": record.actions(actor, found),
        "editable": {section.code for section in record.editable(actor, found)} if record.update else set(),
    }
    if tab == HISTORY:
        return render(request, "register/history.html", context | {"happenings": history(record, found)})
    if tab == USED:
        return render(request, "register/used.html", context | {"usages": where_used(record, actor, found)})
    for declared in declared_tabs:
        if declared.code == tab:
            return render(
                request,
                "register/tab.html",
                context | {"tab_template": declared.template} | declared.context(actor, found),
            )
    main, side = [], []
    for panel in record.panels:
        drawn = {
            "code": panel.code,
            "title": panel.title,
            "template": panel.template,
            "context": panel.context(actor, found) if panel.context else {},
            "pairs": [_pair(record, fact, found, request) for fact in panel.facts],
            "section": panel.section if panel.section in context["editable"] else "",
        }
        (side if panel.side else main).append(drawn)
    figures = [
        (figure.label, figure.value(found), figure.note(found) if figure.note else "")
        for figure in record.figures
    ]
    recent = history(record, found, limit=5)
    return render(
        request,
        "register/detail.html",
        context | {"main": main, "side": side, "figures": figures, "recent": recent},
    )


def _pair(record: Record, fact: Fact, found: object, request: HttpRequest) -> tuple[object, Cell, object]:
    if fact.mask:
        href = unlock(fact.mask, found, record.code) if can(request.actor, fact.mask, found) else ""
        return fact.label, Cell(_("ปิดบัง"), tone="masked", icon="lock", href=href), ""
    value = fact.value(found)
    if isinstance(value, date):
        value = Cell(dates.short(value))
    elif not isinstance(value, Cell):
        value = Cell("–" if value is None or value == "" else value)
    return fact.label, value, fact.source(found) if fact.source else ""
