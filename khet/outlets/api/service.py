"""The API of schools' own programs (django-ninja). Loaded with the addresses; nothing else needs it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from khet.base.lib.errors import NotFound, Refusal
from khet.base.lib.thai.ids import format_citizen_id
from khet.base.org.sealing import unseal
from khet.base.privacy.api import Subject, record_reading
from khet.base.privacy.choices import DataKind, Via
from khet.kits.rounds.api import censuses
from khet.modules.letters.api import Receipt, register, waiting
from khet.modules.students.api import Pupil, with_class
from khet.modules.students.choices import PRESENT
from khet.outlets.api.bearer import Bearer, Caller
from khet.outlets.api.choices import TokenScope
from khet.outlets.api.schemas import (
    Fault,
    FigureAnswer,
    FigureList,
    PupilPage,
    PupilRow,
    Registered,
    WaitingPage,
)
from khet.outlets.statistics.api import figures, indicators

MOST = 500
_FAULTS = dict.fromkeys((400, 401, 403, 404, 409, 422, 429, 503), Fault)


class _Thai(JSONRenderer):
    """Thai as Thai: a person reads the answers too."""

    json_dumps_params = {"ensure_ascii": False}


service = NinjaAPI(
    renderer=_Thai(),
    title="khet", version="1", urls_namespace="v1", docs_url=None, openapi_url=None, auth=Bearer(),
    description="ข้อมูลของหน่วยงานตน สำหรับโปรแกรมของโรงเรียนเอง ทุกครั้งที่ถามถูกบันทึก",
)  # fmt: skip


def _asker(request: HttpRequest) -> Caller:
    return request.api_caller


def _fault(
    request: HttpRequest, status: int, code: str, sentence: str, seconds: int | None = None
) -> HttpResponse:
    response = service.create_response(request, {"code": code, "sentence": sentence}, status=status)
    if seconds:
        response["Retry-After"] = str(seconds)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="khet"'
    return response


@service.exception_handler(Refusal)
def refused(request: HttpRequest, why: Refusal) -> HttpResponse:
    return _fault(request, why.status, why.code, str(why.sentence), why.facts.get("seconds"))


@service.exception_handler(ValidationError)
def invalid(request: HttpRequest, why: ValidationError) -> HttpResponse:
    names = ", ".join(sorted({str(one["loc"][-1]) for one in why.errors}))
    return _fault(
        request, 422, "api.invalid", _("ค่าที่ส่งมาใช้ไม่ได้: %(names)s ดูรูปแบบที่หน้าเอกสารของ API") % {"names": names}
    )


@service.exception_handler(Http404)
def absent(request: HttpRequest, why: Http404) -> HttpResponse:
    return _fault(request, 404, "not_found", _("ไม่มีที่อยู่นี้"))


@service.exception_handler(HttpError)
def wrong(request: HttpRequest, why: HttpError) -> HttpResponse:
    return _fault(request, why.status_code, "api.wrong", _("อ่านคำขอนี้ไม่ได้ ส่ง JSON ตามหน้าเอกสารของ API"))


def _paged(request: HttpRequest, rows: QuerySet[Any], page: int, size: int) -> dict[str, Any]:
    """A page of rows with where the next one is."""
    total = rows.count()
    found = list(rows[(page - 1) * size : page * size])
    _asker(request).rows = len(found)
    here = request.build_absolute_uri(request.path)
    return {
        "total": total, "page": page, "size": size, "rows": found,
        "next": f"{here}?page={page + 1}&size={size}" if page * size < total else None,
    }  # fmt: skip


@service.get(
    "/letters/waiting",
    tags=["หนังสือ"],
    response={200: WaitingPage, **_FAULTS},
    summary="หนังสือที่รอลงรับ",
    url_name="waiting",
)
def letters_waiting(
    request: HttpRequest, page: int = Query(1, ge=1, le=100_000), size: int = Query(100, ge=1, le=MOST)
) -> Any:
    """Letters that arrived through the system and wait to be registered at the unit, oldest first. Scope letters.waiting."""
    asker = _asker(request)
    asker.demand(TokenScope.LETTERS)
    found = _paged(request, waiting([asker.unit.pk]).select_related("letter__issuer"), page, size)
    found["rows"] = [
        {
            "id": row.pk, "number": row.letter.number_text, "title": str(row.letter.open_title),
            "sender": row.letter.issuer.name if row.letter.issuer else "", "sent_at": row.sent_at, "answer_by": row.answer_by,
        }
        for row in found["rows"]
    ]  # fmt: skip
    return found


@service.post(
    "/letters/{int:id}/register",
    tags=["หนังสือ"],
    response={200: Registered, **_FAULTS},
    summary="ลงรับหนังสือ",
    url_name="register",
)
def letters_register(request: HttpRequest, id: int) -> Any:
    """Register one waiting letter, as the person of the token, with the next number of the unit's register. Scope letters.register."""
    asker = _asker(request)
    asker.demand(TokenScope.REGISTER)
    (entry,) = register(actor=asker.actor, unit=asker.unit, receipts=[id])
    asker.rows = 1
    receipt = Receipt.objects.select_related("entry__register").get(pk=id)
    return {
        "id": id, "number": entry.number, "year": receipt.entry.register.year, "registered_at": receipt.registered_at,
    }  # fmt: skip


