"""Pages of the office's structure, people and authority."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.journal.api import history
from khet.base.lib.errors import Forbidden, NotFound, Refusal
from khet.base.org.actions import (
    add_account,
    add_person,
    add_post,
    add_unit,
    appoint,
    change_person,
    change_unit,
    delegate,
    join,
    leave,
    revoke_delegation,
    save_role,
    set_post_roles,
    vacate,
)
from khet.base.org.api import (
    Delegation,
    Membership,
    Person,
    Post,
    Role,
    Unit,
    can,
    demand,
    fetch,
    office,
    visible,
)
from khet.base.org.rules import ORG_DELEGATE, ORG_MANAGE, ORG_ROLES, ORG_VIEW, capabilities
from khet.modules.office.forms import (
    AccountForm,
    AppointForm,
    DelegationForm,
    JoinForm,
    PersonForm,
    PostForm,
    PostRolesForm,
    RoleForm,
    UnitForm,
)
from khet.modules.office.queries import members_of, people, posts_of, structure


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    button: str,
    back: str | Callable[[], str],
    act: Any,
    facts: str = "",
    warning: str = "",
) -> HttpResponse:
    """One form on one page: shows it, runs ``act(cleaned)`` when valid, keeps what was typed on a refusal."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act(form.cleaned_data)
        except Forbidden:
            raise
        except Refusal as why:
            if why.status == 401:
                raise
            form.add_error(why.field if why.field in form.fields else None, str(why.sentence))
        else:
            messages.success(request, done)
            return redirect(back() if callable(back) else back)
    status = 422 if form.errors else 200
    context = {
        "form": form, "title": title, "button": button, "back": back() if callable(back) else back, "facts": facts, "warning": warning,
    }  # fmt: skip
    return render(request, "office/form.html", context, status=status)


def searched(request: HttpRequest) -> str:
    """What was typed into a search box: no control characters, no more than a name's length."""
    text = request.GET.get("q", "")
    return "".join(c for c in text if c.isprintable()).strip()[:100]


@login_required
@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORG_VIEW)
    root, others = structure(request.actor)
    return render(
        request,
        "office/tree.html",
        {
            "root": root,
            "others": others,
            "may_manage": can(request.actor, ORG_MANAGE),
            "may_roles": can(request.actor, ORG_ROLES),
        },
    )


@login_required
@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request.actor, Unit.objects.select_related("overseer", "parent"), pk=pk)
    return render(
        request,
        "office/unit.html",
        {
            "unit": found,
            "posts": posts_of(found),
            "members": members_of(found),
            "may_manage": can(request.actor, ORG_MANAGE, found),
            "may_delegate": can(request.actor, ORG_DELEGATE, found),
            "own_posts": {c.post.pk for c in request.actor.capacities if c.post and c.kind == "substantive"},
        },
    )


@login_required
def unit_add(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORG_MANAGE)
    form = UnitForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        made = add_unit(actor=request.actor, parent=office(), **values)
        return _("เพิ่ม%(name)sแล้ว") % {"name": made.name}

    return form_page(request, form, title=_("เพิ่มหน่วยงาน"), button=_("เพิ่มหน่วยงาน"), back="/office/", act=act)


@login_required
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request.actor, Unit.objects.all(), ORG_MANAGE, pk=pk)
    names = ["kind", "code", "name", "short_name", "overseer", "position"]
    form = UnitForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if found.kind in ("office", "school"):
        del form.fields["kind"]

    def act(values: dict[str, Any]) -> str:
        change_unit(actor=request.actor, unit=found, **values)
        return _("บันทึก%(name)sแล้ว") % {"name": found.name}

    return form_page(
        request,
        form,
        title=_("แก้ไขหน่วยงาน"),
        button=_("บันทึกหน่วยงาน"),
        back=f"/office/units/{pk}/",
        act=act,
        facts=found.name,
    )


@login_required
def post_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request.actor, Unit.objects.all(), ORG_MANAGE, pk=pk)
    form = PostForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        made = add_post(actor=request.actor, unit=found, **values)
        return _("เพิ่มตำแหน่ง%(name)sแล้ว") % {"name": made.title}

    return form_page(
        request,
        form,
        title=_("เพิ่มตำแหน่ง"),
        button=_("เพิ่มตำแหน่ง"),
        back=f"/office/units/{pk}/",
        act=act,
        facts=found.name,
    )


