"""The structure: the tree, one unit, its members."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import NotFound
from khet.base.org.actions import (
    add_unit,
    change_unit,
    join,
    leave,
)
from khet.base.org.api import (
    Membership,
    Unit,
    can,
    demand,
    fetch,
    office,
    visible,
)
from khet.base.org.rules import ORG_DELEGATE, ORG_MANAGE, ORG_ROLES, ORG_VIEW
from khet.modules.office.forms import (
    JoinForm,
    UnitForm,
)
from khet.modules.office.queries import members_of, posts_of, structure
from khet.modules.office.views.one_form import form_page, searched


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
