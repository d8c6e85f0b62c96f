"""The form: new and edit, one column, errors on top, a draft kept, two writers told apart."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import forbidden
from khet.base.privacy.api import WATCHED, record_reading, statement
from khet.base.ui.forms import refuse_on
from khet.kits.register.actions import drop_draft, keep_draft
from khet.kits.register.bases import Record, Section
from khet.kits.register.models import Draft
from khet.kits.register.views.doors import fetch_record, not_offered, record_type

log = logging.getLogger("khet.security")
_OWN = {"csrfmiddlewaretoken", "version", "section", "draft"}


@login_required
@never_cache
def create(request: HttpRequest, kind: str) -> HttpResponse:
    record = record_type(request, kind)
    if record.create is None:
        raise not_offered()
    sections = record.editable(request.actor)
    if not sections:
        raise forbidden(record.add or record.edit)
    return _form(request, record, None, sections)


@login_required
@never_cache
def edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    record, found = fetch_record(request, kind, pk)
    if record.update is None:
        raise not_offered()
    sections = record.editable(request.actor, found)
    if not sections:
        raise forbidden(record.edit, found)
    wanted = request.GET.get("section") or request.POST.get("section")
    if wanted:
        sections = [section for section in sections if section.code == wanted] or sections
    if request.method == "GET":
        said = statement(record.model)
        what = {said.get(name) for section in sections for name in section.fields} & WATCHED
        if what:  # the form shows in clear what it lets one change
            record_reading(actor=request.actor, subject=record.subject(found), what=what)
    return _form(request, record, found, sections)


def _form(
    request: HttpRequest, record: Record, found: models.Model | None, sections: list[Section]
) -> HttpResponse:
    form_class = record.form_class(sections)
    form_class.actor = request.actor  # what a choice may offer depends on who chooses
    # Before binding, which writes what was typed onto the instance.
    title = record.title(found) if found is not None else None
    target = str(found.pk) if found is not None else "new"
    key = {"actor": request.actor, "kind": record.code, "target": target}
    conflict, draft, meanwhile = None, None, []
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, instance=found)
        _log_strangers(request, record, form)
        version = request.POST.get("version", "")
        if form.is_valid():
            try:
                saved = _save(request, record, found, form, version)
            except Conflict as why:
                conflict = why
                if why.code == "register.changed_meanwhile":
                    fresh = record.queryset(request.actor).get(pk=found.pk)
                    opened = form_class(instance=fresh)
                    meanwhile = _meanwhile(opened, fresh, form)
                    # Pressing save once more is then a decision, made with both values in view.
                    version = _version(opened, fresh)
                else:
                    refuse_on(form, why)
            except (Forbidden, NotFound, FreshSignInNeeded):
                raise
            except Refusal as why:
                refuse_on(form, why)
            else:
                drop_draft(**key)
                messages.success(request, _("บันทึก%(title)sแล้ว") % {"title": record.title(saved)})
                return redirect("register:detail", record.code, saved.pk)
        else:
            keep_draft(**key, data={name: form.data.get(name, "") for name in form.fields})
    else:
        form = form_class(instance=found)
        version = _version(form, found)
        if request.actor.person is not None:
            draft = Draft.objects.filter(person=request.actor.person, kind=record.code, target=target).first()
        if draft is not None and request.GET.get("draft") == "use":
            known = {name: value for name, value in draft.data.items() if name in form.fields}
            form = form_class(initial=known, instance=found)
            draft = None
    groups = [(section, [form[name] for name in section.fields]) for section in sections]
    return render(
        request,
        "register/form.html",
        {
            "record": record,
            "found": found,
            "title": title,
            "form": form,
            "groups": groups,
            "version": version,
            "conflict": conflict,
            "meanwhile": meanwhile,
            "draft": draft,
            "section": sections[0].code if len(sections) == 1 and found is not None else "",
        },
        status=409 if conflict else (422 if request.method == "POST" else 200),
    )


def _save(
    request: HttpRequest, record: Record, found: models.Model | None, form: forms.ModelForm, version: str
) -> models.Model:
    """Hand what differs to the type's verb. Whoever saved in between is not overwritten (409)."""
    values = {name: form.cleaned_data[name] for name in form.fields}
    if found is None:
        return record.create(actor=request.actor, **values)
    with transaction.atomic():
        record.model._base_manager.select_for_update().get(pk=found.pk)
        fresh = record.queryset(request.actor).get(pk=found.pk)
        now = type(form)(instance=fresh)
        if version != _version(now, fresh):
            raise Conflict(
                _("มีผู้แก้รายการนี้ระหว่างที่คุณกรอก เทียบค่าในทะเบียนข้างล่าง แล้วกดบันทึกอีกครั้งถ้าจะใช้ค่าที่คุณกรอก"),
                code="register.changed_meanwhile",
            )
        changed = {name: value for name, value in values.items() if _differs(now, fresh, name, value)}
        if changed:
            record.update(actor=request.actor, record=fresh, **changed)
        return fresh