@login_required
def post_roles(request: HttpRequest, pk: int) -> HttpResponse:
    post = fetch(request.actor, Post.objects.select_related("unit"), ORG_ROLES, pk=pk)
    form = PostRolesForm(request.POST or None, initial={"roles": post.roles.all()})

    def act(values: dict[str, Any]) -> str:
        set_post_roles(actor=request.actor, post=post, roles=list(values["roles"]))
        return _("กำหนดบทบาทของ%(name)sแล้ว มีผลทันที") % {"name": post.title}

    return form_page(
        request,
        form,
        title=_("บทบาทของตำแหน่ง"),
        button=_("บันทึกบทบาท"),
        back=f"/office/units/{post.unit_id}/",
        act=act,
        facts=post.title,
    )


@login_required
def post_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    post = fetch(request.actor, Post.objects.select_related("unit"), ORG_MANAGE, pk=pk)
    form = AppointForm(request.POST or None, actor=request.actor, q=searched(request))

    def act(values: dict[str, Any]) -> str:
        appoint(actor=request.actor, post=post, **values)
        return _("%(person)s ดำรงตำแหน่ง%(post)sแล้ว") % {"person": values["person"].name, "post": post.title}

    return form_page(
        request,
        form,
        title=_("แต่งตั้ง"),
        button=_("แต่งตั้ง"),
        back=f"/office/units/{post.unit_id}/",
        act=act,
        facts=f"{post.title} · {post.unit.name}",
    )


@login_required
@require_POST
def post_vacate(request: HttpRequest, pk: int) -> HttpResponse:
    post = fetch(request.actor, Post.objects.all(), ORG_MANAGE, pk=pk)
    vacate(actor=request.actor, post=post)
    messages.success(request, _("ตำแหน่ง%(post)sว่างแล้ว งานค้างรอผู้มารับตำแหน่ง") % {"post": post.title})
    return redirect("office:unit", post.unit_id)


@login_required
def post_delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Lend a post's authority. The holder may do it for their own post."""
    post = fetch(request.actor, Post.objects.select_related("unit"), pk=pk)
    held = request.actor.posts.get(post.pk)
    if held is None or held.kind != "substantive":
        demand(request.actor, ORG_DELEGATE, post)
    form = DelegationForm(request.POST or None, actor=request.actor, q=searched(request))

    def act(values: dict[str, Any]) -> str:
        made = delegate(actor=request.actor, post=post, **values)
        return _("%(person)s %(kind)s%(post)sแล้ว") % {
            "person": made.person.name, "kind": made.get_kind_display(), "post": post.title,
        }  # fmt: skip

    return form_page(
        request,
        form,
        title=_("รักษาราชการแทนหรือมอบอำนาจ"),
        button=_("บันทึกการมอบ"),
        back=f"/office/units/{post.unit_id}/",
        act=act,
        facts=f"{post.title} · {post.unit.name}",
    )


@login_required
@require_POST
def delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request.actor, Delegation.objects.select_related("post", "person"), pk=pk)
    revoke_delegation(actor=request.actor, delegation=found)
    messages.success(request, _("ยกเลิกแล้ว สิทธิ์ของ%(person)sหมดทันที") % {"person": found.person.name})
    return redirect("office:unit", found.post.unit_id)


@login_required
def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request.actor, Unit.objects.all(), ORG_MANAGE, pk=pk)
    form = JoinForm(request.POST or None, actor=request.actor, q=searched(request))

    def act(values: dict[str, Any]) -> str:
        join(actor=request.actor, unit=found, **values)
        return _("%(person)s เข้าร่วม%(unit)sแล้ว") % {"person": values["person"].name, "unit": found.name}

    return form_page(
        request,
        form,
        title=_("เพิ่มสมาชิก"),
        button=_("เพิ่มสมาชิก"),
        back=f"/office/units/{pk}/",
        act=act,
        facts=found.name,
    )


@login_required
@require_POST
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.actor, ORG_MANAGE)
    found = (
        Membership.objects.select_related("unit")
        .filter(pk=pk, unit__in=visible(request.actor, Unit.objects.all()))
        .first()
    )
    if found is None:
        raise NotFound(_("ไม่พบสมาชิกนี้"), code="not_found")
    leave(actor=request.actor, membership=found)
    return redirect("office:unit", found.unit_id)


