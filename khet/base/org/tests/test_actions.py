"""The verbs of the organisation: what they do, what they refuse, who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.actions import (
    Appointment,
    add_account,
    add_person,
    add_post,
    add_unit,
    appoint,
    change_unit,
    delegate,
    group_units,
    join,
    leave,
    remove_unused,
    revoke_delegation,
    save_role,
    set_up,
    staff,
    suspend_account,
    vacate,
)
from khet.base.org.api import (
    Account,
    Actor,
    Grouping,
    Holding,
    Person,
    Role,
    Unit,
    can,
    ensure_roles,
    fetch,
    groups_of,
    head_post,
    holder,
    superior_post,
    today,
    visible,
)
from khet.base.org.rules import ORG_MANAGE

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def unit(kind: str, code: str, parent: Unit | None = None, **more) -> Unit:
    return add_unit(actor=SYSTEM, kind=kind, code=code, name=code, short_name=code, parent=parent, **more)


def post(where: Unit, kind: str, *roles: str):
    given = [ensure_roles()[code] for code in roles]
    return add_post(
        actor=SYSTEM, unit=where, kind=kind, title=f"{kind} {where.code}", short_title=kind, roles=given
    )


def person(name: str) -> Person:
    return add_person(actor=SYSTEM, first_name=name, last_name="ใจงาม")


def put(where, who, **more):
    appoint(actor=SYSTEM, post=where, person=who, **more)
    return who


@pytest.fixture
def area():
    office = unit("office", "9902")
    group = unit("group", "policy", office)
    school = unit("school", "99020001", office)
    director, deputy = post(office, "director", "director"), post(office, "deputy", "deputy")
    change_unit(actor=SYSTEM, unit=group, overseer=deputy)
    return {
        "office": office, "group": group, "school": school, "director": director, "deputy": deputy,
        "head": post(group, "head", "head"), "officer": post(group, "officer", "officer"),
        "principal": post(school, "principal", "principal"), "clerk": post(school, "clerk", "school_clerk"),
    }  # fmt: skip


def test_the_chain_of_command_goes_up_to_the_director(area):
    steps, at = [], area["officer"]
    while at:
        steps.append(at)
        at = superior_post(at)
    assert steps == [area["officer"], area["head"], area["deputy"], area["director"]]
    assert superior_post(area["clerk"]) == area["principal"]
    assert superior_post(area["principal"]) is None
    assert head_post(area["office"]) == area["director"]


def test_a_unit_that_moves_takes_its_branches_along(area):
    below = unit("group", "below", area["group"])
    other = unit("group", "other", area["office"])
    change_unit(actor=SYSTEM, unit=area["group"], parent=other)
    below.refresh_from_db()
    assert below.ancestors == [area["office"].pk, other.pk, area["group"].pk, below.pk]


def test_a_unit_cannot_stand_under_itself(area):
    below = unit("group", "below", area["group"])
    with pytest.raises(Refusal, match="ใต้ตัวเอง"):
        change_unit(actor=SYSTEM, unit=area["group"], parent=below)


def test_moving_empties_one_post_and_fills_another_on_the_same_day(area):
    who = put(area["officer"], person("ปิยะนุช"), since=today() - timedelta(days=400))
    assert can(Actor.of(who), "org.view")
    put(area["head"], who, leaves=area["officer"])
    assert holder(area["officer"]) is None
    assert holder(area["head"]) == who
    old = Holding.objects.get(post=area["officer"])
    assert old.until == today() - timedelta(days=1)


def test_a_successor_takes_over_and_the_former_holder_is_out(area):
    first = put(area["head"], person("สุภาวดี"), since=today() - timedelta(days=90))
    second = put(area["head"], person("ปาริชาต"))
    assert holder(area["head"]) == second
    assert Actor.of(first).capacities == []


def test_acting_gives_the_rights_of_the_post_until_the_last_day(area):
    director = put(area["director"], person("วิทยา"))
    deputy = put(area["deputy"], person("พรรณี"))
    delegate(actor=Actor.of(director), post=area["director"], person=deputy, since=today(), until=today())
    acting = [c for c in Actor.of(deputy).capacities if c.kind == "acting"]
    assert [c.phrase for c in acting] == ["รักษาราชการแทน director 9902"]
    assert area["director"].pk in Actor.of(deputy).posts


def test_only_some_acts_may_be_lent(area):
    put(area["director"], person("วิทยา"))
    deputy = person("พรรณี")
    delegate(actor=SYSTEM, post=area["director"], person=deputy, kind="on_behalf", capabilities=["org.view"])
    assert set(Actor.of(deputy).scopes) == {"org.view"}


def test_a_revoked_delegation_is_gone_on_the_next_look(area):
    director = put(area["director"], person("วิทยา"))
    deputy = person("พรรณี")
    lent = delegate(actor=Actor.of(director), post=area["director"], person=deputy)
    revoke_delegation(actor=Actor.of(director), delegation=lent)
    assert Actor.of(deputy).capacities == []
    with pytest.raises(Conflict):
        revoke_delegation(actor=Actor.of(director), delegation=lent)


def test_nobody_lends_what_is_not_theirs(area):
    put(area["director"], person("วิทยา"))
    clerk = put(area["clerk"], person("สมหญิง"))
    with pytest.raises(Forbidden):
        delegate(actor=Actor.of(clerk), post=area["director"], person=clerk)


@pytest.mark.parametrize("days", [-1, -400])
def test_a_delegation_cannot_end_before_it_begins(area, days):
    with pytest.raises(Refusal, match="ก่อนวันเริ่ม"):
        delegate(
            actor=SYSTEM, post=area["director"], person=person("พรรณี"), until=today() + timedelta(days=days)
        )


def test_a_suspended_account_can_do_nothing_at_once(area):
    head = put(area["head"], person("สุภาวดี"))
    account = add_account(actor=SYSTEM, person=head, username="head")
    suspend_account(actor=SYSTEM, account=account)
    assert Actor.of(head, account=account).capacities == []


def test_a_taken_username_is_refused_at_its_field(area):
    add_account(actor=SYSTEM, person=person("ก"), username="same")
    with pytest.raises(Refusal) as refusal:
        add_account(actor=SYSTEM, person=person("ข"), username="same")
    assert refusal.value.field == "username"


def test_roles_are_changed_only_after_a_fresh_sign_in(area):
    role = ensure_roles()["admin"]
    chief = put(post(area["office"], "officer", "admin"), person("อนุชา"))
    actor = Actor.of(chief)
    with pytest.raises(FreshSignInNeeded):
        save_role(actor=actor, role=role, name="ผู้ดูแล")
    actor.fresh_sign_in = True
    save_role(actor=actor, role=role, name="ผู้ดูแล")
    assert Role.objects.get(code="admin").name == "ผู้ดูแล"
    assert Entry.objects.first().changes == {"name": ["ผู้ดูแลระบบ", "ผู้ดูแล"]}


def test_a_refusal_for_lack_of_right_is_journaled_and_changes_nothing(area):
    clerk = put(area["clerk"], person("สมหญิง"))
    before = Unit.objects.count()
    with pytest.raises(Forbidden) as refusal:
        add_unit(actor=Actor.of(clerk), kind="group", code="x", name="x", short_name="x")
    assert "ผู้ดูแลระบบ" in str(refusal.value.sentence)
    assert Unit.objects.count() == before
    assert Entry.objects.first().verb == "refused"


def test_schools_change_network_and_leave_the_old_one(area):
    first, second = unit("network", "n1", area["office"]), unit("network", "n2", area["office"])
    group_units(actor=SYSTEM, group=first, members=[area["school"]], since=today() - timedelta(days=30))
    group_units(actor=SYSTEM, group=second, members=[area["school"]])
    assert list(groups_of(area["school"])) == [second]
    assert Grouping.objects.get(group=first).until == today() - timedelta(days=1)


def test_joining_and_leaving_a_team(area):
    team = unit("team", "jasmine", area["office"])
    who = person("มะลิ")
    joined = join(actor=SYSTEM, unit=team, person=who, role=ensure_roles()["officer"])
    assert can(Actor.of(who), "org.view")
    leave(actor=SYSTEM, membership=joined)
    assert Actor.of(who).capacities == []


def test_a_staff_list_is_written_in_a_fixed_number_of_statements(area, django_assert_max_num_queries):
    def lines(start: int, count: int) -> list[Appointment]:
        return [
            Appointment(area["school"], "teacher", "ครู", "ครู", Person(first_name=f"ครู{n}"), (roles["teacher"],), username=f"t{n}")
            for n in range(start, start + count)
        ]  # fmt: skip

    roles = ensure_roles()
    with django_assert_max_num_queries(14):
        staff(actor=SYSTEM, appointments=lines(0, 200))
    assert Account.objects.count() == 200
    with pytest.raises(Refusal, match="ซ้ำ"):
        staff(actor=SYSTEM, appointments=lines(199, 2))
    assert Account.objects.count() == 200


def test_what_was_used_cannot_be_taken_back(area):
    spare = post(area["group"], "officer")
    remove_unused(actor=SYSTEM, posts=[spare])
    with pytest.raises(Conflict):
        remove_unused(actor=SYSTEM, units=[area["office"]])


def test_an_office_is_set_up_once(db):
    account = set_up(
        actor=SYSTEM, code="9903", name="สพป.", short_name="สพป.",
        administrator=Person(first_name="อนุชา"), username="admin",
    )  # fmt: skip
    assert can(Actor.of(account.person, account=account), ORG_MANAGE)
    with pytest.raises(Conflict):
        set_up(
            actor=SYSTEM, code="9904", name="x", short_name="x",
            administrator=Person(first_name="ก"), username="b",
        )  # fmt: skip


def test_fetching_tells_absent_from_forbidden(area):
    stranger, clerk = person("คนนอก"), put(area["clerk"], person("สมหญิง"))
    with pytest.raises(NotFound):
        fetch(Actor.of(stranger), Unit.objects.all(), pk=area["group"].pk)
    with pytest.raises(NotFound):
        fetch(Actor.of(clerk), Unit.objects.all(), pk=10**9)
    with pytest.raises(Forbidden):
        fetch(Actor.of(clerk), Unit.objects.all(), ORG_MANAGE, pk=area["group"].pk)
    assert set(visible(Actor.of(stranger), Unit.objects.all())) == set()


def test_vacating_takes_the_right_at_once(area):
    head = put(area["head"], person("สุภาวดี"))
    vacate(actor=SYSTEM, post=area["head"])
    assert Actor.of(head).capacities == []
