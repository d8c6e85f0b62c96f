"""People and their accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khet.base.journal.api import history
from khet.base.org.actions import (
    add_account,
    add_person,
    change_person,
)
from khet.base.org.api import (
    Person,
    can,
    demand,
    fetch,
)
from khet.base.org.rules import ORG_MANAGE, ORG_VIEW
from khet.modules.office.forms import (
    AccountForm,
    PersonForm,
)
from khet.modules.office.queries import people
from khet.modules.office.views.one_form import form_page, searched


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
