"""What no honest browser sends, into every form and every filter that a crawl finds: never a 5xx, never a stack trace.

B10, B13–B19, B52 and the sentence in Thai that comes back.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve

from khet.base.journal.models import Entry
from khet.base.org.api import Account, Membership, Role
from tests.access.crawl import Form, crawl
from tests.access.visit import body_of, enter, undone

ROLES = ("saraban", "school_clerk", "admin", "planner", "director", "officer")
#: Acts that end the session or turn to somebody outside: their own tests send them badly.
LEAVE = {"account_logout", "signin:ask_reset"}
THAI = re.compile("[\u0e00-\u0e7f]")
SCRIPT = "<script>alert(1)</script><svg onload=alert(2)><math><mtext></form><mglyph><style>{{7*7}}{%debug%}"
RAW = ("<script>alert(1)", "<svg onload", "<mglyph", "onload=alert(2)>")


def forms_of(world, role: str) -> list[Form]:
    """One of every kind of form the role meets."""
    found: dict[tuple, Form] = {}
    for page in crawl(enter(world, role), most=90, alike=2):
        for form in page.forms:
            match = resolve(urlsplit(form.action).path)
            key = match.view_name, form.method, tuple(sorted({name for name, _value in form.fields}))
            if match.view_name not in LEAVE:
                found.setdefault(key, form)
    return list(found.values())


def send(client, form: Form, values: dict):
    if form.method == "get":
        return client.get(urlsplit(form.action).path, values)
    return client.post(form.action, values)


def values_of(form: Form) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in form.fields:
        values[name] = [*values[name], value] if isinstance(values.get(name), list) else value
    return values


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ROLES)
def test_every_form(world, role):
    forms = forms_of(world, role)
    client = enter(world, role)
    assert len(forms) >= 8
    wrong = []
    for form in forms:
        plain = values_of(form)
        name = form.typed[0] if form.typed else "note"
        cases = {
            "NUL": ({**plain, name: "ก\x00ข"}, {400}),
            "NUL in a name": ({**plain, "x\x00y": "1"}, {400}),
            "markup": ({**plain, **dict.fromkeys(form.typed, SCRIPT)}, None),
            "control characters": (
                {**plain, **dict.fromkeys(form.typed, "ก\u202eข\u200b\x07\ud7ff\u0e49\u0e49\u0e49")},
                None,
            ),
            "strange numbers": (dict.fromkeys(plain, "9" * 40), None),
            "other type": (dict.fromkeys(plain, "'; DROP TABLE org_unit; --"), None),
        }
        if form.method == "post":
            cases["10 MB"] = ({**plain, name: "ก" * 3_500_000}, {400, 413})
            cases["2,000 fields"] = ({**plain, **{f"f{n}": "1" for n in range(2000)}}, {400})
            cases["empty"] = ({}, None)
        for case, (values, wanted) in cases.items():
            with undone():
                response = send(client, form, values)
                body = body_of(response).decode("utf-8", "replace")
            status = response.status_code
            where = f"{form.method} {form.action} (from {form.found_on}), {case}"
            if status >= 500 or (wanted and status not in wanted):
                wrong.append(f"{where}: {status}")
            if "Traceback" in body or any(raw in body for raw in RAW):
                wrong.append(f"{where}: shown raw")
            if (
                status >= 400
                and response.headers.get("Content-Type", "").startswith("text/html")
                and not THAI.search(body)
            ):
                wrong.append(f"{where}: {status} without a word of Thai")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:60])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ROLES)
def test_every_filter(world, role):
    """Every parameter of every link and search form, with what no list expects."""
    client = enter(world, role)
    asked: dict[tuple[str, str], str] = {}
    for page in crawl(client, most=90, alike=2):
        for url in [
            page.url,
            *(
                f"{f.action.split('?')[0]}?" + "&".join(f"{n}=" for n, _v in f.fields)
                for f in page.forms
                if f.method == "get"
            ),
        ]:
            parts = urlsplit(url)
            for name, _value in parse_qsl(parts.query, keep_blank_values=True):
                asked.setdefault((resolve(parts.path).view_name, name), parts.path)
    for path in (
        "/letters/registers/",
        "/register/schools/",
        "/desk/matters/",
        "/letters/inbox/",
        "/office/people/",
        "/search/",
        "/letters/sent/",
    ):
        for name in (
            "page",
            "order",
            "sort",
            "q",
            "unit",
            "year",
            "kind",
            "state",
            "amphoe",
            "tab",
            "show",
            "since",
            "until",
        ):
            asked.setdefault((path, name), path)
    wrong = []
    for (_view, name), path in asked.items():
        for value in (
            "'",
            "\x00",
            "9" * 30,
            "-1",
            "password",
            "-person__account__password",
            "๑๒",
            "²",
            "a" * 3000,
            "1);--",
            "%00",
            "\n\r\t",
            "2147483648",
            "[]",
            SCRIPT,
        ):
            with undone():
                response = client.get(path, {name: value})
                body = body_of(response).decode("utf-8", "replace")
            if response.status_code >= 500 or (value == "\x00" and response.status_code != 400):
                wrong.append(f"{path}?{name}={value[:30]!r}: {response.status_code}")
            if any(raw in body for raw in RAW):
                wrong.append(f"{path}?{name}: shown raw")
    assert not wrong, "\n".join(wrong[:60])
    assert len(asked) > 40


def test_extra_fields_are_ignored(world):
    """B52: what a form does not have cannot be set by sending it."""
    account = world.accounts["school_clerk"]
    before = Account.objects.filter(pk=account.pk).values().get()
    roles = list(Role.objects.order_by("pk").values())
    client = enter(world, "school_clerk")
    extra = {
        "is_staff": "1", "is_superuser": "1", "is_active": "1", "school": world.schools["foreign"].pk, "unit": world.units["foreign"].pk,
        "unit_id": world.units["foreign"].pk, "status": "closed", "state": "sent", "number": "999", "drafter_post": world.posts["director"].pk,
        "person": world.people["director"].pk, "actor": "1", "roles": [role["pk"] for role in roles if "pk" in role] or ["1"], "capabilities": ["org.roles"],
    }  # fmt: skip
    for form in forms_of(world, "school_clerk"):
        if form.method == "post" and "/me/" not in form.action:
            with undone():
                client.post(
                    form.action,
                    {**values_of(form), **{k: v for k, v in extra.items() if k not in dict(form.fields)}},
                )
                now = Account.objects.filter(pk=account.pk).values().get()
                assert {k: now[k] for k in ("is_active", "username", "person_id", "session_epoch")} == {
                    k: before[k] for k in ("is_active", "username", "person_id", "session_epoch")
                }, form.action
                assert list(Role.objects.order_by("pk").values()) == roles, form.action
                assert not Membership.objects.filter(person=world.people["school_clerk"]).exists(), (
                    form.action
                )
                foreign = type(world.schools["foreign"]).objects.get(pk=world.schools["foreign"].pk)
                assert foreign.status == world.schools["foreign"].status
                assert not Entry.objects.filter(
                    actor_id=account.pk, unit_id=world.units["foreign"].pk
                ).exists(), form.action
