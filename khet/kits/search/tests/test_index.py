"""The index follows the records."""

from __future__ import annotations

import pytest

from khet.base.org.api import Delegation
from khet.kits.search.api import index, index_later, reindex
from khet.kits.search.jobs import index_records
from khet.kits.search.models import Entry

pytestmark = pytest.mark.django_db


def test_a_change_replaces_and_a_loss_removes(put, titles):
    record = put("เรื่องเดิม")
    record.reason = "เรื่องใหม่"
    record.save()
    index(Delegation, [record.pk])
    assert titles("เรื่อง") == ["เรื่องใหม่"]
    pk = record.pk
    record.delete()
    index(Delegation, [pk])
    assert not Entry.objects.exists()


def test_reindex_makes_all_again_and_drops_what_is_gone(put, titles):
    first, second = put("ปฏิทินหนึ่ง"), put("ปฏิทินสอง")
    Entry.objects.filter(object_id=first.pk).delete()
    Entry.objects.create(kind="delegation", object_id=10**9, title="ผี", url="/", head="ผี")
    Entry.objects.create(kind="delegation", object_id=0, title="ผี", url="/", head="ผี")
    assert reindex("delegation") == 2
    assert set(Entry.objects.values_list("object_id", flat=True)) == {first.pk, second.pk}


def test_many_are_indexed_with_a_constant_number_of_queries(put, django_assert_num_queries):
    records = [put(f"ปฏิทิน {number}") for number in range(30)]
    with django_assert_num_queries(2):
        index(Delegation, [records[0].pk])
    with django_assert_num_queries(2):
        index(Delegation, [record.pk for record in records])


def test_a_job_indexes_once_or_twice_the_same(put, titles):
    record = put("ปฏิทิน")
    Entry.objects.all().delete()
    index_later(Delegation, [record.pk])
    index_records(label="org.delegation", pks=[record.pk])
    index_records(label="org.delegation", pks=[record.pk])
    assert titles("ปฏิทิน") == ["ปฏิทิน"] and Entry.objects.count() == 1
