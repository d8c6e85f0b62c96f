"""One small invented area with something in every state, every text field marked with its owner's token.

Two schools of one network (``own`` and ``foreign``, as seen from the first) and one of another, an office with
two groups; one account per role. What a school writes for itself carries ``canary`` and its letter; what the
register of schools opens to the whole office carries ``open`` and its letter, what another register opens to those who
oversee all schools a word of its own, what everybody signed in may know ``known``. Whoever reads a foreign canary has
found a hole.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from khet.base.lib import pdf
from khet.base.notices.api import mine, tell
from khet.base.org.actions import (
    add_account,
    add_person,
    add_post,
    add_unit,
    appoint,
    change_unit,
    delegate,
    join,
    suspend_account,
)
from khet.base.org.api import Account, Actor, Holding, Person, Post, Profile, Unit, ensure_roles
from khet.base.org.verbs import verb, verbs
from khet.kits.files.api import attachments
from khet.kits.files.models import FileText
from khet.kits.files.texts import read_into_row
from khet.kits.register.actions import receive_file, save_view
from khet.kits.register.jobs import work
from khet.kits.workflow.api import Step, endorse, runs_of, save_phrases
from khet.modules.assets.actions.articles import add_article
from khet.modules.assets.actions.buildings import add_building, ask_demolition
from khet.modules.assets.actions.checks import open_checks
from khet.modules.assets.actions.criteria import start_criteria
from khet.modules.assets.actions.moves import ask_transfer, propose_disposal
from khet.modules.assets.actions.photos import add_photo as add_building_photo
from khet.modules.assets.models import Criterion
from khet.modules.desk.actions import give_task, write_memo
from khet.modules.emergencies.actions import load_area, open_event, photos, report
from khet.modules.letters.actions import (
    draft,
    receive,
    register,
    save_addressees,
    send_ready,
    set_bureau,
    set_signature,
    submit,
)
from khet.modules.letters.flows import send_inside
from khet.modules.letters.models import Entry, Letter, Receipt
from khet.modules.partners.actions import PARTNERS
from khet.modules.schools.actions import add_photo, add_school, add_village, serve_villages
from khet.modules.staff.actions import start_criteria as start_manpower_criteria
from khet.modules.staff.models import Criterion as ManpowerCriterion
from khet.outlets.statistics.actions import import_past
from tests.access.world_children import add_children
from tests.access.world_open import add_open
from tests.access.world_pupils import add_lots, add_pupils
from tests.access.world_rounds import add_rounds
from tests.access.world_staff import add_staff

SINCE = date(2023, 10, 1)

# role of the matrix → (unit, kind of post, default roles held)
STAFF: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "director": ("office", "director", ("director",)),
    "deputy": ("office", "deputy", ("deputy",)),
    "saraban": ("office", "officer", ("saraban",)),
    "head": ("policy", "head", ("head",)),
    "officer": ("policy", "officer", ("officer",)),
    "planner": ("legal", "officer", ("planner",)),
    "personnel": ("legal", "officer", ("personnel",)),
    "finance": ("legal", "officer", ("finance",)),
    "auditor": ("legal", "officer", ("auditor",)),
    "admin": ("legal", "officer", ("admin",)),
    "principal": ("own", "principal", ("principal",)),
    "school_clerk": ("own", "clerk", ("school_clerk",)),
    "teacher": ("own", "teacher", ("teacher",)),
    "foreign_principal": ("foreign", "principal", ("principal",)),
    "foreign_clerk": ("foreign", "clerk", ("school_clerk",)),
    "foreign_teacher": ("foreign", "teacher", ("teacher",)),
    "far_clerk": ("far", "clerk", ("school_clerk",)),
    "suspended": ("policy", "officer", ("officer",)),
}
#: The roles of the matrix. Guardians have no account in this version; the foreign school's people are there to
#: write what the others must not read.
ROLES = (
    "anonymous", "suspended", "nobody", "member", "teacher", "school_clerk", "principal", "officer", "saraban", "head",
    "deputy", "director", "planner", "personnel", "finance", "auditor", "admin",
)  # fmt: skip
LETTER = {"own": "A", "foreign": "B", "far": "C", "office": "O", "policy": "O", "legal": "O"}


@dataclass
class World:
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    schools: dict[str, Any] = field(default_factory=dict)
    #: kind of object → where it is (office, own, foreign, secret …) → what the address needs of it
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, itertools.count] = field(default_factory=dict)

    def actor(self, word: str) -> Actor:
        """Whoever it is, with everything they may do now and a fresh sign-in."""
        found = Actor.of(self.people[word], account=self.accounts.get(word))
        found.fresh_sign_in = True
        return found

    def canary(self, where: str, of: str = "canary") -> str:
        """The next token of a place: canaryB007, or assetB007 where a register opens it to whoever oversees all schools."""
        letter = LETTER[where]
        number = next(self.tokens.setdefault(letter, itertools.count(1)))
        return f"{of}{letter}{number:03d}"

    def put(self, kind: str, where: str, value: Any) -> Any:
        self.objects.setdefault(kind, {})[where] = value
        return value


def a_paper(words: str) -> ContentFile:
    """A PDF with the words on it."""
    paper = pdf.LetterPaper(
        number="ทธ 1/1", address=["หน่วยงานภายนอก"], date=timezone.localdate(), subject=words, to="ผู้รับ",
        body=f"<p>{words} เนื้อความ</p>", signature=pdf.Signature(name="นายนที", position="ผู้ลงนาม"), owner=[],
    )  # fmt: skip
    return ContentFile(pdf.external_letter(paper), name=f"{words}.pdf")


def a_picture() -> ContentFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (31, 70, 128)).save(out, "PNG")
    return ContentFile(out.getvalue(), name="รูป.png")


def build() -> World:
    """The whole area, through the verbs."""
    world = World()
    Profile.load()
    _structure(world)
    _staff(world)
    _letters(world)
    _matters(world)
    _rest(world)
    _emergency(world)
    _partners(world)
    _past_figure(world)
    add_pupils(world)
    add_children(world)
    add_rounds(world)
    add_lots(world)
    add_staff(world)
    add_open(world)
    _read_texts()
    return world


def _partners(world: World) -> None:
    """Who a partner is, everybody may know; whom one calls there is each unit's own."""
    for where, unit in {"own": "own", "foreign": "foreign", "office": "policy"}.items():
        made = PARTNERS.add(
            actor=Actor.system(), unit=world.units[unit], name=f"openO มูลนิธิ {where}", kind="foundation", support="funds",
            contact=world.canary(where), phone=world.canary(where),
        )  # fmt: skip
        world.put("partner", where, made.pk)


