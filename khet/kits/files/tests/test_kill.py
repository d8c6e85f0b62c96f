"""Killed at the worst moments: never a row without its bytes; a retry makes no second copy."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import connection, connections, transaction

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor
from khet.kits.files import actions, shelf
from khet.kits.files.actions import collect
from khet.kits.files.api import store
from khet.kits.files.checks import check_files
from khet.kits.files.models import Attachment, StoredFile
from khet.kits.files.tests.samples import a_pdf
from khet.kits.files.tests.test_verify import make_old

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]


def in_a_child_that_is_killed(work) -> int:
    """Run ``work`` in a forked process with its own connection; returns the signal that ended it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_between_the_bytes_and_the_row(world, own):
    paper = a_pdf(3)

    def work():
        StoredFile.objects.__class__.bulk_create = die
        store(actor=Actor.system(), upload=paper, name="x.pdf", owner=own)

    assert in_a_child_that_is_killed(work) == signal.SIGKILL
    assert not StoredFile.objects.exists()
    orphans = list(shelf.shelved())
    assert len(orphans) == 1
    assert [finding.code for finding in check_files()] == ["files.extra"]
    make_old(orphans[0])
    assert collect() == [orphans[0].name] and list(check_files()) == []


def test_killed_while_the_bytes_are_written(world, own):
    def work():
        shelf.shelve = die
        store(actor=Actor.system(), upload=a_pdf(), name="x.pdf", owner=own)

    assert in_a_child_that_is_killed(work) == signal.SIGKILL
    assert not StoredFile.objects.exists() and not list(shelf.shelved())
    (left,) = shelf.leftovers()
    make_old(left)
    assert collect() == [left.name]


def test_killed_after_the_commit_a_retry_makes_no_copy(world, own):
    paper = a_pdf(2)

    def work():
        store(actor=Actor.system(), upload=paper, name="x.pdf", owner=own)
        die()

    assert in_a_child_that_is_killed(work) == signal.SIGKILL
    store(actor=world.system, upload=paper, name="x.pdf", owner=own)
    assert StoredFile.objects.count() == Attachment.objects.count() == len(list(shelf.shelved())) == 1
    assert list(check_files()) == []


def test_an_act_that_fails_leaves_no_row(world, own):
    with pytest.raises(RuntimeError), transaction.atomic():
        store(actor=world.system, upload=a_pdf(), name="x.pdf", owner=own)
        raise RuntimeError
    assert not StoredFile.objects.exists() and not Attachment.objects.exists()
    assert [finding.code for finding in check_files()] == ["files.extra"]


def test_the_collector_waits_for_whoever_is_storing(world, own):
    """An old orphan is stored again while the collector runs: the row's transaction holds it off."""
    paper = a_pdf()
    with transaction.atomic():
        store(actor=world.system, upload=paper, name="x.pdf", owner=own)
        (path,) = shelf.shelved()
        make_old(path)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE locktype = 'advisory' AND mode = 'ShareLock' AND pid = pg_backend_pid()"
            )
            assert cursor.fetchone()[0] == 1
    assert collect() == [] and path.exists()


@pytest.mark.parametrize("moment", ["open", "write", "flush", "rename"])
def test_a_full_disk_refuses_and_leaves_nothing(world, own, monkeypatch, moment):
    """What ENOSPC looks like at each step; on a real full disk see bench."""

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    if moment == "open":
        monkeypatch.setattr(shelf, "open", full, raising=False)
    elif moment == "write":

        class FullFile:
            def __init__(self, *_args, **_kwargs): ...
            def write(self, _data):
                full()

            def close(self):
                full()

        monkeypatch.setattr(shelf, "open", FullFile, raising=False)
    elif moment == "flush":
        monkeypatch.setattr(shelf.os, "fsync", full)
    else:
        monkeypatch.setattr(shelf.os, "replace", full)
    with pytest.raises(Refusal) as refusal:
        store(actor=world.system, upload=a_pdf(), name="x.pdf", owner=own)
    monkeypatch.undo()
    assert refusal.value.code == "files.disk_full" and refusal.value.status == 507
    assert not StoredFile.objects.exists()
    assert actions.collect() == []
