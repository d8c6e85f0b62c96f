"""What every register promises, asked of each declared type; a new type is asked by being declared."""

from __future__ import annotations

import io
from itertools import count

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khet.base.lib.errors import Refusal
from khet.base.lib.sheets import read
from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Role, rule_of
from khet.base.org.rules import capabilities
from khet.base.org.testing import freshen
from khet.base.privacy.models import Reading
from khet.kits.register.api import export_file, import_file, records

pytestmark = pytest.mark.django_db
TYPES = [pytest.param(record, id=record.code) for record in records]
_numbers = count(1)


def test_there_is_a_register():
    assert TYPES


@pytest.fixture
def system():
    return Actor.system()


@pytest.fixture
def office(system):
    return add_unit(actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")


@pytest.fixture
def stranger_school(system, office):
    return add_unit(
        actor=system, kind="school", code="99029999", name="โรงเรียนอื่น", short_name="อื่น", parent=office
    )


@pytest.fixture
def sign_in(client, system):
    """Sign in as somebody who holds these capabilities with this reach in this unit."""

    def sign_in(unit, codes, reach="unit"):
        number = next(_numbers)
        role = Role.objects.create(
            code=f"r{number}", name=f"บทบาท {number}", capabilities=sorted(codes), reach=reach
        )
        post = add_post(
            actor=system, unit=unit, kind="officer", title="เจ้าหน้าที่", short_title="จนท.", roles=[role]
        )
        person = add_person(actor=system, first_name=f"คนที่ {number}")
        appoint(actor=system, post=post, person=person)
        client.force_login(add_account(actor=system, person=person, username=f"u{number}", password="x"))
        return Actor.of(person)

    return sign_in


@pytest.fixture
def make(system, office):
    def make(record, numbers):
        if record.create:
            return [record.create(actor=system, **record.example(number)) for number in numbers]
        pks = record.imports.apply(
            actor=system, new=[record.example(n) for n in numbers], changed=[], source="test"
        )
        found = record.queryset(system).in_bulk(pks)
        return [found[pk] for pk in pks]

    return make


def everything():
    return {capability.code for capability in capabilities}


def taken_out(client, record):
    """The export as a person gets it: of personal data with a reason, after signing in afresh."""
    freshen(client)
    sent = {"all": "1", "format": "csv", "reason": "ทดสอบการส่งออก"}
    return client.post(reverse("register:export", args=[record.code]), sent)


def pages(record, found):
    yield reverse("register:list", args=[record.code])
    yield reverse("register:print", args=[record.code])
    yield reverse("register:detail", args=[record.code, found.pk])
    for tab in [*(tab.code for tab in record.tabs), "history", "used"]:
        yield reverse("register:tab", args=[record.code, found.pk, tab])
    if record.update:
        yield reverse("register:edit", args=[record.code, found.pk])


@pytest.mark.parametrize("record", TYPES)
def test_the_number_of_queries_does_not_follow_the_number_of_rows(record, make, sign_in, client, office):
    sign_in(office, everything(), "area")
    first = make(record, [1])[0]

    def counted(url):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        return len(queries)

    urls = list(pages(record, first))
    one = {url: counted(url) for url in urls}
    make(record, range(2, 31))
    thirty = {url: counted(url) for url in urls}
    assert thirty == one
    assert max(one.values()) <= 15, one


@pytest.mark.parametrize("record", TYPES)
def test_a_record_of_another_unit_does_not_exist(record, make, sign_in, client, stranger_school):
    found = make(record, [1])[0]
    if record.shared:
        # Declared open: then it is so, and a rule that closes it must take the declaration back.
        sign_in(stranger_school, {record.view}, "unit")
        assert client.get(reverse("register:detail", args=[record.code, found.pk])).status_code == 200
        return
    assert rule_of(record.model).unit, "a record without a unit is shared"
    held = {record.view, record.edit, record.exporting, *(s.capability for s in record.sections)} - {""}
    sign_in(stranger_school, held, "unit")
    for url in pages(record, found):
        answer = client.get(url)
        if str(found.pk) in url.split("/"):
            assert answer.status_code == 404, url
        else:
            assert record.title(found) not in answer.content.decode(), url
    assert client.post(reverse("register:edit", args=[record.code, found.pk]), {}).status_code == 404
    export = taken_out(client, record)
    if export.status_code == 200:
        taken = export.getvalue().decode()
        assert record.title(found) not in taken
        # A primary key is a short number that stands in many words; a natural key stands for itself.
        assert record.key == "pk" or str(getattr(found, record.key)) not in taken


@pytest.mark.parametrize("record", TYPES)
def test_without_the_right_the_answer_is_403(record, make, sign_in, client, office):
    found = make(record, [1])[0]
    code = record.code
    sign_in(office, set(), "area")
    for url in pages(record, found):
        assert client.get(url).status_code == 403, url
    everyone = {c for c in everything() if c == record.view or c.endswith(".view_all")}
    sign_in(office, everyone, "area")
    assert client.get(reverse("register:detail", args=[code, found.pk])).status_code == 200
    if record.update:
        assert client.get(reverse("register:edit", args=[code, found.pk])).status_code == 403
        assert client.post(reverse("register:edit", args=[code, found.pk]), {}).status_code == 403
        assert client.post(reverse("register:draft", args=[code, found.pk]), {}).status_code == 403
    if record.create:
        assert client.post(reverse("register:create", args=[code]), {}).status_code == 403
    if record.imports:
        assert client.get(reverse("register:imports", args=[code])).status_code == 403
        assert client.post(reverse("register:imports", args=[code]), {}).status_code == 403
    if record.exporting:
        assert client.get(reverse("register:export", args=[code])).status_code == 403
    for verb in record.bulk:
        assert (
            client.post(reverse("register:bulk", args=[code, verb.code]), {"pk": found.pk}).status_code == 403
        )


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("record", TYPES)
def test_what_was_exported_comes_back_as_nothing_changed(record, make, system, tmp_path, format):
    if record.imports is None:
        pytest.skip("takes no files")
    if not record.imports.comes_back:
        pytest.skip("takes the files of another system")
    make(record, range(1, 13))
    path = tmp_path / f"out.{format}"
    rows = export_file(actor=system, kind=record.code, path=path)
    result = import_file(actor=system, kind=record.code, path=path, confirm=True)
    assert (result.rows, result.new, result.changed, result.wrong) == (rows, 0, 0, 0), result.faults
    assert result.sentence.startswith("ไม่มีอะไรเปลี่ยน")


@pytest.mark.parametrize("record", TYPES)
def test_masked_columns_never_leave(record, make, sign_in, client, office):
    masked = {str(column.label) for column in record.columns if column.mask}
    if record.imports and record.imports.comes_back:
        masked |= {str(column.label) for column in record.imports.columns if column.masked}
    make(record, [1])
    sign_in(office, everything(), "area")
    answer = taken_out(client, record)
    heads = read(io.BytesIO(answer.getvalue()), "out.csv").columns
    assert heads and not masked & set(heads)


@pytest.mark.parametrize("record", TYPES)
def test_personal_data_leaves_with_a_reason_and_leaves_a_record(record, make, sign_in, client, office):
    make(record, [1, 2])
    sign_in(office, everything(), "area")
    url = reverse("register:export", args=[record.code])
    before = Reading.objects.count()
    if not record.kinds_exported:
        assert client.get(url, {"format": "csv"}).getvalue()
        assert Reading.objects.count() == before
        return
    asked = client.get(url, {"format": "csv"})
    assert not asked.has_header("Content-Disposition") and asked.context["form"]
    assert client.post(url, {"all": "1", "format": "csv", "reason": "ทดสอบการส่งออก"}).status_code == 401
    assert Reading.objects.count() == before
    rows = read(io.BytesIO(taken_out(client, record).getvalue()), "out.csv")
    assert Reading.objects.filter(via="export").count() == sum(1 for _row in rows.rows) > 0


@pytest.mark.parametrize("record", TYPES)
def test_every_lock_opens_with_a_reason_alone(record, make, sign_in, client, office):
    found = make(record, [1])[0]
    masks = {locked.mask for locked in record.locked()}
    url = reverse("register:open", args=[record.code, found.pk])
    actor = sign_in(office, everything(), "area")
    assert masks <= everything(), "a mask is a declared capability"
    for mask in masks:
        assert actor.has(mask)
        assert client.post(url, {"mask": mask, "reason": ""}).status_code == 422
        before = Reading.objects.count()
        assert client.post(url, {"mask": mask, "reason": "ทดสอบการเปิดดู"}).status_code == 200
        assert Reading.objects.count() == before + 1
    assert client.get(url, {"mask": "nothing.such"}).status_code == 404


@pytest.mark.parametrize("record", TYPES)
def test_every_order_and_filter_works_and_no_other_does(record, make, sign_in, client, office):
    make(record, range(1, 4))
    sign_in(office, everything(), "area")
    url = reverse("register:list", args=[record.code])
    # Up and down are one expression of a column: each is asked for one way, the first both ways.
    ways = [f"{'-' * (place % 2)}{column.code}" for place, column in enumerate(record.columns)]
    for order in (f"-{ways[0]}", *ways):
        answer = client.get(url, {"order": order, "show": [c.code for c in record.columns]})
        assert answer.status_code == 200, order
    plain = client.get(url).context["list"]
    for links in plain.facets:
        # Choices of one facet differ in their value alone: the ends and the middle of a long list speak for it.
        choices, chosen = list(links.choices), any(choice.chosen for choice in links.choices)
        for choice in choices if len(choices) <= 3 else (choices[0], choices[len(choices) // 2], choices[-1]):
            answer = client.get(f"{url}?{choice.query}")
            assert answer.status_code == 200, choice.query
            found = answer.context["list"]
            assert found.count == len(found.rows), "counted as it is read"
            assert chosen or found.count == choice.count, choice.query
    for tab in plain.tabs:
        found = client.get(f"{url}?{tab.query}").context["list"]
        assert found.count == tab.count == len(found.rows)
    for order in (
        "password",
        "-password",
        "pk__unit",
        "name;--",
        "?",
        "unit__parent__code",
        "'",
        "-",
        "--name",
    ):
        listed = client.get(url, {"order": order}).context["list"]
        assert listed.state.order == record.default_order, order
        assert listed.count == plain.count
    strange = {
        "page": "-1",
        "size": "999999",
        "show": "password",
        "nothing": "x",
        "unit__pk": "1",
        "all": "1",
    }
    assert client.get(url, strange).context["list"].count == plain.count
    for text in ("' OR 1=1 --", "%", "_", "\\", "\u202e", "a" * 5000):
        assert client.get(url, {"q": text}).status_code == 200, text
        assert client.get(url, {facet.code: text for facet in record.facets}).status_code == 200, text
    for facet in record.facets:
        assert client.get(url, {facet.code: "' OR 1=1 --"}).status_code == 200, facet.code
    for name in ("q", "order", *(facet.code for facet in record.facets)):
        assert client.get(url, {name: "a\x00b"}).status_code in (200, 400), name


@pytest.mark.parametrize("record", TYPES)
def test_a_field_that_is_not_on_the_form_cannot_be_set(record, make, sign_in, client, office):
    if record.update is None:
        pytest.skip("is not edited")
    found = make(record, [1])[0]
    sign_in(office, everything(), "area")
    url = reverse("register:edit", args=[record.code, found.pk])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    sent["version"] = client.get(url).context["version"]
    others = [f for f in record.model._meta.concrete_fields if f.name not in form.fields]
    before = record.model.objects.filter(pk=found.pk).values(*(f.attname for f in others)).get()
    for field in others:
        sent[field.name] = sent[field.attname] = (
            "1" if not isinstance(field, models.DateTimeField) else "2026-01-01"
        )
    strange = {"is_staff": "1", "unit": "1", "status": "closed"}
    sent |= {name: value for name, value in strange.items() if name not in form.fields}
    answer = client.post(url, {name: value for name, value in sent.items() if name not in ("id", "pk")})
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    after = record.model.objects.filter(pk=found.pk).values(*(f.attname for f in others)).get()
    assert after == before


HOSTILE = "<script>alert(1)</script>{{7*7}}<svg onload=x>"


@pytest.mark.parametrize("record", TYPES)
def test_hostile_text_is_shown_as_text(record, sign_in, client, office, system):
    taken, number = [], 1
    room = {
        f.name: f.max_length or 999
        for f in record.model._meta.concrete_fields
        if isinstance(f, (models.CharField, models.TextField)) and not f.choices
    }
    if record.create is None:
        room = {c.code: c.max_length for c in record.imports.columns if c.kind == "text"}
    for name in record.example(1):
        if room.get(name, 0) < len(HOSTILE):
            continue
        number += 1
        values = record.example(number) | {name: HOSTILE}
        try:
            if record.create:
                taken.append(record.create(actor=system, **values))
            else:
                pks = record.imports.apply(actor=system, new=[values], changed=[], source="test")
                taken.append(record.queryset(system).get(pk=pks[0]))
        except Refusal:
            continue
    assert taken, "no field took the text: the test would prove nothing"
    sign_in(office, everything(), "area")
    shown = ""
    for found in taken:
        for url in [*pages(record, found), f"{reverse('register:list', args=[record.code])}?q={HOSTILE}"]:
            body = client.get(url).content.decode()
            assert "<script>alert" not in body and "<svg onload" not in body, url
            shown += body
    assert "&lt;script&gt;" in shown and "{{7*7}}" in shown
