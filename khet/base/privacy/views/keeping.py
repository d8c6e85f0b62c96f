"""How long personal data is kept, and forgetting what is over its time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from khet.base.lib.errors import NotFound
from khet.base.org.api import demand
from khet.base.privacy.actions import forget, kept_years, kept_years_of_all, set_years, years_back
from khet.base.privacy.bases import retentions
from khet.base.privacy.forms import ReasonForm, YearsForm
from khet.base.privacy.models import KEPT_DAYS
from khet.base.privacy.rules import KEEPING
from khet.base.ui.forms import carried_out


@require_GET
@never_cache
def table(request: HttpRequest) -> HttpResponse:
    """What is kept how long, why, and how many are over their time today."""
    demand(request.actor, KEEPING)
    years = kept_years_of_all()
    rows = [
        {
            "kept": one,
            "years": years[one.code],
            "before": (day := years_back(years[one.code])),
            "due": one.due(day),
        }
        for one in retentions
    ]
    return render(request, "privacy/keeping.html", {"rows": rows, "kept_days": KEPT_DAYS})


@never_cache
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Set the years, or forget who is over them: two forms of one page, told apart by the pressed button."""
    demand(request.actor, KEEPING)
    kept = retentions.get(code)
    if kept is None:
        raise NotFound(_("ไม่พบหน้านี้"), code="not_found")
    pressed = request.POST.get("do") if request.method == "POST" else None
    now = kept_years(code)
    years = YearsForm(request.POST if pressed == "years" else None, least=kept.least, initial={"years": now})
    reason = ReasonForm(request.POST if pressed == "forget" else None)
    if years.is_valid() and carried_out(
        years, lambda: set_years(actor=request.actor, code=code, years=years.cleaned_data["years"])
    ):
        messages.success(request, _("บันทึกระยะเวลาเก็บแล้ว"))
        return redirect("privacy:keeping_one", code)
    gone: list[int] = []
    if reason.is_valid() and carried_out(
        reason,
        lambda: gone.append(forget(actor=request.actor, code=code, reason=reason.cleaned_data["reason"])),
    ):
        messages.success(
            request, _("ลบแล้ว %(n)s %(counter)s") % {"n": f"{gone[0]:,}", "counter": kept.counter}
        )
        return redirect("privacy:keeping")
    before = years_back(now)
    context = {
        "kept": kept, "years_form": years, "reason_form": reason, "before": before, "due": kept.due(before), "years": now,
    }  # fmt: skip
    return render(
        request, "privacy/keeping_one.html", context, status=422 if years.errors or reason.errors else 200
    )
