"""Thai text: one spelling to store, one folded copy to search, and its words.

น้ำ reaches a computer in three spellings that look alike; files add zero-width characters, doubled and
misplaced marks. ``normalise`` makes one of them, losing nothing a reader sees.
"""

from __future__ import annotations

import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from nlpo3 import load_dict, segment

from khet.base.lib.thai.digits import to_arabic_digits

_TONES = "่้๊๋"
_ABOVE_BELOW = "ัิีึืุู็์"

# Zero-width, direction overrides and isolates, soft hyphen, interlinear marks, tags, controls (not \t \n).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_EDGES = re.compile(r" *\n *")
_SARA_AE = re.compile("เเ")
_SARA_AM = re.compile(f"(?:ํ([{_TONES}]*)า|([{_TONES}]+)ํา)")
_AM_THEN_TONE = re.compile(f"ำ([{_TONES}]+)")
_TONE_THEN_VOWEL = re.compile(f"([{_TONES}์็]+)([ัิีึืุู]+)")
_THANTHAKHAT_FIRST = re.compile(f"([์])([{_TONES}]+)")
_DOUBLED = re.compile(f"([{_TONES}{_ABOVE_BELOW}ํ๎ฺำ])\\1+")
_SEARCH_DROPS = re.compile(f"[{_TONES}์]")

_WORD_RUN = re.compile(
    r"[\u0e01-\u0e3a\u0e40-\u0e4e]+|[^\W\u0e00-\u0e7f_]+(?:['’.\-][^\W\u0e00-\u0e7f_]+)*|[0-9๐-๙]+",
    re.UNICODE,
)
_THAI_RUN = re.compile(r"^[\u0e01-\u0e4e]")
_LONGEST_RUN = 400


def normalise(text: str) -> str:
    """The one spelling to store and compare; idempotent.

    NFC (never NFKC: it takes ำ apart); unseen characters, controls and direction overrides are dropped; every
    kind of space becomes one space, line ends become ``\\n``; เเ becomes แ; vowel, then tone; doubled marks once.
    """
    if not isinstance(text, str):
        text = str(text)
    text = _LINE_ENDS.sub("\n", text)
    text = _UNSEEN.sub("", text)
    text = unicodedata.normalize("NFC", text)
    while True:
        before = text
        text = _SARA_AE.sub("แ", text)
        text = _SARA_AM.sub(lambda m: (m[1] or m[2] or "") + "ำ", text)
        text = _AM_THEN_TONE.sub(r"\1ำ", text)
        text = _TONE_THEN_VOWEL.sub(r"\2\1", text)
        text = _THANTHAKHAT_FIRST.sub(r"\2\1", text)
        text = _DOUBLED.sub(r"\1", text)
        text = unicodedata.normalize("NFC", text)
        if text == before:
            break
    text = _SPACES.sub(" ", text)
    return _LINE_EDGES.sub("\n", text).strip(" \n")


def fold(text: str) -> str:
    """The copy that is searched: normalised, one line, Arabic digits, lower case, without tone marks and ์."""
    folded = to_arabic_digits(normalise(text).replace("\n", " ")).lower()
    # Dropping a mark may bring two vowels of a faulty spelling together: once more, so that fold(fold(x)) == fold(x).
    return normalise(_SEARCH_DROPS.sub("", folded))


# Terms of the office that the word list lacks or cuts apart; also the words never broken at a line's end.
OFFICE_WORDS = (
    "สพป", "สพม", "สพฐ", "สพท", "ศธ", "ก.ค.ศ.", "อ.ก.ค.ศ.", "กพฐ", "ศธจ", "กศจ", "สำนักงานเขตพื้นที่การศึกษา", "เขตพื้นที่",
    "เขตพื้นที่การศึกษา", "พื้นที่การศึกษา", "สำนักงานเขตพื้นที่", "สถานศึกษา", "ขั้นพื้นฐาน", "การศึกษาขั้นพื้นฐาน",
    "ปีการศึกษา", "ภาคเรียน", "ภาคเรียนที่", "ผู้รับผิดชอบ", "ผู้อำนวยการ", "รองผู้อำนวยการ", "ศึกษานิเทศก์", "บันทึกข้อความ",
    "ลงรับ", "ลงนาม", "เกษียน", "เกษียนหนังสือ", "สั่งการ", "หนังสือเวียน", "หนังสือรับ", "หนังสือส่ง", "สารบรรณ", "งานสารบรรณ",
    "ปฏิบัติราชการแทน", "รักษาราชการแทน", "รักษาการในตำแหน่ง", "ปฏิบัติหน้าที่", "ขอแสดงความนับถือ", "สิ่งที่ส่งมาด้วย",
    "อ้างถึง", "ครุภัณฑ์", "พัสดุ", "งบประมาณ", "ปีงบประมาณ", "เงินอุดหนุน", "อาหารกลางวัน", "จัดซื้อจัดจ้าง", "ตรวจรับ",
    "ประกันคุณภาพ", "นิเทศ", "ติดตาม", "วิทยฐานะ", "เลื่อนเงินเดือน", "บรรจุแต่งตั้ง", "ช่วยราชการ", "บุคลากรทางการศึกษา",
    "ข้าราชการครู", "พนักงานราชการ", "ลูกจ้างประจำ", "ลูกจ้างชั่วคราว", "ครูอัตราจ้าง", "ขยายโอกาส", "โรงเรียนขยายโอกาส",
    "เรียนรวม", "ด้อยโอกาส", "ทุพโภชนาการ", "ตำบล", "อำเภอ", "จังหวัด", "ประถมศึกษา", "มัธยมศึกษา", "ปฐมวัย", "อนุบาล",
    "เกียรติบัตร",
    "แผนปฏิบัติการ", "คณะกรรมการ", "ประชาสัมพันธ์", "อิเล็กทรอนิกส์", "ไปรษณีย์อิเล็กทรอนิกส์", "เทคโนโลยีสารสนเทศ",
)  # fmt: skip

