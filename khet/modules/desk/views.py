"""The desks: mine, my group's, the director's; matters of the desk; load and time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.actions import delegate, revoke_delegation
from khet.base.org.api import Delegation, Post, Unit, can, demand, fetch
from khet.base.org.choices import UnitKind
from khet.base.ui.forms import refuse_on
from khet.kits.files.api import attachments
from khet.kits.rounds.api import standings
from khet.kits.workflow.api import (
    STATISTICS,
    holder_step,
    holders_of,
    inbox,
    load_by_post,
    load_by_unit,
    mark_opened,
    place_key,
    prefetch_routes,
    runs,
    runs_of,
    spoken_name,
)
from khet.kits.workflow.choices import Part
from khet.modules.desk.actions import change_memo, draft_step, draft_step_of, give_task, write_memo
from khet.modules.desk.forms import AwayForm, MemoForm, MemoWordsForm, TaskForm
from khet.modules.desk.models import Matter
from khet.modules.desk.queries import (
    ROWS,
    acting_and_lent,
    arrived_since,
    directing_post,
    done_today,
    group_rows,
    led_unit,
    my_desk,
    office_today,
    office_units,
    remember_count,
    split_signing,
)
from khet.modules.desk.rules import ORDER, USE, WRITE
from khet.modules.emergencies.api import events_now
from khet.modules.letters.api import answers_due, urgent_unopened

PAGE = 50
PARTS = [Part.HOST, Part.SECOND_HOST, Part.CO_HOST, Part.MENTOR]
PERIODS = {"30": 30, "90": 90, "365": 365}


def own_post(request: HttpRequest) -> Post | None:
    """The post one holds oneself and may lend."""
    return next((c.post for c in request.actor.posts.values() if c.post and c.kind == "substantive"), None)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    demand(request.actor, USE)
    desk = my_desk(request.actor)
    show = request.GET.get("show", "mine")
    if show not in {"mine", "waiting", "done"}:
        show = "mine"
    return render(
        request,
        "desk/mine.html",
        {
            "desk": desk,
            "show": show,
            "done": done_today(request.actor) if show == "done" else None,
            "today": timezone.localdate(),
            "may_write": request.actor.has(WRITE),
            "may_order": request.actor.has(ORDER),
            "director": directing_post(request.actor),
            "acting": [c.phrase for c in request.actor.posts.values() if c.phrase],
            "acting_posts": [pk for pk, c in request.actor.posts.items() if c.delegation_id],
        },
    )


@login_required
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """What I did today: the rows behind the fold."""
    demand(request.actor, USE)
    return render(request, "desk/done_rows.html", {"done": done_today(request.actor)})


@login_required
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """How many rows have come in since the page was drawn; the page shows them when asked to."""
    demand(request.actor, USE)
    since = parse_datetime(request.GET.get("since", ""))
    if since is None or timezone.is_naive(since):
        return HttpResponse(status=204)
    count = arrived_since(request.actor, since)
    if not count:
        return HttpResponse(status=204)
    home = reverse("desk:director") if request.GET.get("desk") == "director" else reverse("desk:mine")
    return render(request, "desk/news.html", {"count": count, "home": home})


@login_required
@require_GET
def group(request: HttpRequest) -> HttpResponse:
    demand(request.actor, USE)
    unit = led_unit(request.actor)
    if unit is None:
        raise NotFound(_("คุณยังไม่อยู่ในกลุ่มใดในวันนี้"), code="desk.no_unit")
    untaken, holders, more = group_rows(unit)
    is_head = any(
        c.post and c.post.unit_id == unit.pk and c.post.kind in {"head", "principal", "director"}
        for c in request.actor.posts.values()
    )
    # A member sees what lies untaken for all of them; the work of each colleague is for the head to see.
    may_see = is_head or can(request.actor, "workflow.view", unit)
    takers = []
    if is_head and untaken:
        posts = list(Post.objects.on().filter(unit=unit).order_by("position", "pk"))
        people = holders_of(post.pk for post in posts)
        takers = [(place_key(post), people[post.pk].name) for post in posts if post.pk in people]
    return render(
        request,
        "desk/group.html",
        {
            "unit": unit,
            "untaken": untaken,
            "holders": holders if may_see else [],
            "may_see": may_see,
            "takers": takers,
            "more": more,
            "is_head": is_head,
            "may_write": request.actor.has(WRITE),
            "today": timezone.localdate(),
        },
    )


@login_required
@require_GET
def director(request: HttpRequest) -> HttpResponse:
    post = directing_post(request.actor)
    if post is None:
        raise NotFound(_("หน้านี้เป็นโต๊ะของผู้อำนวยการและผู้รักษาราชการแทน"), code="desk.not_director")
    rows = list(inbox(request.actor)[:ROWS])
    if len(rows) < ROWS:
        remember_count(request.actor, len(rows))
    for row in rows:
        row.sent_as = spoken_name(row.sent_post, row.sent_by) if row.sent_post else ""
    to_sign, to_decide = split_signing(rows)
    loads = load_by_unit(office_units())
    most = max((load.open for load in loads), default=0) or 1
    for load in loads:
        load.on_time = load.open - load.late
    days = [load.days for load in loads if load.days is not None]
    done = sum(load.done for load in loads)
    average = sum((load.days or 0) * load.done for load in loads) / done if done else None
    week = timezone.localdate() + timedelta(days=2)
    acting, lent = acting_and_lent(post)
    return render(
        request,
        "desk/director.html",
        {
            "post": post,
            "capacity": request.actor.posts[post.pk],
            "to_sign": to_sign,
            "to_decide": to_decide,
            "loads": loads,
            "most": most,
            "slowest": max(days, default=0),
            "sum": {"open": sum(x.open for x in loads), "late": sum(x.late for x in loads), "days": average},
            "now_in_area": office_today(),
            "answers_due": answers_due(post.unit),
            "unopened": urgent_unopened(post.unit),
            "struck": events_now(request.actor),
            "standings": standings(),
            "acting": acting,
            "agenda": [
                r for r in rows if r.due_at and timezone.localdate(r.due_at) <= week and not r.is_late
            ][:5],
            "lent": lent,
            "today": timezone.localdate(),
            "newest": max((row.arrived_at for row in rows), default=timezone.now()),
            "may_order": request.actor.has(ORDER),
        },
    )


@login_required
@require_GET
def matters(request: HttpRequest) -> HttpResponse:
    """Every run the reader may see, newest movement first."""
    demand(request.actor, USE)
    rows = runs(request.actor).select_related("unit").order_by("-moved_at", "-pk")
    show = request.GET.get("show", "open")
    words = request.GET.get("q", "").strip()
    if show == "open":
        rows = rows.filter(closed_at__isnull=True)
    elif show == "late":
        rows = rows.filter(closed_at__isnull=True, due_at__lt=timezone.now())
    elif show == "closed":
        rows = rows.filter(closed_at__isnull=False)
    else:
        show = "all"
    if words:  # a secret title is not found by its words
        rows = rows.filter(title__icontains=words, secrecy=0)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    prefetch_routes(page.object_list)
    for run in page.object_list:
        held = holder_step(run)
        run.holder_name = spoken_name(held.post or held.unit, run.people.get(held.post_id)) if held else ""
        run.link = run.url or reverse("workflow:run", args=[run.pk])
    views = [("open", _("เดินอยู่")), ("late", _("เลยกำหนด")), ("closed", _("ปิดแล้ว")), ("all", _("ทั้งหมด"))]
    return render(
        request,
        "desk/matters.html",
        {"page": page, "show": show, "q": words, "views": views, "may_write": request.actor.has(WRITE)},
    )


def _matter(request: HttpRequest, pk: int) -> Matter:
    return fetch(request.actor, Matter.objects.select_related("unit", "post", "author"), pk=pk)


@login_required
@require_GET
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    found = _matter(request, pk)
    run = runs_of(found).select_related("unit", "drafter").first()
    if run is not None:
        if run.secrecy and not request.actor.fresh_sign_in:
            raise FreshSignInNeeded(_("เรื่องลับ ยืนยันตัวตนอีกครั้งก่อนเปิดอ่าน"), code="fresh_sign_in_needed")
        mark_opened(request.actor, run)
    step = draft_step_of(run)
    return render(
        request,
        "desk/matter.html",
        {
            "matter": found,
            "run": run,
            "files": attachments(found),
            "may_change": step is not None and step.post_id in request.actor.posts,
            "change_url": reverse("desk:change", args=[found.pk]),
            "slip_url": reverse("workflow:slip", args=[run.pk]) if run else "",
        },
    )


def _form_page(request: HttpRequest, form: Any, context: dict[str, Any], act) -> HttpResponse:
    """Show a form; on a refusal everything typed stays and the sentence stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            return act(form.cleaned_data)
        except Refusal as fault:
            if fault.status != 400:
                raise
            refuse_on(form, fault)
    return render(request, "desk/form.html", {"form": form, **context}, status=400 if form.errors else 200)


