"""Roles: what whoever holds them may do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khet.base.org.actions import (
    save_role,
    settle_rights,
)
from khet.base.org.api import (
    Role,
    demand,
)
from khet.base.org.roles import waiting_rights
from khet.base.org.rules import ORG_ROLES, capabilities
from khet.modules.office.forms import NewRightsForm, RoleForm
from khet.modules.office.views.one_form import form_page


@login_required
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORG_ROLES)
    rows = list(Role.objects.all())
    labels = {c.code: c.label for c in capabilities}
    return render(
        request,
        "office/roles.html",
        {
            "roles": [(role, [labels[c] for c in role.capabilities if c in labels]) for role in rows],
            "waiting": sum(len(rights) for _role, rights in waiting_rights()),
        },
    )


@login_required
def new_rights(request: HttpRequest) -> HttpResponse:
    """What an update brought: ticked as the makers of khet would give it, decided by one press."""
    demand(request.actor, ORG_ROLES)
    # An empty choice is a whole answer: nothing is given.
    form = NewRightsForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" and not form.fields["rights"].choices:
        return redirect("office:roles")

    def act(values: dict[str, Any]) -> str:
        count = settle_rights(actor=request.actor, given=form.given())
        return _("ให้สิทธิ์ใหม่ %(n)s รายการแล้ว มีผลทันที") % {"n": count}

    return form_page(
        request,
        form,
        title=_("สิทธิ์ใหม่ของบทบาท"),
        button=_("บันทึกสิทธิ์ใหม่"),
        back="/office/roles/",
        act=act,
        facts=_("มากับโปรแกรมรุ่นนี้ ติ๊กไว้ตามที่แนะนำ รายการที่ไม่ติ๊กถือว่าไม่ให้ แก้ภายหลังได้ที่หน้าบทบาท"),
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