@login_required
@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORG_VIEW)
    text = searched(request)
    page = Paginator(people(request.actor, text), 50).get_page(request.GET.get("page"))
    return render(
        request, "office/people.html", {"page": page, "q": text, "may_manage": can(request.actor, ORG_MANAGE)}
    )


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request.actor, Person.objects.select_related("account").distinct(), pk=pk)
    may_manage = can(request.actor, ORG_MANAGE)
    return render(
        request,
        "office/person.html",
        {
            "person": found,
            "holdings": found.holdings.select_related("post__unit").order_by("-since"),
            "delegations": found.delegations.select_related("post").order_by("-since")[:20],
            "memberships": found.memberships.select_related("unit", "role").order_by("-since"),
            "account": getattr(found, "account", None),
            "may_manage": may_manage,
            "history": history(found)[:20] if may_manage else [],
        },
    )


@login_required
def person_add(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORG_MANAGE)
    form = PersonForm(request.POST or None)
    made: list[Person] = []

    def act(values: dict[str, Any]) -> str:
        made.append(add_person(actor=request.actor, **values))
        return _("เพิ่ม%(name)sแล้ว แต่งตั้งให้ดำรงตำแหน่งได้จากหน้าหน่วยงาน") % {"name": made[0].full_name}

    return form_page(request, form, title=_("เพิ่มบุคคล"), button=_("เพิ่มบุคคล"), back="/office/people/", act=act)


@login_required
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.actor, ORG_MANAGE)
    found = fetch(request.actor, Person.objects.distinct(), pk=pk)
    names = ["title", "first_name", "last_name", "phone", "email"]
    form = PersonForm(request.POST or None, initial={name: getattr(found, name) for name in names})

    def act(values: dict[str, Any]) -> str:
        change_person(actor=request.actor, person=found, **values)
        return _("บันทึกข้อมูล%(name)sแล้ว") % {"name": found.full_name}

    return form_page(
        request,
        form,
        title=_("แก้ไขข้อมูลบุคคล"),
        button=_("บันทึกข้อมูล"),
        back=f"/office/people/{pk}/",
        act=act,
        facts=found.full_name,
    )


@login_required
def account_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account; the owner sets the first password by the link sent to their e-mail."""
    demand(request.actor, ORG_MANAGE)
    found = fetch(request.actor, Person.objects.distinct(), pk=pk)
    form = AccountForm(request.POST or None, initial={"email": found.email})
    back = f"/office/people/{pk}/"

    def act(values: dict[str, Any]) -> str:
        nonlocal back
        account = add_account(actor=request.actor, person=found, **values)
        back = reverse("signin:account_of", args=[account.pk])
        return _("เปิดบัญชี %(name)s แล้ว ส่งลิงก์เชิญให้เจ้าของตั้งรหัสผ่านจากหน้านี้") % {"name": account.username}

    return form_page(
        request,
        form,
        title=_("เปิดบัญชีผู้ใช้"),
        button=_("เปิดบัญชี"),
        back=lambda: back,
        act=act,
        facts=found.full_name,
    )


@login_required
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORG_ROLES)
    rows = list(Role.objects.all())
    labels = {c.code: c.label for c in capabilities}
    return render(
        request,
        "office/roles.html",
        {"roles": [(role, [labels[c] for c in role.capabilities if c in labels]) for role in rows]},
    )


@login_required
def role(request: HttpRequest, code: str = "") -> HttpResponse:
    demand(request.actor, ORG_ROLES)
    found = Role.objects.filter(code=code).first() if code else Role(code=f"role-{Role.objects.count() + 1}")
    if found is None:
        return redirect("office:roles")
    initial = {"name": found.name, "reach": found.reach, "capabilities": found.capabilities}
    form = RoleForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> str:
        save_role(actor=request.actor, role=found, **values)
        return _("บันทึกบทบาท%(name)sแล้ว มีผลทันที") % {"name": found.name}

    return form_page(
        request,
        form,
        title=_("บทบาท"),
        button=_("บันทึกบทบาท"),
        back="/office/roles/",
        act=act,
        facts=found.name,
    )
