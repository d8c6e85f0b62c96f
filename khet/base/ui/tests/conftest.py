"""Somebody signed in, for pages of the frame. The people are invented."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def account(db):
    """An account whose person holds one post without any role."""
    unit = apps.get_model("org", "Unit").objects.create(
        kind="office",
        code="9902",
        name="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
        short_name="สพป.ศรีธารา เขต 2",
    )
    unit.ancestors = [unit.pk]
    unit.save()
    post = apps.get_model("org", "Post").objects.create(
        unit=unit, kind="officer", title="นักวิเคราะห์นโยบายและแผน", short_title="นักวิเคราะห์"
    )
    person = apps.get_model("org", "Person").objects.create(
        title="นางสาว", first_name="ปิยะนุช", last_name="ทองสลวย"
    )
    apps.get_model("org", "Holding").objects.create(post=post, person=person, since=date(2024, 1, 1))
    return get_user_model().objects.create(person=person, username="planner")


@pytest.fixture
def grant(account):
    """Give the account's post a role with these capabilities."""

    def give(*codes: str) -> None:
        role = apps.get_model("org", "Role").objects.create(
            code=f"role{len(codes)}", name="ทดสอบ", capabilities=list(codes), reach="area"
        )
        apps.get_model("org", "Post").objects.get().roles.add(role)

    return give


@pytest.fixture
def staff(account) -> Client:
    client = Client()
    client.force_login(account)
    return client
