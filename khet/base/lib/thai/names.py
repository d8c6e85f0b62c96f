"""Names as people write them: titles before a person's name, the many forms of a school's name."""

from __future__ import annotations

import re

from khet.base.lib.thai.words import fold, normalise

# Longest first, so that นางสาว is not read as นาง.
TITLES = tuple(
    sorted(
        (
            "เด็กชาย", "เด็กหญิง", "ด.ช.", "ด.ญ.", "ดช.", "ดญ.", "นาย", "นาง", "นางสาว", "น.ส.", "นส.", "ดร.", "ว่าที่ร้อยตรีหญิง",
            "ว่าที่ร้อยตรี", "ว่าที่ร้อยโท", "ว่าที่ร้อยเอก", "ว่าที่ ร.ต.หญิง", "ว่าที่ ร.ต.", "ว่าที่ ร.ท.", "ว่าที่ ร.อ.", "ว่าที่พันตรี", "ว่าที่ พ.ต.",
            "สิบตรี", "สิบโท", "สิบเอก", "จ่าสิบตรี", "จ่าสิบโท", "จ่าสิบเอก", "ส.ต.", "ส.ท.", "ส.อ.", "จ.ส.ต.", "จ.ส.ท.", "จ.ส.อ.",
            "ร้อยตรี", "ร้อยโท", "ร้อยเอก", "พันตรี", "พันโท", "พันเอก", "ร.ต.", "ร.ท.", "ร.อ.", "พ.ต.", "พ.ท.", "พ.อ.", "ร.ต.อ.", "ร.ต.ท.", "ร.ต.ต.",
            "พระ", "พระครู", "พระมหา", "สามเณร", "ศาสตราจารย์", "รองศาสตราจารย์", "ผู้ช่วยศาสตราจารย์", "ศ.", "รศ.", "ผศ.",
            "หม่อมหลวง", "หม่อมราชวงศ์", "ม.ล.", "ม.ร.ว.", "คุณหญิง", "ท่านผู้หญิง",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_ALONE = frozenset({"พระ", "นาง", "นาย"})
_TITLE = re.compile("^(?:" + "|".join(re.escape(title).replace(r"\ ", r"\s*") for title in TITLES) + r")\s*")


def split_title(name: str) -> tuple[str, str]:
    """``"ว่าที่ร้อยตรี ดร.สมชาย ใจดี"`` → ``("ว่าที่ร้อยตรี ดร.", "สมชาย ใจดี")``; no title gives ``("", name)``.

    A name that would vanish or shrink to a single letter is left whole (a person may be called นาง).
    """
    name = normalise(name)
    rest = name
    while found := _TITLE.match(rest):
        after = rest[found.end() :]
        if len(after) < 2 or not re.match(r"[ก-ฮเแโใไA-Za-z]", after):
            break
        # พระ, นาง and นาย also begin given names (พระพาย, นางนวล): then a family name would be missing.
        if (
            found[0].strip() in _ALONE
            and " " not in after
            and found[0] == found[0].rstrip()
            and " " not in name
        ):
            break
        rest = after
    return name[: len(name) - len(rest)].strip(), rest


def strip_title(name: str) -> str:
    """The name without its titles, for matching people between files."""
    return split_title(name)[1]


_BRACKETS = re.compile(r"\s*[(（“\"'‘][^)）”\"'’]*[)）”\"'’]\s*")
_SCHOOL = re.compile(r"^(?:โรงเรียน|ร\.\s?ร\.|รร\.)\s*")
_KIND = re.compile(r"^(?:บ้าน|วัด|ชุมชน|อนุบาล)\s*")


def school_key(name: str) -> str:
    """The bare name under which two spellings of one school meet: no โรงเรียน, no bracketed endowment, no spaces.

    บ้าน and วัด stay: two schools may differ by just them (บ้านควน, วัดควน).
    """
    bare = _SCHOOL.sub("", _BRACKETS.sub(" ", normalise(name)).strip())
    return re.sub(r"[\s.\-–]+", "", fold(bare or name))


def school_name_variants(name: str) -> list[str]:
    """How a file may write this school's name, surest first: whole, without โรงเรียน, without the brackets, without
    บ้าน or วัด, each also with โรงเรียน. The last kind is shared by several schools more often: match it last.
    """
    full = normalise(name)
    bare = _SCHOOL.sub("", full)
    plain = _BRACKETS.sub(" ", bare).strip() or bare
    inside = re.findall(r"[(（]([^)）]+)[)）]", bare)
    bald = _KIND.sub("", plain) or plain
    found = [
        bare,
        f"โรงเรียน{bare}",
        plain,
        f"โรงเรียน{plain}",
        *(f"{plain} {extra}" for extra in inside),
        bald,
        f"โรงเรียน{bald}",
    ]
    return list(dict.fromkeys(found))
