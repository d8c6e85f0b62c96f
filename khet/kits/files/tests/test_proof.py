"""What is accepted, quarantined and refused, kind by kind."""

from __future__ import annotations

import hashlib

import pytest

from khet.base.lib.errors import Refusal
from khet.kits.files.api import open_file, store
from khet.kits.files.models import Attachment, StoredFile
from khet.kits.files.proof import prove, refusals
from khet.kits.files.shelf import leftovers, path_of, shelved
from khet.kits.files.tests.samples import GOOD, QUARANTINED, REFUSED


@pytest.mark.parametrize("case", GOOD)
def test_good_files_are_known_by_their_structure(case, tmp_path):
    content, kind = GOOD[case]
    path = tmp_path / "x"
    path.write_bytes(content)
    proof = prove(path, "เอกสาร.csv" if kind == "csv" else "ชื่อที่โกหก.exe")
    assert (proof.kind, proof.findings) == (kind, ())


@pytest.mark.django_db
@pytest.mark.parametrize("case", QUARANTINED)
def test_active_files_are_kept_untouched_and_not_given_out(case, world, own):
    content, name = QUARANTINED[case]
    attachment = store(actor=world.system, upload=content, name=name, owner=own)
    file = attachment.file
    assert file.state == "quarantined" and file.findings
    assert set(file.findings) <= set(refusals.FINDINGS)
    assert path_of(hashlib.sha256(content).hexdigest()).read_bytes() == content
    with pytest.raises(Refusal) as refusal:
        open_file(attachment)
    assert refusal.value.status == 403 and "กักไว้" in str(refusal.value.sentence)


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSED)
def test_bad_files_are_refused_in_a_sentence_and_leave_nothing(case, world, own):
    content, name, code = REFUSED[case]
    with pytest.raises(Refusal) as refusal:
        store(actor=world.system, upload=content, name=name, owner=own)
    assert refusal.value.code == code
    assert str(refusal.value.sentence)
    assert not StoredFile.objects.exists() and not Attachment.objects.exists()
    assert not list(shelved()) and not list(leftovers())


@pytest.mark.django_db
def test_a_pdf_with_a_million_objects_is_refused(world, own):
    rows = b"".join(b"%d 0 obj null endobj\n" % n for n in range(4, 1_000_000))
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        + rows
        + b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    with pytest.raises(Refusal) as refusal:
        store(actor=world.system, upload=content, name="x.pdf", owner=own)
    assert refusal.value.code == "files.too_complex"
    assert not StoredFile.objects.exists()
