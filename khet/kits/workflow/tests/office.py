"""A small office for the kit's tests: one director, two deputies, two groups, one school, one team."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.db import models

from khet.base.org.actions import add_person, add_post, add_unit, appoint, change_unit, join
from khet.base.org.api import Actor, Person, Post, Role, Unit, ensure_roles
from khet.kits.workflow.api import (
    Flow,
    Moved,
    Run,
    Step,
    StepKind,
    acknowledge,
    approve,
    ask,
    assign,
    drafter,
    endorse,
    finish,
    forward,
    give_back,
    same_house,
    sign,
    start,
    submit,
    to_deputy,
    to_head,
    to_top,
    withdraw,
)
from khet.kits.workflow.bases import flows
from khet.kits.workflow.choices import Shape

SINCE = date(2025, 10, 1)
calls: list[Moved] = []


class State(models.TextChoices):
    DRAFT = "draft", "ร่าง"
    MOVING = "moving", "เสนอ"
    WORKING = "working", "ดำเนินการ"
    RETURNED = "returned", "ส่งคืน"
    APPROVED = "approved", "อนุมัติ"
    CLOSED = "closed", "ปิด"
    WITHDRAWN = "withdrawn", "ถอน"


paper = Flow(
    code="test.paper",
    label="กระดาษ",
    states=State,
    shapes={State.DRAFT: Shape.DRAFT},
    returned=State.RETURNED,
    closed=State.CLOSED,
    withdrawn=State.WITHDRAWN,
    after=calls.append,
    steps=(
        StepKind("draft", "ร่าง", State.DRAFT, drafter, (submit, ask, withdraw), ask="แก้ร่าง"),
        StepKind("head", "หัวหน้าลงความเห็น", State.MOVING, to_head, (endorse, give_back, forward, assign, ask),
                 ask="ลงความเห็น", days=1, passes=same_house, down="work"),
        StepKind("deputy", "รองลงความเห็น", State.MOVING, to_deputy, (endorse, give_back, forward, assign, ask),
                 ask="ลงความเห็น", days=1, passes=same_house, down="work"),
        StepKind("review", "ลงความเห็น", State.MOVING, to_deputy, (endorse, give_back), on_route=False),
        StepKind("top", "พิจารณา", State.MOVING, to_top, (approve, sign, give_back, assign, forward, ask), ask="พิจารณา",
                 ends=State.APPROVED, passes=same_house, passed_as="review", down="work"),
        StepKind("work", "ดำเนินการ", State.WORKING, drafter, (finish, forward, acknowledge, ask), on_route=False,
                 passes=same_house, ends=State.CLOSED),
    ),
)  # fmt: skip


@dataclass
class Office:
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    def actor(self, word: str) -> Actor:
        """A fresh actor, as on a new request."""
        return Actor.of(self.people[word])

    def fresh(self, word: str) -> Actor:
        actor = self.actor(word)
        actor.fresh_sign_in = True
        return actor

    def begin(self, word: str = "officer", **facts) -> Run:
        unit = self.posts[word].unit
        # Any record may be a subject; a role made for the purpose has a number and nothing else.
        subject = Role.objects.create(code=f"s{Role.objects.count()}", name="เรื่อง")
        facts = {"title": "ขออนุมัติเดินทาง", "url": f"/test/{subject.pk}/", **facts}
        return start(actor=self.actor(word), flow="test.paper", subject=subject, unit=unit, **facts)

    def sent(self, word: str = "officer", **facts) -> Run:
        run = self.begin(word, **facts)
        submit(actor=self.actor(word), step=holding(run), note="เรียน หัวหน้ากลุ่ม")
        return Run.objects.get(pk=run.pk)


def holding(run: Run) -> Step:
    """The open main step."""
    return Step.objects.get(run=run, decided_at__isnull=True, part__in=["holder", "host"])


def declare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the paper's flow into the registry for the length of a test; nothing has been called yet."""
    monkeypatch.setitem(flows._items, paper.key, paper)
    calls.clear()


def build() -> Office:
    system = Actor.system()
    built = Office(roles=ensure_roles())
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2"
    )
    built.units["office"] = office
    for code, name in [("policy", "กลุ่มนโยบายและแผน"), ("legal", "กลุ่มกฎหมายและคดี")]:
        built.units[code] = add_unit(
            actor=system, kind="group", code=code, name=name, short_name=name, parent=office
        )
    built.units["school"] = add_unit(
        actor=system,
        kind="school",
        code="99020001",
        name="โรงเรียนบ้านลานสน",
        short_name="บ้านลานสน",
        parent=office,
    )
    built.units["team"] = add_unit(
        actor=system, kind="team", code="t1", name="กลุ่มดอกมะลิ", short_name="ดอกมะลิ", parent=office
    )
    for word, unit, kind, title, short, role, first in [
        ("director", "office", "director", "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "ผอ.สพป.", "director", "วิทยา"),
        ("deputy", "office", "deputy", "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "รอง ผอ.สพป.", "deputy", "พรรณี"),
        ("deputy2", "office", "deputy", "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "รอง ผอ.สพป.", "deputy", "ประเสริฐ"),
        ("head", "policy", "head", "หัวหน้ากลุ่มนโยบายและแผน", "หน.กลุ่มนโยบายฯ", "head", "สุภาวดี"),
        ("officer", "policy", "officer", "นักวิเคราะห์นโยบายและแผน", "นักวิเคราะห์", "officer", "ปิยะนุช"),
        ("officer2", "policy", "officer", "นักวิเคราะห์นโยบายและแผน", "นักวิเคราะห์", "officer", "กมลวรรณ"),
        ("lawhead", "legal", "head", "ผู้อำนวยการกลุ่มกฎหมายและคดี", "ผอ.กลุ่มกฎหมายฯ", "head", "ธนวัฒน์"),
        ("lawyer", "legal", "officer", "นิติกร", "นิติกร", "officer", "ถาวร"),
        ("principal", "school", "principal", "ผู้อำนวยการโรงเรียนบ้านลานสน", "ผอ.โรงเรียน", "principal", "มนัส"),
        ("teacher", "school", "teacher", "ครู", "ครู", "teacher", "อรุณี"),
    ]:  # fmt: skip
        post = add_post(
            actor=system,
            unit=built.units[unit],
            kind=kind,
            title=title,
            short_title=short,
            roles=[built.roles[role]],
            since=SINCE,
        )
        person = add_person(actor=system, title="นาง", first_name=first, last_name="ทองใจดี")
        appoint(actor=system, post=post, person=person, since=SINCE)
        built.posts[word], built.people[word] = post, person
    for code, deputy in [("policy", "deputy"), ("legal", "deputy2")]:
        change_unit(actor=system, unit=built.units[code], overseer=built.posts[deputy])
    for word in ("officer", "lawyer"):
        join(actor=system, unit=built.units["team"], person=built.people[word], role=built.roles["member"])
    for word, post in built.posts.items():
        built.posts[word] = Post.objects.select_related("unit__overseer", "unit__parent").get(pk=post.pk)
    return built