def _initial(form: forms.ModelForm, found: models.Model, name: str) -> Any:
    initial = form.get_initial_for_field(form.fields[name], name)
    return initial.pk if isinstance(initial, models.Model) else initial


def _differs(form: forms.ModelForm, found: models.Model, name: str, value: Any) -> bool:
    initial = _initial(form, found, name)
    value = value.pk if isinstance(value, models.Model) else value
    return (initial if initial not in (None, "") else None) != (value if value not in (None, "") else None)


def _meanwhile(opened: forms.ModelForm, fresh: models.Model, typed: forms.ModelForm) -> list[tuple[Any, Any]]:
    """Where the register now says something else than what was typed: (label, value now)."""
    found = []
    for name, value in typed.cleaned_data.items():
        if name in opened.fields and _differs(opened, fresh, name, value):
            initial = opened.get_initial_for_field(opened.fields[name], name)
            choices = dict(getattr(opened.fields[name], "choices", None) or {})
            found.append((opened[name].label, choices.get(initial, initial) or "–"))
    return found


def _version(form: forms.ModelForm, found: models.Model | None) -> str:
    """A fingerprint of what the form was opened with."""
    if found is None:
        return ""
    words = "\x1f".join(f"{name}={_initial(form, found, name)!r}" for name in sorted(form.fields))
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def _log_strangers(request: HttpRequest, record: Record, form: forms.ModelForm) -> None:
    """Fields that are not on the form are ignored; that somebody sent them is worth a line."""
    strangers = [name for name in request.POST if name not in form.fields and name not in _OWN]
    if strangers:
        log.warning(
            "%s: fields not on the form were sent and ignored: %s",
            record.code,
            ", ".join(n[:40] for n in strangers[:20]),
        )


@login_required
@require_POST
def draft(request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
    """Keep what has been typed so far; answered with nothing."""
    if pk is None:
        record, target = record_type(request, kind), "new"
        sections = record.editable(request.actor)
    else:
        record, found = fetch_record(request, kind, pk)
        sections, target = record.editable(request.actor, found), str(found.pk)
    if not sections:
        raise forbidden(record.edit)
    if request.POST.get("drop"):
        drop_draft(actor=request.actor, kind=record.code, target=target)
        return redirect(
            request.POST.get("back")
            if _own_path(request.POST.get("back"))
            else request.path.removesuffix("draft/")
        )
    names = {name for section in sections for name in section.fields}
    keep_draft(
        actor=request.actor,
        kind=record.code,
        target=target,
        data={name: request.POST[name] for name in names if name in request.POST},
    )
    return HttpResponse(status=204)


def _own_path(path: str | None) -> bool:
    return bool(path) and path.startswith("/") and not path.startswith("//") and "\\" not in path
