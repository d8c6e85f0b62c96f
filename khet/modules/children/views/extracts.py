"""Files of ทร.14 that were written: whom the newest no longer has, marked by one press."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.errors import NotFound
from khet.base.org.api import demand, visible
from khet.modules.children.actions import settle_extract
from khet.modules.children.actions.extracts import reach
from khet.modules.children.models import Child
from khet.modules.children.queries.children import with_places
from khet.modules.children.queries.extracts import absent_from, extracts, returned_in
from khet.modules.children.rules import IMPORT

SHOWN = 200


@login_required
@require_GET
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """The files, the newest first."""
    demand(request.actor, IMPORT)
    return render(request, "children/extracts.html", {"extracts": extracts()})


@login_required
@never_cache
def extract(request: HttpRequest, batch: int) -> HttpResponse:
    """Children of the file's villages and years who are not in it; marking them is an act of its own."""
    demand(request.actor, IMPORT)
    found = next((one for one in extracts() if one.pk == batch), None)
    if found is None:
        raise NotFound(_("ไม่พบไฟล์นี้ หรือยังไม่ได้นำเข้า"), code="not_found")
    if request.method == "POST":
        marked, back = settle_extract(actor=request.actor, batch=batch)
        messages.success(
            request,
            _("ทำเครื่องหมายว่าไม่พบ %(marked)d คน กลับมาพบ %(back)d คน") % {"marked": marked, "back": back},
        )
        return redirect("children:extract", batch)
    absent = absent_from(batch, reach(request.actor))
    children = with_places(visible(request.actor, Child.objects.filter(pk__in=absent))).order_by(
        "home_tambon", "home_moo", "sort_name"
    )
    return render(
        request,
        "children/extract.html",
        {
            "extract": found, "count": len(absent), "children": children[:SHOWN], "shown": SHOWN,
            "back": len(returned_in(batch)),
        },
    )  # fmt: skip
