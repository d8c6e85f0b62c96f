"""The front door: signed in people go to their desk, others to the sign-in page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse

from khet.base.ui.menu import places


def home(request: HttpRequest) -> HttpResponse:
    """The reader's desk, or the first place they may enter; visitors sign in."""
    if not request.actor.is_authenticated:
        return redirect("account_login")
    try:
        return redirect(reverse("desk:home"))
    except NoReverseMatch:
        first = next(iter(places(request)), None)
        return redirect(first.address if first else "ui:menu")


urlpatterns = [path("", home, name="home")]
