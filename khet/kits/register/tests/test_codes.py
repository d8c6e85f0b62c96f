"""Lists of codes: declared in code, corrected by the office, read without a question per label."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse

from khet.base.journal.api import Entry
from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, ensure_roles
from khet.kits.register.actions import add_code, change_code, keep_declared_codes
from khet.kits.register.api import CodeList
from khet.kits.register.bases import Wrong, code_lists
from khet.kits.register.bases.codes import CodeRow, store
from khet.kits.register.models import Code


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[CodeList]:
    """A list as a module would declare it."""
    rows = [CodeRow("b", "พุทธ", 10), CodeRow("i", "อิสลาม", 20), CodeRow("c", "คริสต์", 30)]
    found = CodeList("tests.religion", "ศาสนา", rows, {"i": ["มุสลิม"]})
    monkeypatch.setattr(code_lists, "_items", {**code_lists._items, found.code: found})
    store.forget()
    yield found
    store.forget()


@pytest.fixture
def office(db: None):
    """A planner, who keeps the lists, and a finance officer, who does not."""
    roles = ensure_roles()
    system = Actor.system()
    unit = add_unit(actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.")
    accounts = {}
    for role in ("planner", "finance"):
        who = add_person(actor=system, title="นาง", first_name=role)
        post = add_post(
            actor=system, unit=unit, kind="officer", title=role, short_title=role, roles=[roles[role]]
        )
        appoint(actor=system, post=post, person=who)
        accounts[role] = (Actor.of(who), add_account(actor=system, person=who, username=role, password="x"))
    return accounts


@pytest.mark.django_db
def test_a_list_reads_words_of_files_and_gives_words_for_values(known: CodeList) -> None:
    assert known.choices() == [("b", "พุทธ"), ("i", "อิสลาม"), ("c", "คริสต์")]
    assert known.label("i") == "อิสลาม" and known.label("zz") == "zz" and known.label(None) == ""
    assert [known.value_of(text) for text in (" พุทธ ", "มุสลิม", "C", "ซิกข์")] == ["b", "i", "c", None]
    with pytest.raises(Wrong, match=r"ซิกข์.*พุทธ"):
        known.read("ซิกข์")


@pytest.mark.django_db
def test_labels_cost_one_question_a_request_and_the_table_only_when_it_changed(
    known: CodeList, django_assert_num_queries
) -> None:
    keep_declared_codes()
    store.forget()
    known.rows()
    with django_assert_num_queries(0):
        assert {known.label(value) for value in "bic" * 100} == {"พุทธ", "อิสลาม", "คริสต์"}
    store.forget()  # what the start of a request does
    with django_assert_num_queries(1):
        known.choices()
        known.choices()


def test_the_office_renames_retires_confirms_and_files_know_both_words(known: CodeList, office) -> None:
    planner, _account = office["planner"]
    change_code(
        actor=planner, list=known.code, value="i", label="ศาสนาอิสลาม", is_confirmed=True, source="คู่มือ 2569"
    )
    assert known.label("i") == "ศาสนาอิสลาม" and known.rows()["i"].is_confirmed
    assert known.value_of("อิสลาม") == known.value_of("ศาสนาอิสลาม") == "i"
    change_code(actor=planner, list=known.code, value="c", label="คริสต์", is_active=False)
    assert "c" not in dict(known.choices()) and known.label("c") == "คริสต์" and known.value_of("คริสต์") == "c"
    assert Entry.objects.filter(verb="codes.change").count() == 2
    keep_declared_codes()
    assert known.label("i") == "ศาสนาอิสลาม" and known.rows()["c"].is_active is False


def test_a_new_value_gets_a_code_of_its_own(known: CodeList, office) -> None:
    planner, _account = office["planner"]
    first = add_code(actor=planner, list=known.code, label="ซิกข์")
    second = add_code(actor=planner, list=known.code, label="ฮินดู", value="h")
    assert (first.value, second.value) == ("u1", "h")
    assert [value for value, _label in known.choices()] == ["b", "i", "c", "u1", "h"]
    for wrong in (
        {"label": "พุทธ"},
        {"label": ""},
        {"label": "อื่น", "value": "ก"},
        {"label": "อื่น", "value": "b"},
    ):
        with pytest.raises(Refusal):
            add_code(actor=planner, list=known.code, **wrong)
    assert Code.objects.filter(list=known.code).count() == 2


def test_others_may_not(known: CodeList, office) -> None:
    finance, _account = office["finance"]
    with pytest.raises(Forbidden):
        add_code(actor=finance, list=known.code, label="ซิกข์")
    with pytest.raises(Forbidden):
        change_code(actor=finance, list=known.code, value="b", label="อื่น")
    assert not Code.objects.filter(list=known.code).exists()


@pytest.mark.django_db
def test_declarations_reach_the_table_once_and_follow_the_code(known: CodeList) -> None:
    keep_declared_codes()
    assert list(Code.objects.filter(list=known.code).values_list("value", "label")) == [
        ("b", "พุทธ"), ("i", "อิสลาม"), ("c", "คริสต์"),
    ]  # fmt: skip
    version = Code.objects.get(list=known.code, value="b").version
    keep_declared_codes()
    assert Code.objects.get(list=known.code, value="b").version == version
    known.declared["b"] = CodeRow("b", "พุทธศาสนา", 10)
    keep_declared_codes()
    assert known.label("b") == "พุทธศาสนา"


def test_pages(known: CodeList, office, client) -> None:
    _actor, account = office["planner"]
    client.force_login(account)
    assert "ศาสนา" in client.get(reverse("register:codes")).content.decode()
    assert "อิสลาม" in client.get(reverse("register:code_list", args=[known.code])).content.decode()
    edit = reverse("register:code_edit", args=[known.code, "b"])
    assert "พุทธ" in client.get(edit).content.decode()
    refused = client.post(edit, {"label": "อิสลาม", "is_active": "on"})
    assert refused.status_code == 422 and "อยู่แล้ว" in refused.content.decode()
    client.post(edit, {"label": "ศาสนาพุทธ", "is_active": "on"})
    assert known.label("b") == "ศาสนาพุทธ"
    client.post(reverse("register:code_add", args=[known.code]), {"label": "ยูดาห์"})
    assert known.value_of("ยูดาห์") == "u1"
    assert client.get(reverse("register:code_list", args=["tests.none"])).status_code == 404
    assert client.get(reverse("register:code_edit", args=[known.code, "none"])).status_code == 404
    client.force_login(office["finance"][1])
    assert client.get(reverse("register:codes")).status_code == 403
    assert client.post(edit, {"label": "อื่น"}).status_code == 403


@pytest.mark.django_db
def test_what_was_rolled_back_is_not_taken_for_the_next_change(known: CodeList, office) -> None:
    actor, _account = office["planner"]
    keep_declared_codes()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change_code(actor=actor, list=known.code, value="b", label="ไม่เคยเป็นจริง")
        assert known.label("b") == "ไม่เคยเป็นจริง"
        raise ZeroDivisionError
    change_code(actor=actor, list=known.code, value="i", label="มุสลิม")
    assert known.label("b") == "พุทธ"
    assert known.label("i") == "มุสลิม"
