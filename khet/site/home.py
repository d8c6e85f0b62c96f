"""The front door: signed in people go to their desk, others to the sign-in page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/home.html")


urlpatterns = [path("", home, name="home")]