_lock = threading.Lock()
_dictionary: str | None = None
_learned: set[str] = set()
_generation = 0


def _load() -> str:
    """Give the segmenter pythainlp's word list, the office's and what was learned; about 0.1 s."""
    global _dictionary, _generation
    with _lock:
        if _dictionary is not None:
            return _dictionary
        spec = find_spec("pythainlp")
        if spec is None or spec.origin is None:
            raise RuntimeError("the Thai word list is missing: install pythainlp")
        listed = (Path(spec.origin).parent / "corpus" / "words_th.txt").read_text(encoding="utf-8")
        own = {normalise(word) for word in OFFICE_WORDS} | _learned
        # The segmenter never replaces a dictionary of a known name, so each generation has its own.
        _generation += 1
        name = f"khet-{_generation}"
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
            file.write("\n".join(sorted({*listed.split("\n"), *own} - {""})))
            file.flush()
            load_dict(file.name, name)
        _dictionary = name
        return name


def learn(names: Iterable[str]) -> None:
    """Add proper names (schools, tambons, people) that ``words`` then keeps whole; for this process.

    Known names cost nothing; new ones have the dictionary read again at the next use, so give them at once.
    """
    global _dictionary
    fresh = {normalise(name) for name in names} - _learned - {""}
    if fresh:
        with _lock:
            _learned.update(fresh)
            _dictionary = None


def learned() -> frozenset[str]:
    """The names given to ``learn`` so far; paper keeps them on one line too."""
    return frozenset(_learned)


def cut(run: str) -> list[str]:
    """The words of one run of Thai letters, nothing dropped: ``"".join(cut(x)) == x``."""
    dictionary = _dictionary or _load()
    found: list[str] = []
    for start in range(0, len(run), _LONGEST_RUN):
        # Cut in pieces: the segmenter's time is not linear in a run without spaces.
        found += segment(run[start : start + _LONGEST_RUN], dictionary, False, False)
    return found


def words(text: str) -> list[str]:
    """The words of a text, normalised, in order, with repeats; spaces and punctuation are left out.

    Thai is cut by dictionary, Latin words are lower-cased, numbers are whole and in Arabic digits.
    """
    found: list[str] = []
    for run in _WORD_RUN.findall(normalise(text)):
        if _THAI_RUN.match(run) and not run[0].isdigit():
            found += [word for word in cut(run) if word.strip()]
        else:
            found.append(to_arabic_digits(run).lower())
    return found


def search_words(text: str) -> list[str]:
    """``words`` folded as ``fold`` does, for a search index: cut first (the dictionary has tone marks), then fold."""
    return [folded for word in words(text) if (folded := fold(word))]


# What must not be parted at the end of a line: unit and number, title and name. The space becomes unbreakable.
_MONTH = "(?:ม\\.ค\\.|ก\\.พ\\.|มี\\.ค\\.|เม\\.ย\\.|พ\\.ค\\.|มิ\\.ย\\.|ก\\.ค\\.|ส\\.ค\\.|ก\\.ย\\.|ต\\.ค\\.|พ\\.ย\\.|ธ\\.ค\\.|[มกพสตธ][ก-์]{3,11}(?:คม|ยน|พันธ์))"
_TIED = tuple(
    re.compile(pattern)
    for pattern in (
        r"((?:ปีการศึกษา|ปีงบประมาณ|ภาคเรียนที่|พ\.ศ\.|ค\.ศ\.|เขต|ข้อ|มาตรา|ฉบับที่|ครั้งที่|ลำดับที่|เลขที่|หน้า|โทร\.|โทรสาร|ระดับ|ชั้น|ที่|ว|ศธ|ประจำปี|พุทธศักราช|รุ่นที่|หมู่ที่|ห้อง|บทที่|ตอนที่|เล่ม)) (?=[0-9๐-๙])",
        r"(?<![0-9๐-๙]{3})([0-9๐-๙]) (?=(?:โรงเรียน|คน|บาท|วัน|แห่ง|ฉบับ|แผ่น|ชุด|เล่ม|เครื่อง|หลัง|ห้อง|รายการ|เรื่อง|ชั่วโมง|นาที|น\.|นาฬิกา|กิโลเมตร|เมตร|เซนติเมตร|ตัว|หน้า|ข้อ|ปี|เดือน|สัปดาห์|ครั้ง|ราย|รูป|อัตรา|ไร่|MB|KB|GB))",
        r"((?<![ก-์])(?:นาย|นาง|นางสาว|น\.ส\.|เด็กชาย|เด็กหญิง|ด\.ช\.|ด\.ญ\.|ดร\.|ว่าที่ร้อยตรี|ว่าที่ ร\.ต\.|ผอ\.|รอง|พระ|ศ\.|รศ\.|ผศ\.)) (?=[ก-ฮเแโใไ])",
        rf"([0-9๐-๙]{{1,2}}) (?={_MONTH})",
        rf"({_MONTH}) (?=(?:พ\.ศ\.[ \u00a0])?[0-9๐-๙]{{2,4}})",
        r"(สพ[ปม]\.[ก-์]+) (?=เขต)",
        r"([ก-์\])”])[ ](?=ๆ)",
    )
)


def keep_together(text: str) -> str:
    """The text with unbreakable spaces where a line must not end: ปีการศึกษา 2569, เขต 2, 23 พ.ย. 2569, นาย ก…

    For showing only; ``normalise`` turns the spaces back.
    """
    for pattern in _TIED:
        text = pattern.sub("\\1\u00a0", text)
    return text
