"""An office with a director, an administrator and a teacher, and how to sign one of them in through the pages."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, ensure_roles
from khet.base.org.middleware import FRESH_UNTIL
from khet.base.signin import demo, factors, jobs
from tests.built_once import built_once

PASSWORD = "เรือลำน้อย ลอยกลางทะเลสาบ"
ADDRESS = "203.0.113.7"


class Office(SimpleNamespace):
    """Accounts by name, and the secrets of their authenticator apps."""

    def give_app(self, account) -> str:
        secret = generate_totp_secret()
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
        )
        return secret

    def code(self, secret: str, steps: int = 0) -> str:
        return factors.code_at(secret, factors.step_now() + steps)

    def sign_in(self, client, account, password: str = PASSWORD, **extra):
        return client.post(
            "/accounts/login/",
            {"login": account.username, "password": password},
            REMOTE_ADDR=ADDRESS,
            **extra,
        )

    def sign_in_whole(self, client, account, secret: str) -> None:
        """Both pages; the code is that of the step before, so that a test can still use the running one."""
        assert self.sign_in(client, account).url == "/accounts/2fa/"
        answer = client.post("/accounts/2fa/", {"code": self.code(secret, -1)}, REMOTE_ADDR=ADDRESS)
        assert answer.status_code == 302, answer.content.decode()


@pytest.fixture(autouse=True)
def letters_go_at_once(request, monkeypatch) -> None:
    """Letters are written without a worker, except where the queue itself is looked at."""
    if "queue" not in request.node.name:
        monkeypatch.setattr(jobs.post, "defer", jobs.post.func)


@pytest.fixture(autouse=True)
def one_step(monkeypatch) -> None:
    """The thirty seconds of a code do not run out between the app that shows it and the page that reads it."""
    step = factors.step_now()
    for module in (factors, demo):
        monkeypatch.setattr(module, "step_now", lambda moment=None: step)


def build() -> Office:
    system = Actor.system()
    roles = ensure_roles()
    unit = add_unit(
        actor=system,
        kind="office",
        code="9902",
        name="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
        short_name="สพป.ศรีธารา เขต 2",
    )

    def open_account(username: str, role: str, kind: str, first: str, last: str):
        post = add_post(actor=system, unit=unit, kind=kind, title=role, short_title=role, roles=[roles[role]])
        person = add_person(actor=system, first_name=first, last_name=last)
        appoint(actor=system, post=post, person=person)
        return add_account(
            actor=system,
            person=person,
            username=username,
            email=f"{username}@example.go.th",
            password=PASSWORD,
        )

    return Office(
        unit=unit,
        director=open_account("witthaya", "director", "director", "วิทยา", "ธารสุวรรณ"),
        admin=open_account("pakorn", "admin", "officer", "ปกรณ์", "ศรีสาคร"),
        teacher=open_account("mana", "teacher", "teacher", "มานะ", "ดีงาม"),
    )


built, office = built_once(build)


@pytest.fixture
def admin(office, client):
    """The administrator's browser, freshly signed in."""
    client.force_login(office.admin)
    session = client.session
    session[FRESH_UNTIL] = time.time() + 300
    session.save()
    return client