def _pupil_rows(asker: Caller, pupils: list[Pupil]) -> list[dict[str, Any]]:
    """Pupils as they leave, and the record that they were read: what is not recorded is not given."""
    full = asker.may(TokenScope.PUPIL_IDS)
    kinds = [DataKind.NAME, DataKind.SEX, DataKind.SCHOOLING, *([DataKind.CITIZEN_ID] if full else [])]
    record_reading(
        actor=asker.actor, what=kinds, via=Via.API, reason=str(asker.token),
        subjects=[Subject(f"students.pupil:{one.pk}", one.full_name, asker.unit.pk) for one in pupils],
    )  # fmt: skip
    return [
        {
            "id": one.pk, "name": one.full_name, "sex": one.sex, "grade": one.grade, "room": one.room, "state": one.state,
            "citizen_id": _number(one, full=full),
        }
        for one in pupils
    ]  # fmt: skip


def _number(pupil: Pupil, *, full: bool) -> str:
    held = sorted((one for one in pupil.ids.all() if one.until is None), key=lambda one: (one.kind, -one.pk))
    if not held:
        return ""
    return format_citizen_id(unseal(held[0].sealed)) if full else held[0].masked


def _own_pupils(asker: Caller) -> QuerySet[Pupil]:
    asker.demand(TokenScope.PUPIL_IDS if TokenScope.PUPILS not in asker.token.scopes else TokenScope.PUPILS)
    on_roll = with_class(Pupil.objects.filter(school=asker.school(), state__in=PRESENT))
    return on_roll.prefetch_related("ids").order_by("grade_order", "room", "sort_name", "pk")


@service.get(
    "/pupils",
    tags=["นักเรียน"],
    response={200: PupilPage, **_FAULTS},
    summary="นักเรียนของโรงเรียน",
    url_name="pupils",
)
def pupils_list(
    request: HttpRequest, page: int = Query(1, ge=1, le=100_000), size: int = Query(100, ge=1, le=MOST)
) -> Any:
    """Pupils on the roll of the token's school, by class. Every pupil read is recorded. Scope pupils.read."""
    asker = _asker(request)
    found = _paged(request, _own_pupils(asker), page, size)
    found["rows"] = _pupil_rows(asker, found["rows"])
    return found


@service.get(
    "/pupils/{int:id}",
    tags=["นักเรียน"],
    response={200: PupilRow, **_FAULTS},
    summary="นักเรียนหนึ่งคน",
    url_name="pupil",
)
def pupil_one(request: HttpRequest, id: int) -> Any:
    """One pupil on the roll of the token's school; another school's is not found. Scope pupils.read."""
    asker = _asker(request)
    found = list(_own_pupils(asker).filter(pk=id))
    if not found:
        raise NotFound(_("ไม่มีนักเรียนคนนี้ในโรงเรียนของโทเคน"), code="not_found")
    asker.rows = 1
    return _pupil_rows(asker, found)[0]


@service.get(
    "/figures",
    tags=["สถิติ"],
    response={200: list[FigureList], **_FAULTS},
    summary="รายการสถิติ",
    url_name="figures",
)
def figures_list(request: HttpRequest) -> Any:
    """Every indicator there is. Scope figures.read."""
    asker = _asker(request)
    asker.demand(TokenScope.FIGURES)
    asker.rows = len(indicators)
    return [
        {"code": one.code, "title": str(one.title), "chapter": str(one.chapter.label), "unit": str(one.unit), "dims": list(one.dim_codes)}
        for one in indicators
    ]  # fmt: skip


@service.get(
    "/figures/{code}",
    tags=["สถิติ"],
    response={200: FigureAnswer, **_FAULTS},
    summary="สถิติของโรงเรียน",
    url_name="figure",
)
def figures_one(request: HttpRequest, code: str, rounds: int = Query(3, ge=1, le=12)) -> Any:
    """An indicator for the token's own school in the newest closed rounds. Scope figures.read."""
    asker = _asker(request)
    asker.demand(TokenScope.FIGURES)
    place = asker.school().smis8
    found = figures(code[:80], censuses()[:rounds], "school", place)
    asker.rows = len(found.rows)
    one = found.indicator
    return {
        "code": one.code, "title": str(one.title), "definition": str(one.definition), "unit": str(one.unit), "place": place,
        "rows": [
            {"census": row.census, "dims": dict(zip([dim.code for dim in found.dims], row.dims, strict=True)), "n": row.n, "of": row.of, "value": row.value}
            for row in found.rows
        ],
    }  # fmt: skip