def _past_figure(world: World) -> None:
    """One figure of a year before khet, of the whole area."""
    (made,) = import_past(
        actor=Actor.system(), changed=[], source="past.xlsx",
        new=[{"code": "2560.0.0.rooms_by_grade.area..", "school_year": 2560, "indicator": "rooms_by_grade", "level": "area", "value": Decimal(512), "source": "สมุดสารสนเทศ 2560"}],
    )  # fmt: skip
    world.put("past_figure", "office", made.pk)


def _structure(world: World) -> None:
    system = Actor.system()
    office = world.units["office"] = add_unit(
        actor=system, kind="office", code="9902", name="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
        short_name="สพป.ศรีธารา เขต 2", since=SINCE,
    )  # fmt: skip
    for code, name in [("policy", "กลุ่มนโยบายและแผน"), ("legal", "กลุ่มกฎหมายและคดี")]:
        world.units[code] = add_unit(
            actor=system,
            kind="group",
            code=f"g-{code}",
            name=name,
            short_name=name,
            parent=office,
            since=SINCE,
        )
    world.units["team"] = add_unit(
        actor=system,
        kind="team",
        code="t-lotus",
        name="กลุ่มดอกบัวหลวง",
        short_name="ดอกบัวหลวง",
        parent=office,
        since=SINCE,
    )
    for number, (where, name, network) in enumerate(
        [("own", "บ้านธารทอง", "ธารทอง"), ("foreign", "วัดลานสน", "ธารทอง"), ("far", "บ้านควนไพล", "ควนไพล")],
        start=1,
    ):
        mark = f"open{LETTER[where]}"
        school = world.schools[where] = add_school(
            actor=system, name=name, name_en=f"{mark}en School", smis8=f"9902900{number}", obec10=f"109956900{number}",
            obec6=f"56900{number}", levels="kp", amphoe="ทุ่งไพล", tambon="ไร่ธาร", province="ศรีธารา", pupils=80 + number,
            address=f"หมู่ {number} {mark}address", phone=f"0 7400 000{number}", website=f"https://{mark}.example/",
            line_id=f"{mark}line", saraban_name=f"{mark}contact", network=f"เครือข่าย{network}", since=SINCE,
        )  # fmt: skip
        world.units[where] = school.unit


