"""A post added on its page: whoever is put into it can work at once."""

from __future__ import annotations

import pytest

from khet.base.org.actions import add_account, add_person, add_post, appoint
from khet.base.org.api import Actor, Post
from khet.base.org.choices import PostKind

pytestmark = pytest.mark.django_db


def form(kind: str) -> dict[str, str]:
    return {"kind": kind, "title": "ตำแหน่งใหม่", "short_title": "ใหม่", "number": ""}


def test_a_new_post_lets_its_holder_in(sign_in, office, client):
    address = f"/office/units/{office.pk}/posts/add/"
    page = sign_in("admin").get(address).content.decode()
    assert "บทบาทปกติของประเภทนี้" in page
    answer = client.post(address, form("officer"), follow=True)
    assert "บทบาท: เจ้าหน้าที่กลุ่ม" in answer.content.decode()
    post = Post.objects.get(title="ตำแหน่งใหม่")
    system = Actor.system()
    person = add_person(actor=system, first_name="มาใหม่")
    appoint(actor=system, post=post, person=person)
    client.force_login(add_account(actor=system, person=person, username="new", password="x"))
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("kind", PostKind.values)
def test_every_kind_of_post_has_a_usual_role(office, kind):
    post = add_post(actor=Actor.system(), unit=office, kind=kind, title="ก", short_title="ก")
    assert post.roles.count() == 1


def test_none_is_none(office):
    post = add_post(actor=Actor.system(), unit=office, kind="officer", title="ก", short_title="ก", roles=[])
    assert not post.roles.exists()


def test_whoever_may_not_change_the_structure_adds_no_post(sign_in, office):
    address = f"/office/units/{office.pk}/posts/add/"
    assert sign_in("officer").post(address, form("officer")).status_code == 403
    assert not Post.objects.filter(title="ตำแหน่งใหม่").exists()
