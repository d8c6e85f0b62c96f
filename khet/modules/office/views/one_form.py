"""One form on one page: how most changes to the structure are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.ui.forms import refuse_on


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
            refuse_on(form, why)
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