def _staff(world: World) -> None:
    system, roles = Actor.system(), ensure_roles()
    for word, (where, kind, held) in STAFF.items():
        unit = world.units[where]
        post = world.posts[word] = add_post(
            actor=system, unit=unit, kind=kind, title=f"{word} {unit.short_name}", short_title=word,
            roles=[roles[code] for code in held], since=SINCE,
        )  # fmt: skip
        person = world.people[word] = add_person(
            actor=system,
            title="นาย",
            first_name=f"ชื่อ{word}",
            last_name="ทดสอบ",
            email=f"{word}@sithara2.example",
        )
        appoint(actor=system, post=post, person=person, since=SINCE)
    for word in ("nobody", "member"):
        world.people[word] = add_person(actor=system, title="นาง", first_name=f"ชื่อ{word}", last_name="ทดสอบ")
    world.put(
        "membership", "office",
        join(actor=system, unit=world.units["team"], person=world.people["member"], role=roles["member"]).pk,
    )  # fmt: skip
    for word, person in world.people.items():
        world.accounts[word] = add_account(
            actor=system,
            person=person,
            username=word,
            email=f"{word}@sithara2.example",
            password="รหัสผ่านสำหรับทดสอบ",
        )
    suspend_account(actor=system, account=world.accounts["suspended"])
    world.accounts["suspended"].refresh_from_db()
    change_unit(actor=system, unit=world.units["policy"], overseer=world.posts["deputy"])
    change_unit(actor=system, unit=world.units["legal"], overseer=world.posts["deputy"])
    for number, where in enumerate(("office", "own", "foreign", "far")):
        set_bureau(
            actor=system, unit=world.units[where], prefix="ศธ 04321", sub_prefix=f".{number:03d}" if number else "",
            stamp_name=world.units[where].short_name, address="จังหวัดศรีธารา", phone="0 7400 0000",
        )  # fmt: skip
    for where, post, other in [
        ("own", "principal", "teacher"),
        ("foreign", "foreign_principal", "foreign_teacher"),
    ]:
        lent = delegate(
            actor=system, post=world.posts[post], person=world.people[other], kind="on_behalf", capabilities=["desk.use"],
            reason="ลาพักผ่อน", until=timezone.localdate() + timedelta(days=30),
        )  # fmt: skip
        world.put("delegation", where, lent.pk)
    for where in ("office", "own", "foreign"):
        word = {"office": "head", "own": "principal", "foreign": "foreign_principal"}[where]
        world.put("unit", where, world.units[where].pk)
        world.put("post", where, world.posts[word].pk)
        world.put("person", where, world.people[word].pk)
        world.put("account", where, world.accounts[word].pk)
    world.put("role", "office", "teacher")
    world.put("far", "far", world.units["far"].pk)
    world.put("group", "office", world.units["legal"].pk)
    for code in ("member", "admin"):
        world.put("role_pk", code, roles[code].pk)