@login_required
def write(request: HttpRequest) -> HttpResponse:
    demand(request.actor, WRITE)
    form = MemoForm(request.POST or None, request.FILES or None, actor=request.actor)

    def act(values: dict[str, Any]) -> HttpResponse:
        send = request.POST.get("do") != "keep"
        made = write_memo(
            actor=request.actor, subject=values["subject"], body=values["body"], post=form.chosen_post,
            urgency=values["urgency"], secrecy=values["secrecy"], due=values["due"], files=values["files"], send=send,
        )  # fmt: skip
        messages.success(request, _("เสนอเรื่องแล้ว") if send else _("เก็บร่างไว้แล้ว"))
        return redirect("desk:matter", made.pk)

    return _form_page(
        request,
        form,
        {"title": _("เขียนเรื่องใหม่"), "button": _("เสนอ"), "keep": _("เก็บร่าง"), "back": reverse("desk:mine"),
         "facts": _("บันทึกเสนอตามสายการบังคับบัญชา ผู้รับถัดไปคือผู้บังคับบัญชาของคุณ")},
        act,
    )  # fmt: skip


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = _matter(request, pk)
    step = draft_step(found)
    if step is not None and step.post_id not in request.actor.posts:
        raise Forbidden(_("แก้ได้เฉพาะผู้เริ่มเรื่อง"), code="desk.not_drafter")
    form = MemoWordsForm(
        request.POST or None, request.FILES or None, initial={"subject": found.subject, "body": found.body}
    )

    def act(values: dict[str, Any]) -> HttpResponse:
        change_memo(
            actor=request.actor,
            matter=found,
            subject=values["subject"],
            body=values["body"],
            files=values["files"],
        )
        messages.success(request, _("บันทึกแล้ว"))
        return redirect("desk:matter", found.pk)

    context = {
        "title": _("แก้ร่าง"),
        "button": _("บันทึก"),
        "back": found.get_absolute_url(),
        "facts": found.subject,
    }
    return _form_page(request, form, context, act)


