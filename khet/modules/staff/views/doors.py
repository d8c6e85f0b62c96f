"""How pages of staff fetch an official and show a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from khet.base.org.api import fetch
from khet.modules.staff.models import Official
from khet.modules.staff.queries import with_everything


def the_official(request: HttpRequest, pk: int, capability: str | None = None) -> Official:
    """404 outside the reader's sight, 403 when seen but not theirs to change."""
    return fetch(request.actor, with_everything(), capability, pk=pk)


def page_of(official: Official, tab: str = "") -> str:
    """The address of the record in the register, or of one of its parts."""
    if tab:
        return reverse("register:tab", args=["officials", official.pk, tab])
    return reverse("register:detail", args=["officials", official.pk])


def form_page(
    request: HttpRequest, official: Official, form: forms.BaseForm, *, title: Any, button: Any, **more: Any
) -> HttpResponse:
    context = {"official": official, "form": form, "form_title": title, "button_words": button, **more}
    return render(request, "staff/form.html", context, status=422 if form.errors else 200)