def _letters(world: World) -> None:
    system = Actor.system()
    day = timezone.localdate() - timedelta(days=2)
    clerks = {"office": "saraban", "own": "school_clerk", "foreign": "foreign_clerk"}
    for where, word in clerks.items():
        token = world.canary(where)
        row = receive(
            actor=world.actor(word), unit=world.units[where], subject=f"{token} เรื่องจากภายนอก",
            from_text=f"{world.canary(where)} ผู้ส่ง", number_text=f"ชร {LETTER[where]}/1", dated_on=day,
            remark=world.canary(where), paper=[a_paper(world.canary(where))],
        )  # fmt: skip
        world.put("letter", where, row.letter_id)
        world.put("entry", where, row.pk)
        file = attachments(row.letter).first()
        world.put("file", where, {"public_id": file.public_id, "name": file.name})
        hidden = receive(
            actor=world.actor(word), unit=world.units[where], subject=f"{world.canary(where)} เรื่องลับ",
            from_text=f"{world.canary(where)} ผู้ส่งลับ", number_text=f"ลับ {LETTER[where]}/2", dated_on=day, secrecy=1,
            paper=[a_paper(world.canary(where))],
        )  # fmt: skip
        world.put("secret", where, hidden.letter_id)
        file = attachments(hidden.letter).first()
        world.put("secret_file", where, {"public_id": file.public_id, "name": file.name})
    inside = Letter.objects.get(pk=world.objects["letter"]["office"])
    send_inside(
        actor=world.actor("saraban"), letter=inside, unit=world.units["office"], to=world.units["policy"]
    )
    for where, word in {"office": "officer", "own": "school_clerk", "foreign": "foreign_clerk"}.items():
        made = draft(
            actor=world.actor(word), unit=world.actor(word).unit, subject=f"{world.canary(where)} ร่าง",
            body=f"<p>{world.canary(where)} เนื้อร่าง</p>", to_text=world.canary(where),
            to_units=[world.units["far"].pk if where != "office" else world.units["own"].pk],
        )  # fmt: skip
        world.put("draft", where, made.pk)
    moving = draft(
        actor=world.actor("officer"), unit=world.units["policy"], subject=f"{world.canary('office')} เสนอลงนาม",
        body="<p>เนื้อ</p>", to_text="ผู้อำนวยการโรงเรียน", to_units=[world.units["own"].pk],
    )  # fmt: skip
    submit(actor=world.actor("officer"), letter=moving)
    world.put("moving", "office", moving.pk)
    everyone = [world.units[w].pk for w in ("own", "foreign", "far")]
    # A circular goes to all schools: its words are open to them, what each does with it is not.
    circular = send_ready(
        actor=world.actor("saraban"), unit=world.units["office"], subject="openO หนังสือเวียน", to_text="ผู้อำนวยการโรงเรียน",
        units=everyone, is_circular=True, answer_by=timezone.localdate() + timedelta(days=5), paper=[a_paper("openO")],
    )  # fmt: skip
    world.put("circular", "office", circular.pk)
    receipt = Receipt.objects.get(letter=circular, unit=world.units["foreign"])
    row = register(
        actor=world.actor("foreign_clerk"),
        unit=world.units["foreign"],
        receipts=[receipt.pk],
        action=world.canary("foreign"),
    )[0]
    for where, word, to in [
        ("own", "school_clerk", "far"), ("foreign", "foreign_clerk", "far"), ("office", "saraban", "far"),
    ]:  # fmt: skip
        sent = send_ready(
            actor=world.actor(word), unit=world.units[where], subject=f"{world.canary(where)} ส่งแล้ว", to_text="โรงเรียน",
            units=[world.units[to].pk], paper=[a_paper(world.canary(where))],
            answer_by=timezone.localdate() + timedelta(days=5),
        )  # fmt: skip
        world.put("sent", where, sent.pk)
    # To the first two schools one by one, so that each has something to register.
    world.put("incoming", "own", circular.pk)
    only = send_ready(
        actor=world.actor("far_clerk"), unit=world.units["far"], subject=f"{world.canary('foreign')} ถึงวัดลานสน",
        to_text="โรงเรียน", units=[world.units["foreign"].pk], paper=[a_paper(world.canary("foreign"))],
    )  # fmt: skip
    world.put("incoming", "foreign", only.pk)
    assert Entry.objects.filter(pk=row.pk).exists()
    for where, word in {"office": "officer", "own": "school_clerk", "foreign": "foreign_clerk"}.items():
        group = save_addressees(
            actor=world.actor(word),
            unit=world.actor(word).unit,
            name=world.canary(where),
            members=[world.units["far"].pk],
        )
        world.put("addressees", where, group.pk)
    for where, word in {"office": "director", "own": "principal", "foreign": "foreign_principal"}.items():
        held = set_signature(actor=world.actor(word), person=world.people[word], picture=a_picture())
        file = attachments(held, "signature").first()
        world.put("signature", where, {"public_id": file.public_id, "name": file.name})
    assert system.is_system


