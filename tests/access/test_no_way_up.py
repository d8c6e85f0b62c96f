"""Staff work is no ladder: whoever may not hand out rights reaches them neither for themselves nor through others."""

from __future__ import annotations

import pytest

from khet.base.org.api import Role
from tests.access.visit import body_of, enter

pytestmark = pytest.mark.core
LADDERS = {
    "a membership with the role": ("/office/units/{unit}/members/add/", {"person": "{person}", "role": "{role}"}),
    "the administrator's post": ("/office/posts/{post}/appoint/", {"person": "{person}", "kind": "substantive", "since": "01/11/2569"}),
    "the administrator's authority": ("/office/posts/{post}/delegate/", {"person": "{person}", "kind": "acting", "since": "01/11/2569"}),
    "the administrator's password": ("/accounts/people/{account}/link/", {"reason": "ลืมรหัสผ่านแล้ว"}),
    "the administrator's invitation": ("/accounts/people/{account}/invite/", {}),
    "the administrator's second factor": ("/accounts/people/{account}/reset-factors/", {"reason": "ทำโทรศัพท์หาย"}),
    "the administrator's sign-in": ("/accounts/people/{account}/suspend/", {"suspended": "1"}),
}  # fmt: skip


@pytest.mark.parametrize("ladder", LADDERS)
def test_personnel_does_not_become_administrator(world, ladder):
    url, values = LADDERS[ladder]
    facts = {
        "unit": world.units["team"].pk, "post": world.posts["admin"].pk, "account": world.accounts["admin"].pk,
        "person": world.people["personnel"].pk, "role": Role.objects.get(code="admin").pk,
    }  # fmt: skip
    answer = enter(world, "personnel").post(
        url.format(**facts), {k: v.format(**facts) for k, v in values.items()}
    )
    assert answer.status_code == 403, body_of(answer).decode()[:400]
    assert not world.actor("personnel").has("org.roles")
    assert world.actor("admin").has("org.roles")


def test_staff_work_goes_on_for_everybody_else(world):
    url, values = LADDERS["a membership with the role"]
    role = Role.objects.get(code="member")
    answer = enter(world, "personnel").post(
        url.format(unit=world.units["team"].pk), {"person": world.people["teacher"].pk, "role": role.pk}
    )
    assert answer.status_code == 302
    assert values


def test_a_second_account_for_one_person_is_refused(world):
    answer = enter(world, "personnel").post(
        f"/office/people/{world.people['teacher'].pk}/account/", {"username": "teacher.two", "email": ""}
    )
    assert answer.status_code == 422
    assert "มีบัญชีอยู่แล้ว" in body_of(answer).decode()
