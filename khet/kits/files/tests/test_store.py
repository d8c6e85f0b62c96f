from __future__ import annotations

import hashlib
import io

import pytest

from khet.kits.files.api import read_bytes, store
from khet.kits.files.models import Attachment, StoredFile
from khet.kits.files.shelf import path_of
from khet.kits.files.tests.samples import a_pdf

pytestmark = pytest.mark.django_db


def test_the_same_bytes_are_kept_once(world):
    paper = a_pdf()
    one = store(actor=world.system, upload=paper, name="ก.pdf", owner=world.records[0])
    two = store(actor=world.system, upload=io.BytesIO(paper), name="ข.pdf", owner=world.records[1])
    assert one.file == two.file and StoredFile.objects.count() == 1
    assert one.file.sha256 == hashlib.sha256(paper).hexdigest()
    assert path_of(one.file.sha256).read_bytes() == paper == read_bytes(two)


def test_a_repeated_request_makes_no_second_attachment(world, own):
    paper = a_pdf()
    first = store(actor=world.system, upload=paper, name="ก.pdf", owner=own)
    assert store(actor=world.system, upload=paper, name="ก.pdf", owner=own) == first
    assert Attachment.objects.count() == 1