def _open_step(subject: Any) -> Step:
    return Step.objects.select_related("run", "post", "unit").get(
        run=runs_of(subject).first(), decided_at__isnull=True, part__in=["holder", "host"]
    )


def _matters(world: World) -> None:
    save_phrases(actor=Actor.system(), texts=["ทราบ"])
    for where, word, above in [
        ("office", "officer", "head"), ("own", "teacher", "principal"), ("foreign", "foreign_teacher", "foreign_principal"),
    ]:  # fmt: skip
        matter = write_memo(
            actor=world.actor(word), subject=f"{world.canary(where)} บันทึกเสนอ", body=world.canary(where),
            files=[a_paper(world.canary(where))],
        )  # fmt: skip
        if where == "office":
            endorse(actor=world.actor(above), step=_open_step(matter), note=world.canary(where))
        world.put("matter", where, matter.pk)
        world.put("run", where, runs_of(matter).first().pk)
        world.put("step", where, _open_step(matter).pk)
        kept = write_memo(actor=world.actor(word), subject=f"{world.canary(where)} ร่างบันทึก", send=False)
        world.put("memo_draft", where, kept.pk)
        world.put("draft_step", where, _open_step(kept).pk)
    give_task(
        actor=world.actor("director"), subject=f"{world.canary('office')} งาน", to=world.posts["head"], body="รายงานผล",
        due=timezone.localdate() + timedelta(days=3),
    )  # fmt: skip


def _rest(world: World) -> None:
    heads = "smis_code8,school_id10,obec_code6,name_th,grades\n"
    lines = f"99029001,1099569001,569001,บ้านธารทอง,อนุบาล-ประถมศึกษา\n99029009,1099569009,569009,{world.canary('office')},อนุบาล-ประถมศึกษา\n"
    batch = receive_file(
        actor=world.actor("planner"), kind="schools", name="schools.csv", content=(heads + lines).encode()
    )
    work(batch, world.actor("planner"))
    world.put("batch", "office", batch.pk)
    for where in ("own", "foreign"):
        photo = add_photo(
            actor=Actor.system(),
            school=world.schools[where],
            upload=a_picture(),
            caption=f"open{LETTER[where]}photo",
        )
        world.put(
            "photo",
            where,
            {"school": world.schools[where].pk, "public_id": photo.public_id, "name": photo.name},
        )
        _village(world, where)
        world.put("school", where, world.schools[where].pk)
    _assets(world)
    for word in world.people:
        view = (
            save_view(actor=world.actor(word), kind="schools", name=f"มุมมองของ {word}", query="")
            if word == "planner"
            else None
        )
        if view:
            world.put("saved_view", "office", view.pk)
    _tell(world)
    for where, word in {"office": "saraban", "own": "school_clerk", "foreign": "foreign_clerk"}.items():
        world.put("notice", where, mine(world.people[word]).order_by("-pk").first().pk)


def _village(world: World, where: str) -> None:
    school = world.schools[where]
    village = add_village(
        actor=Actor.system(), tambon_code="990302", moo=len(world.objects.get("village", {})) + 1, name=f"known{LETTER[where]}village",
        tambon="ไร่ธาร", amphoe="ทุ่งไพล",
    )  # fmt: skip
    serve_villages(actor=Actor.system(), school=school, villages=[village])
    world.put("village", where, village.pk)
    world.put("service_village", where, {"pk": school.pk, "service": village.services.get().pk})


