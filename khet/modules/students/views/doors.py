"""What every page of pupils does the same way: run a verb and turn a refusal into the form's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from khet.base.lib.errors import Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import Actor
from khet.base.ui.forms import refuse_on
from khet.modules.schools.api import School, own_schools


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run a verb; a refusal goes onto its field, or on top of the form. (done, result)."""
    try:
        return True, act()
    except NotFound as why:
        if why.code == "not_found":
            raise
        form.add_error(None, str(why.sentence))
    except (Forbidden, FreshSignInNeeded):
        raise
    except Refusal as why:
        refuse_on(form, why)
    return False, None


def press(request: HttpRequest, act: Callable[[], Any], words: Callable[[Any], str]) -> None:
    """Run a verb behind a button and say what came of it."""
    try:
        result = act()
    except (Forbidden, NotFound, FreshSignInNeeded):
        raise
    except Refusal as why:
        messages.error(request, str(why.sentence))
    else:
        messages.success(request, words(result))


def schools_of(actor: Actor, capability: str) -> QuerySet[School]:
    """Open schools of the area in which the actor holds a capability."""
    rows = own_schools().select_related("unit").order_by("sort_name")
    scope = actor.scope(capability)
    return rows if scope.everywhere else rows.filter(unit__in=scope.unit_ids())