@login_required
def order(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORDER)
    form = TaskForm(request.POST or None, request.FILES or None, actor=request.actor)

    def act(values: dict[str, Any]) -> HttpResponse:
        made = give_task(
            actor=request.actor, subject=values["subject"], body=values["body"], to=values["to"], post=form.chosen_post,
            second_hosts=values["second_hosts"], co_hosts=values["co_hosts"], mentors=values["mentors"],
            urgency=values["urgency"], due=values["due"], files=values["files"],
        )  # fmt: skip
        messages.success(request, _("มอบหมายแล้ว"))
        return redirect("desk:matter", made.pk)

    return _form_page(
        request,
        form,
        {"title": _("สั่งการใหม่"), "button": _("มอบหมาย"), "back": reverse("desk:mine"),
         "facts": _("มอบงานให้บุคคล กลุ่ม หรือกลุ่มดอก งานกลับมาให้คุณตรวจรับเมื่อเสร็จ")},
        act,
    )  # fmt: skip


@login_required
def away(request: HttpRequest) -> HttpResponse:
    """แจ้งไม่อยู่: lend the authority of one's own post for some days, and take it back."""
    post = own_post(request)
    if post is None:
        raise NotFound(_("คุณยังไม่ได้ดำรงตำแหน่งในวันนี้"), code="desk.no_post")
    form = AwayForm(request.POST or None, post=post, initial={"since": timezone.localdate()})

    def act(values: dict[str, Any]) -> HttpResponse:
        made = delegate(actor=request.actor, post=post, **values)
        messages.success(
            request,
            _("%(who)s รักษาราชการแทน %(post)s แล้ว") % {"who": made.person.name, "post": post.short_title},
        )
        return redirect("desk:away")

    context = {
        "title": _("แจ้งไม่อยู่"), "button": _("แต่งตั้งผู้รักษาราชการแทน"), "back": reverse("desk:mine"),
        "facts": post.title, "lent": acting_and_lent(post)[1],
    }  # fmt: skip
    return _form_page(request, form, context, act)


@login_required
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """กลับมาแล้ว: the authority lent ends at once."""
    found = Delegation.objects.select_related("post", "person").filter(pk=pk).first()
    if found is None or found.post_id not in request.actor.posts:
        raise NotFound(_("ไม่พบการมอบอำนาจนี้"), code="not_found")
    revoke_delegation(actor=request.actor, delegation=found)
    messages.success(request, _("ยกเลิกแล้ว สิทธิ์ของ %(who)s หมดทันที") % {"who": found.person.name})
    return redirect("desk:away")


@login_required
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """Load, lateness and time per step, by group and by person."""
    demand(request.actor, STATISTICS)
    scope = request.actor.scope(STATISTICS)
    units = Unit.objects.on().filter(kind__in=[UnitKind.OFFICE, UnitKind.GROUP])
    if not scope.everywhere:
        units = Unit.objects.on().filter(pk__in=scope.unit_ids())
    units = list(units.order_by("kind", "position", "pk"))
    days = PERIODS.get(request.GET.get("days", ""), 30)
    since = timezone.now() - timedelta(days=days)
    by = "person" if request.GET.get("by") == "person" or len(units) == 1 else "group"
    chosen = next((u for u in units if str(u.pk) == request.GET.get("unit")), None)
    if by == "person":
        rows = load_by_post([chosen] if chosen else units, since)
        rows.sort(key=lambda load: (-load.late, -load.open))
        for load in rows:
            load.part_counts = [load.parts.get(part, 0) for part in PARTS]
    else:
        rows = load_by_unit(units, since)
    return render(
        request,
        "desk/statistics.html",
        {
            "rows": rows, "by": by, "days": days, "units": units, "chosen": chosen, "single": len(units) == 1,
            "since": since, "parts": PARTS, "periods": list(PERIODS.values()),
            "sum": {
                "open": sum(r.open for r in rows), "late": sum(r.late for r in rows),
                "done": sum(r.done for r in rows), "done_late": sum(r.done_late for r in rows),
            },
        },
    )  # fmt: skip
