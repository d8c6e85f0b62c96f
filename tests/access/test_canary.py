"""No byte of a foreign school reaches anybody: pages, fragments, search, sheets, papers, notices, refusals."""

from __future__ import annotations

import re

import pytest

from tests.access.crawl import crawl, words_of
from tests.access.matrix import address, load, places
from tests.access.visit import body_of, enter, undone

# What the register of schools tells of a school (address, telephone, contact, photographs) is open to the office
# and closed to the people of other schools; names of units, villages and of who holds which post are open to all.
# A circular's own words (openO) are open to everybody it was sent to.
SCHOOL = "canary[BCO]|open[BC]"
OFFICE = "canary[ABC]"
FOREIGN = {
    "teacher": SCHOOL,
    "school_clerk": SCHOOL,
    "principal": SCHOOL,
    "nobody": "canary[ABC]|open[ABCO]|known[ABC]",
    "member": "canary[ABC]|open[ABC]",
    "officer": OFFICE,
    "head": OFFICE,
    "deputy": OFFICE,
    "director": OFFICE,
    "saraban": OFFICE,
    "planner": OFFICE,
    "personnel": OFFICE,
    "finance": OFFICE,
    "auditor": OFFICE,
    "admin": OFFICE,
}
#: Words of the registers, and who of the office sees those of every school; the people of a school see their own alone.
REGISTERS = {
    "asset": {"officer", "head", "deputy", "director", "saraban", "planner", "personnel", "finance", "auditor", "admin"},
    "struck": {"officer", "head", "deputy", "director", "saraban", "planner", "personnel", "finance", "auditor", "admin"},
    "returned": {"admin", "auditor", "deputy", "director", "head", "officer", "personnel", "planner"},
    "pupil": {"deputy", "director", "planner"},
    "child": {"deputy", "director", "planner"},
    "staff": {"admin", "deputy", "director", "personnel", "planner"},
    "served": {"director", "personnel"},
}  # fmt: skip


def closed_to(role: str) -> str:
    """What is foreign to a role, as a pattern."""
    letters = "BCO" if FOREIGN[role] == SCHOOL else "ABC"
    closed = [f"{word}[{letters}]" for word, seen_by in REGISTERS.items() if role not in seen_by]
    return "|".join([FOREIGN[role], *closed])


@pytest.fixture
def reads(world):
    def reads(role: str):
        pattern = re.compile(rf"(?:{closed_to(role)})[a-z0-9]+".encode())
        return lambda words: sorted({found.decode() for found in pattern.findall(words)})

    return reads


@pytest.mark.parametrize(
    "role", ["school_clerk", "principal", "director", "saraban", "officer", "admin", "nobody"]
)
def test_by_links_and_forms(world, reads, role):
    found, count = [], 0
    foreign = reads(role)
    for page in crawl(enter(world, role), most=110, alike=3):
        count += 1
        if tokens := foreign(page.words):
            found.append(f"{page.url}: {tokens[:4]}")
    assert not found, "\n".join(found)
    assert count > (8 if role == "nobody" else 40)


@pytest.mark.parametrize("role", ["teacher", "school_clerk", "principal", "officer", "director"])
def test_by_typed_addresses(world, reads, role):
    """Every address of a foreign record; refusals too must not name what they hide."""
    client, foreign, found = enter(world, role), reads(role), []
    for route, row in load().items():
        if row.get("on"):
            for place in places(row, world):
                if "foreign" not in place:
                    continue
                with undone():
                    url = address(route, row, place, world)
                    if (
                        route == "files:download"
                    ):  # any name opens a file; an answer may repeat what was typed
                        url = url.rsplit("/", 1)[0] + "/x.pdf"
                    response = client.get(url)
                    if tokens := foreign(words_of("", body_of(response))):
                        found.append(f"{route} [{place}]: {tokens[:4]}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", list(FOREIGN))
def test_by_search(world, reads, role):
    """The search page and the command box: neither a title, nor a snippet, nor a count of what is foreign."""
    client, foreign = enter(world, role), reads(role)
    for words in (
        "canaryB",
        "canaryC",
        "canaryA",
        "canaryO",
        "ลับ",
        "ชร",
        *(f"{word}B" for word in REGISTERS),
    ):
        for headers in ({}, {"X-Khet-Fragment": "command", "HX-Request": "true"}):
            body = body_of(client.get("/search/", {"q": words}, headers=headers))
            body = re.sub(rb"</?mark[^>]*>", b"", body)  # what was looked for is marked inside the token
            assert foreign(body) == [], f"{role} looking for {words}"


def test_secret_words_stay_closed_without_fresh_sign_in(world):
    """The registry clerk sees that a secret letter exists; its words only after signing in again."""
    secret = world.objects["secret"]["office"]
    words = {b"canaryO005", b"canaryO006", b"canaryO007"}
    stale = enter(world, "saraban", fresh=False)
    for page in crawl(
        stale,
        starts=(
            "/letters/registers/?kind=receive&secret=1",
            f"/letters/{secret}/",
            "/letters/registers/sheet.csv?secret=1",
            "/letters/registers/paper.pdf?secret=1",
        ),
        most=25,
    ):
        assert not [w for w in words - {b"canaryO006"} if w in page.words], page.url
    fresh = body_of(enter(world, "saraban").get(f"/letters/{secret}/"))
    assert b"canaryO005" in fresh


def test_the_canaries_are_alive(world):
    """Their owners do meet them, so that silence elsewhere means something."""
    client = enter(world, "foreign_clerk")
    heard = set()
    for page in crawl(client, most=60, alike=3):
        heard |= set(re.findall(rb"canaryB\d+", page.words))
    assert len(heard) >= 6
