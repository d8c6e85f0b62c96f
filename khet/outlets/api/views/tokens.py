"""Tokens of my units: made once, seen once, revoked at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khet.base.org.api import Actor, Unit, demand, fetch, visible
from khet.base.ui.forms import carried_out
from khet.outlets.api.actions import make_token, offered_scopes, revoke_token
from khet.outlets.api.bearer import PER_MINUTE
from khet.outlets.api.forms import TokenForm
from khet.outlets.api.models import Call, Token
from khet.outlets.api.rules import TOKEN

SHOWN = 100


def own_units(actor: Actor) -> list[Unit]:
    """Units in which the actor holds a post and may make tokens."""
    found = {
        one.unit.pk: one.unit
        for one in actor.capacities
        if one.post is not None and actor.scope(TOKEN).covers(one.unit)
    }
    return list(found.values())


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The tokens of my units; a form for a new one, whose key is shown on the answer and never again."""
    actor = request.actor
    demand(actor, TOKEN)
    units = own_units(actor)
    scopes = {unit.pk: offered_scopes(actor, unit) for unit in units}
    form = TokenForm(
        request.POST or None, units=units, scopes=sorted({one for held in scopes.values() for one in held})
    )
    made: list[tuple[Token, str]] = []
    if request.method == "POST" and form.is_valid():
        carried_out(form, lambda: made.append(make_token(actor=actor, **form.arguments)))
    rows = visible(actor, Token.objects.select_related("unit", "person", "post"))[:SHOWN]
    context = {
        "form": TokenForm(None, units=units, scopes=form.offered) if made else form, "tokens": rows, "now": timezone.now(), "may_make": bool(units),
        "made": made[0][0] if made else None, "key": made[0][1] if made else "", "per_minute": PER_MINUTE,
        "example": request.build_absolute_uri(reverse("api:v1:waiting")),
    }  # fmt: skip
    status = 422 if request.method == "POST" and not made else 200
    return render(request, "api/tokens.html", context, status=status)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One token and what its program asked last."""
    token = fetch(request.actor, Token.objects.select_related("unit", "person", "post", "revoked_by"), pk=pk)
    return render(
        request,
        "api/token.html",
        {"token": token, "calls": Call.objects.filter(token=token)[:SHOWN], "now": timezone.now()},
    )


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = fetch(request.actor, Token.objects.all(), TOKEN, pk=pk)
    revoke_token(actor=request.actor, token=token)
    messages.success(request, _("เพิกถอนโทเคน %(name)s แล้ว ใช้ไม่ได้ตั้งแต่บัดนี้") % {"name": token.name})
    return redirect("api:tokens")
