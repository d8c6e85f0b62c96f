"""The public page that tells whether a printed copy of a service record is genuine."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.signin.limits import Limit, take
from khet.modules.staff.forms import CopyCodeForm
from khet.modules.staff.queries.service import verify as looked_up

# A counter clerk checks a few in a minute; who guesses sixteen letters gets nowhere at this pace.
PER_ADDRESS = Limit("service copy address", 30, 300)


@login_not_required
@require_GET
@never_cache
def ask_code(request: HttpRequest) -> HttpResponse:
    """Where to type the code that stands under the QR."""
    form = CopyCodeForm(request.GET or None)
    if request.GET and form.is_valid():
        code = form.cleaned_data["code"]
        if code.isalnum():
            return redirect("staff:verify", code[:16])
        form.add_error("code", _("รหัสมีแต่ตัวอักษรและตัวเลข 16 ตัว"))
    return render(
        request, "staff/service/verify_ask.html", {"form": form}, status=422 if form.errors else 200
    )


@login_not_required
@require_GET
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Genuine or not, whose by masked name, printed when, how many rows, whether they still say the same: nothing more."""
    take((PER_ADDRESS, request.actor.address or ""))
    verdict = looked_up(code.lower())
    answer = render(
        request, "staff/service/verify.html", {"verdict": verdict, "copy": verdict.copy},
        status=200 if verdict.copy is not None else 404,
    )  # fmt: skip
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
