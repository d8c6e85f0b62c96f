"""Posts: what they may do, who holds them, whose authority is lent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.base.org.actions import (
    add_post,
    appoint,
    delegate,
    revoke_delegation,
    set_post_roles,
    vacate,
)
from khet.base.org.api import (
    Delegation,
    Post,
    Unit,
    demand,
    fetch,
)
from khet.base.org.rules import ORG_DELEGATE, ORG_MANAGE, ORG_ROLES
from khet.modules.office.forms import (
    AppointForm,
    DelegationForm,
    PostForm,
    PostRolesForm,
)
from khet.modules.office.views.one_form import form_page, searched


@login_required
def post_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request.actor, Unit.objects.all(), ORG_MANAGE, pk=pk)
    form = PostForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        made = add_post(actor=request.actor, unit=found, **values)
        names = ", ".join(role.name for role in made.roles.all())
        return _("เพิ่มตำแหน่ง%(name)sแล้ว บทบาท: %(roles)s") % {"name": made.title, "roles": names}

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
