"""Struck ground: loaded from a file, taken off again, and its silent schools called."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, NotFound, Refusal
from khet.base.lib.geodata import Shapes, read_shapes
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, save, verb
from khet.modules.emergencies.actions.events import call_schools, demand_open, remind_silent
from khet.modules.emergencies.models import Event, StruckArea
from khet.modules.emergencies.queries import struck
from khet.modules.emergencies.queries.board import with_schools
from khet.modules.emergencies.rules import OPEN

MOST_BYTES = 5 * 1024 * 1024
MOST_CORNERS = 20_000
# A clock that runs before ours is no outline of the future.
AHEAD = timedelta(minutes=10)


def parse_area(upload: Any, name: str, frame: int | None = None) -> Shapes:
    """A file of polygons as one surface in degrees. Refuses with what to bring (``emergencies.area_*``, ``geodata.*``)."""
    size = len(upload) if isinstance(upload, bytes) else upload.size
    if size > MOST_BYTES:
        raise Refusal(
            _("ไฟล์นี้ %(mb)s MB รับได้ไม่เกิน 5 MB ตัดเฉพาะในเขตของสำนักงาน หรือลดรายละเอียดใน QGIS ก่อน")
            % {"mb": f"{size / 1024 / 1024:.1f}"},
            code="emergencies.area_large",
            field="file",
        )
    return read_shapes(upload, name, frame=frame, most_points=MOST_CORNERS, surface=True)


@verb("emergencies.load_area", gettext_lazy("ใส่พื้นที่ประสบภัย"), capability=OPEN)
def load_area(
    *,
    actor: Actor,
    event: Event,
    name: str,
    as_at: datetime,
    source: str,
    coordinates: Sequence[Any],
    metres: float = 0,
) -> StruckArea:
    """Add the outline that a source knew at a moment (``coordinates`` of a GeoJSON MultiPolygon in degrees). Of the same
    name the newest is shown, and older ones stay."""
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    demand_open(event)
    name, source = normalise(name)[:80], normalise(source)[:120]
    if not name:
        raise Refusal(_("ยังไม่ได้ตั้งชื่อพื้นที่ เช่น ลุ่มน้ำปากน้ำเงิน"), code="emergencies.area_name", field="name")
    if not source:
        raise Refusal(_("ยังไม่ได้บอกที่มา เช่น GISTDA ภาพดาวเทียม"), code="emergencies.area_source", field="source")
    if as_at > timezone.now() + AHEAD:
        raise Refusal(
            _("วันเวลาของพื้นที่อยู่ในอนาคต ตรวจวันและเวลาอีกครั้ง"), code="emergencies.area_future", field="day"
        )
    if event.areas.filter(name=name, as_at=as_at, removed_at__isnull=True).exists():
        raise Refusal(
            _("มีพื้นที่ชื่อนี้ ณ วันเวลานี้แล้ว แก้เวลา หรือนำรูปเดิมออกก่อน"), code="emergencies.area_twice", field="name"
        )
    shapes = importlib.import_module("khet.base.lib.geodata.shapes")
    area = StruckArea.objects.create(
        event=event,
        name=name,
        as_at=as_at,
        source=source,
        coordinates=coordinates,
        corners=sum(len(ring) for polygon in coordinates for ring in polygon),
        metres=round(metres),
        square_km=round(shapes.square_km(shapes.surface_of(coordinates)), 2),
        loaded_at=timezone.now(),
    )
    entry().on(event, area)
    entry().tell(
        name=name,
        as_at=as_at.isoformat(),
        source=source,
        corners=area.corners,
        square_km=float(area.square_km),
    )
    return area


@verb("emergencies.remove_area", gettext_lazy("นำพื้นที่ประสบภัยออก"), capability=OPEN)
def remove_area(*, actor: Actor, event: Event, area: int) -> StruckArea:
    """Loaded by mistake: shown no more. An older one of the same name is shown again."""
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    demand_open(event)
    found = event.areas.filter(pk=area, removed_at__isnull=True).defer("coordinates").first()
    if found is None:
        raise NotFound(_("ไม่พบพื้นที่นี้ อาจมีผู้นำออกแล้ว"), code="emergencies.no_area")
    entry().on(event, found)
    entry().tell(name=found.name, as_at=found.as_at.isoformat(), source=found.source)
    save(found, removed_at=timezone.now())
    return found


@verb("emergencies.call_inside", gettext_lazy("เรียกโรงเรียนในพื้นที่ที่ยังไม่รายงาน"), capability=OPEN)
def call_inside(
    *, actor: Actor, event: Event, new: Iterable[int], waiting: Iterable[int], number: int
) -> tuple[int, int]:
    """Call the schools ``new`` that lie in the struck ground and were not called; remind the ``waiting``, which were.

    Both are what the reader saw, ``number`` the reminder to come: pressed twice, or by two people, it is one.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    demand_open(event)
    now = struck(actor, event, with_schools(event.calls.all()))
    strangers, silent = set(new) & set(now.not_called), set(waiting) & set(now.called)
    if not strangers and not silent:
        raise Conflict(_("มีผู้เรียกไปแล้วเมื่อครู่ หรือโรงเรียนรายงานแล้ว ดูกระดานอีกครั้ง"), code="emergencies.called")
    entry().on(event)
    called = call_schools(actor=actor, event=event, schools=strangers) if strangers else 0
    reminded = remind_silent(actor=actor, event=event, number=number, schools=silent) if silent else 0
    entry().tell(called=called, reminded=reminded)
    return called, reminded
