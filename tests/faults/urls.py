"""The real addresses, and doors for faults."""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from khet.base.journal.api import Draft, append
from khet.base.org.api import Person
from khet.kits.files.actions import _keep
from khet.site.urls import urlpatterns as real
from tests.faults.site import pause


def write(request: HttpRequest) -> HttpResponse:
    """A row and its journal entry in one transaction; answered only after the commit."""
    key = request.GET["key"]
    with transaction.atomic():
        Person.objects.create(title="นาย", first_name="ทดสอบ", last_name=key)
        append([Draft(verb="faults.write", sentence="ทดสอบ", facts={"key": key})])
    return HttpResponse("stored")


def read(request: HttpRequest) -> HttpResponse:
    """Reads, taking ``seconds`` in the database first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [float(request.GET.get("seconds", "0"))])
    return HttpResponse(str(Person.objects.count()))


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse("slow")


def locked(request: HttpRequest) -> HttpResponse:
    """Needs a table that the test holds locked."""
    Person.objects.create(title="นาย", first_name="รอ", last_name="ล็อก")
    return HttpResponse("stored")


def upload(request: HttpRequest) -> HttpResponse:
    """Bytes on the shelf, then the row, then the answer; each place can be stood still at."""
    with transaction.atomic():
        file = _keep(request.body, "a.csv", None)
        pause("row")
    pause("answer")
    return HttpResponse(file.sha256)


urlpatterns = [
    path("fault/write", login_not_required(write)),
    path("fault/read", login_not_required(read)),
    path("fault/slow", login_not_required(slow)),
    path("fault/locked", login_not_required(locked)),
    path("fault/upload", login_not_required(upload)),
    *real,
]
