"""``verify`` names every kind of harm by itself; the collector takes only what nobody names."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from khet.base.lib.errors import Refusal
from khet.kits.files.actions import collect, recheck, restore_file
from khet.kits.files.api import read_bytes, store
from khet.kits.files.checks import check_files
from khet.kits.files.models import StoredFile
from khet.kits.files.shelf import leftovers, path_of, root, shelved
from khet.kits.files.tests.samples import a_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.fault]


@pytest.fixture
def papers(world, own):
    return [
        store(actor=world.system, upload=a_pdf(pages), name=f"{pages}.pdf", owner=own).file
        for pages in (1, 2, 3, 4)
    ]


def make_old(path: Path, days: float = 2) -> None:
    moment = time.time() - days * 86_400
    os.utime(path, (moment, moment))


def test_a_sound_shelf_has_no_finding(papers):
    assert list(check_files()) == []


def test_every_kind_is_reported_by_itself(papers):
    flipped, emptied, deleted, cut = (path_of(file.sha256) for file in papers)
    for path in (flipped, emptied, cut):
        path.chmod(0o640)
    data = bytearray(flipped.read_bytes())
    data[len(data) // 2] ^= 1
    flipped.write_bytes(data)
    emptied.write_bytes(b"")
    deleted.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    extra = path_of("ab" * 32)
    extra.parent.mkdir(parents=True, exist_ok=True)
    extra.write_bytes(b"x")
    (extra.parent / "notes.txt").write_text("x")
    found = {(finding.code, Path(finding.subject).name) for finding in check_files()}
    assert found == {
        ("files.altered", flipped.name),
        ("files.empty", emptied.name),
        ("files.missing", deleted.name),
        ("files.altered", cut.name),
        ("files.extra", extra.name),
        ("files.extra", "notes.txt"),
    }


def test_an_attachment_without_its_record_is_reported(papers, own):
    own.delete()
    assert {finding.code for finding in check_files()} == {"files.ownerless"}


def test_the_nightly_look_blocks_what_changed(papers):
    path = path_of(papers[0].sha256)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    StoredFile.objects.update(checked_at=timezone.now() - timedelta(days=9))
    assert recheck() == [papers[0]]
    papers[0].refresh_from_db()
    assert papers[0].state == "altered"
    papers[1].refresh_from_db()
    assert timezone.now() - papers[1].checked_at < timedelta(minutes=1)


def test_one_file_comes_back_from_a_backup(papers, tmp_path):
    backup = tmp_path / "copy.pdf"
    good = path_of(papers[0].sha256).read_bytes()
    backup.write_bytes(good)
    path_of(papers[0].sha256).unlink()
    attachment = papers[0].attachments.get()
    with pytest.raises(Refusal):
        read_bytes(attachment)
    restore_file(backup)
    attachment.file.refresh_from_db()
    assert read_bytes(attachment) == good and list(check_files()) == []


def test_bytes_nobody_knows_are_not_put_back(papers, tmp_path):
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-other")
    with pytest.raises(Refusal):
        restore_file(other)
    assert not list(leftovers()) and len(list(shelved())) == 4


def test_the_collector_takes_old_orphans_and_leavings_only(papers):
    orphan, young = path_of("ab" * 32), path_of("cd" * 32)
    for path in (orphan, young):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    left = root() / "tmp" / "half"
    left.write_bytes(b"x")
    for path in (orphan, left, *(path_of(file.sha256) for file in papers)):
        make_old(path)
    assert set(collect()) == {orphan.name, "half"}
    assert young.exists() and not orphan.exists() and not left.exists()
    assert all(path_of(file.sha256).exists() for file in papers)
