"""Files under faults: killed between the bytes and the row, flipped, deleted, emptied, added."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.faults.office import Office, wait_for
from tests.faults.test_backup import put_file

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


def shelf(office: Office, sha256: str) -> Path:
    return office.data / "files" / sha256[:2] / sha256[2:4] / sha256


@pytest.mark.parametrize("place", ["row", "answer"])
def test_f3_killed_between_bytes_row_and_answer(office: Office, place: str) -> None:
    office.open(KHET_FAULT_PAUSE=place)
    content = f"name,number\n{place},1\n".encode()
    given: list[object] = []

    def send() -> None:
        try:
            given.append(httpx.post(f"{office.url}/fault/upload", content=content, timeout=30).status_code)
        except httpx.HTTPError as why:
            given.append(why)

    thread = threading.Thread(target=send)
    thread.start()
    wait_for(lambda: list((office.data / "files").glob("??/??/*")), 15, "the bytes on the shelf")
    if place == "answer":
        wait_for(lambda: office.sql("SELECT count(*) FROM files_storedfile") == [(1,)], 10, "the row")
    time.sleep(0.3)
    for worker in office.web_workers():
        worker.send_signal(signal.SIGKILL)
    thread.join()
    assert not [x for x in given if x == 200], "nothing was acknowledged"
    office.close()
    rows = office_rows(office)
    assert rows == (0 if place == "row" else 1)
    found = office.verify()
    assert set(found) <= {"files.extra"}, "no row without its file"
    assert ("files.extra" in found) == (place == "row")
    # The client tries again: the same bytes make no second copy and no second row.
    office.open()
    assert httpx.post(f"{office.url}/fault/upload", content=content, timeout=30).status_code == 200
    assert len(list((office.data / "files").glob("??/??/*"))) == 1
    assert office.sql("SELECT count(*) FROM files_storedfile") == [(1,)]
    office.close()
    assert office.verify() == []


def office_rows(office: Office) -> int:
    office.cluster.start()
    count = office.sql("SELECT count(*) FROM files_storedfile")[0][0]
    office.cluster.stop()
    return count


def test_f12_f13_each_kind_of_damage_has_its_own_name(office: Office, tmp_path: Path) -> None:
    office.cluster.start()
    hashes = {
        kind: put_file(office, f"name,number\n{kind},1\n".encode())
        for kind in ("flip", "gone", "empty", "good")
    }
    target = office.data.parent / "b"
    assert office.khet("backup", str(target)).returncode == 0
    flipped = shelf(office, hashes["flip"])
    data = bytearray(flipped.read_bytes())
    data[3] ^= 1
    flipped.chmod(0o600)
    flipped.write_bytes(bytes(data))
    shelf(office, hashes["gone"]).unlink()
    shelf(office, hashes["empty"]).chmod(0o600)
    shelf(office, hashes["empty"]).write_bytes(b"")
    extra = shelf(office, "ab" * 32)
    extra.parent.mkdir(parents=True, exist_ok=True)
    extra.write_bytes(b"nobody's")
    found = office.verify()
    assert len(found) == 4 and len(set(found)) == 4, found
    words = office.khet("verify").stdout
    assert hashes["flip"][:12] in words and hashes["good"][:12] not in words
    # A backup made now keeps the good bytes it has of the flipped file, and says that something is wrong.
    for kind in ("flip", "gone", "empty"):
        done = office.khet("restore", str(target), "--file", hashes[kind])
        assert done.returncode == 0, done.stderr
    extra.unlink()
    assert [code for code in office.verify() if code != "files.blocked"] == []
