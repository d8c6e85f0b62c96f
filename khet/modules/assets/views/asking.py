"""One page that asks for what a verb needs: form, refusal beside its field, toast, and back to the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from khet.base.ui.forms import carried_out


def posted(request: HttpRequest) -> Any:
    """What was sent, also when nothing was: an empty POST is answered with what is missing."""
    return request.POST if request.method == "POST" else None


def ask(
    request: HttpRequest,
    *,
    form: forms.Form,
    act: Callable[..., Any],
    title: Any,
    button: Any,
    done: Any,
    back: str,
    path: list[tuple[Any, str]],
    facts: Any = "",
    hint: Any = "",
    icon: str = "",
) -> HttpResponse:
    """Show the form; on a valid POST run ``act`` with what was typed and go ``back``. What was typed stays on refusal."""
    if request.method == "POST" and form.is_valid() and carried_out(form, lambda: act(**form.cleaned_data)):
        messages.success(request, done)
        return redirect(back)
    return render(
        request,
        "assets/ask.html",
        {
            "form": form,
            "title": title,
            "button": button,
            "path": path,
            "facts": facts,
            "hint": hint,
            "icon": icon,
            "has_file": form.is_multipart(),
        },
        status=422 if form.errors else 200,
    )