def _assets(world: World) -> None:
    """A building with a photograph and a request to demolish it, and an article, at each school."""
    system = Actor.system()
    for where in ("own", "foreign"):
        unit = world.units[where]
        building = add_building(
            actor=system,
            unit=unit,
            kind="01",
            name=f"{world.canary(where, 'asset')} อาคาร",
            note=world.canary(where, "asset"),
        )
        asked = ask_demolition(actor=system, building=building, reason=world.canary(where, "asset"))
        photo = add_building_photo(
            actor=system, record=building, upload=a_picture(), caption=world.canary(where, "asset")
        )
        article = add_article(
            actor=system, unit=unit, number=f"7440-{LETTER[where]}", name=f"{world.canary(where, 'asset')} เครื่อง",
            location=world.canary(where, "asset"), note=world.canary(where, "asset"),
        )  # fmt: skip
        others = [
            add_article(
                actor=system,
                unit=unit,
                number=f"7110-{LETTER[where]}-{place}",
                name=f"{world.canary(where, 'asset')} โต๊ะ",
            )
            for place in range(2)
        ]
        moving = ask_transfer(
            actor=system, articles=others[:1], target=world.units["far"], reason=world.canary(where, "asset")
        )
        leaving = propose_disposal(
            actor=system, articles=others[1:], way="sale", reason=world.canary(where, "asset")
        )
        world.put("transfer", where, moving.pk)
        world.put("disposal", where, leaving.pk)
        world.put("article_code", where, article.code)
        world.put("unit_assets", where, unit.pk)
        world.put("building", where, building.pk)
        world.put("demolition", where, asked.pk)
        world.put("article", where, article.pk)
        world.put(
            "building_photo", where, {"pk": building.pk, "public_id": photo.public_id, "name": photo.name}
        )
    start_criteria(actor=system)
    world.put("criterion", "office", Criterion.objects.first().pk)
    start_manpower_criteria(actor=system)
    world.put("manpower_criterion", "office", ManpowerCriterion.objects.first().pk)
    for check in open_checks(
        actor=system, units=[world.units["own"], world.units["foreign"]], fiscal_year=2569
    ):
        where = "own" if check.unit_id == world.units["own"].pk else "foreign"
        world.put("check", where, check.pk)


def _emergency(world: World) -> None:
    """An open event for all schools, reported by the first two, each with a photograph."""
    event = open_event(actor=world.actor("planner"), kind="flood", title="openO น้ำท่วม")
    world.put("emergency", "office", event.pk)
    square = [[100.0, 7.4], [100.1, 7.4], [100.1, 7.5], [100.0, 7.5], [100.0, 7.4]]
    area = load_area(
        actor=world.actor("planner"), event=event, name="openO พื้นที่", as_at=event.opened_at, source="ทดสอบ",
        coordinates=[[square]],
    )  # fmt: skip
    world.put("emergency_area", "office", {"pk": event.pk, "area": area.pk})
    for where, word in {"own": "principal", "foreign": "foreign_principal"}.items():
        said = report(
            actor=world.actor(word), unit=world.units[where], event=event, state="closed",
            damage_words=world.canary(where, "struck"), words=world.canary(where, "struck"), uploads=[a_picture()],
        )  # fmt: skip
        school = world.schools[where].pk
        world.put("emergency_school", where, {"event": event.pk, "school": school})
        photo = photos(said.call).get()
        world.put(
            "emergency_photo", where, {"event": event.pk, "school": school, "public_id": photo.public_id}
        )


def _tell(world: World) -> None:
    """A notice for everybody, with their own token; ``mine`` in the matrix is the reader's own."""
    for word, person in world.people.items():
        where = STAFF.get(word, ("office",))[0]
        tell(
            event=f"world:{word}",
            title=f"{world.canary(where)} แจ้ง",
            url="/desk/",
            people=[person],
            channels=("app", "email"),
        )


def _read_texts() -> None:
    """What the worker does after the commit."""
    for pk in FileText.objects.values_list("file_id", flat=True):
        read_into_row(pk)


__all__ = ["ROLES", "STAFF", "Holding", "World", "build", "verb", "verbs"]
