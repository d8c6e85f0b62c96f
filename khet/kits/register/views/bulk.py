"""A verb on many records: choose, see what would happen, do it once."""

from __future__ import annotations

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import demand
from khet.base.ui.forms import refuse_on
from khet.kits.register.bases import Paper
from khet.kits.register.queries.lists import ListState
from khet.kits.register.queries.selections import selected
from khet.kits.register.views.doors import record_type

SHOWN = 200


@login_required
@require_POST
@never_cache
def bulk(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Without ``step`` the question, with ``step=preview`` what would change, with ``step=do`` the deed.

    The number of records agreed to travels along: when the list has moved in between, it is shown again.
    """
    record = record_type(request, kind)
    verb = next((verb for verb in record.bulk if verb.code == code), None)
    if verb is None:
        raise Http404
    demand(request.actor, verb.capability)
    rows = selected(record, request.actor, request.POST, verb.capability)
    query = ListState.read(record, QueryDict(request.POST.get("query", "")[:4000])).query()
    count, step = rows.count(), request.POST.get("step", "")
    given = request.POST if step else None
    form = verb.form(given) if verb.form else None
    changes, problem = None, None
    if step and (form is None or form.is_valid()):
        values = dict(form.cleaned_data) if form else {}
        agreed = request.POST.get("agreed", "")
        try:
            if step == "do" and agreed == str(count):
                done = verb.run(actor=request.actor, records=rows, **values)
                if isinstance(done, Paper):
                    return FileResponse(
                        io.BytesIO(done.content),
                        as_attachment=True,
                        filename=done.name,
                        content_type=done.content_type,
                    )
                messages.success(
                    request,
                    _("%(verb)sแล้ว %(n)d %(counter)s")
                    % {"verb": verb.label, "n": done, "counter": record.counter},
                )
                return redirect(f"{reverse('register:list', args=[kind])}?{query}")
            if step == "do":
                problem = Conflict(_("รายการที่ตรงเงื่อนไขเปลี่ยนไปแล้ว ดูตัวอย่างอีกครั้งก่อนทำ"), code="register.moved")
            changes = verb.preview(actor=request.actor, records=rows, **values) if verb.preview else None
        except (Forbidden, NotFound, FreshSignInNeeded):
            raise
        except Refusal as why:
            problem = why
            if form is not None:
                refuse_on(form, why)
    context = {
        "record": record,
        "verb": verb,
        "form": form,
        "count": count,
        "pks": [] if request.POST.get("all") else request.POST.getlist("pk")[:1000],
        "all": bool(request.POST.get("all")),
        "query": query,
        "problem": problem,
        "changes": changes[:SHOWN] if changes is not None else None,
        "changing": len(changes) if changes is not None else 0,
        "more": max(len(changes) - SHOWN, 0) if changes is not None else 0,
    }
    return render(
        request, "register/bulk.html", context, status=409 if isinstance(problem, Conflict) else 200
    )
