"""What the contract of all registers does not ask: whose partners one writes, and what a file says of them."""

from __future__ import annotations

import pytest

from khet.base.journal.models import Entry
from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.actions import add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Role
from khet.kits.register.actions import undo
from khet.kits.register.api import import_file
from khet.kits.register.models import Batch
from khet.modules.partners.actions import PARTNERS
from khet.modules.partners.models import Partner
from khet.modules.partners.records import Partners

pytestmark = pytest.mark.django_db
HEAD = "ชื่อองค์กร,ประเภท,ด้านที่สนับสนุน,หน่วยงานที่ดูแล,เครือข่าย,ตั้งแต่วันที่,ถึงวันที่,ผู้ติดต่อ\n"


@pytest.fixture
def system():
    return Actor.system()


@pytest.fixture
def office(system):
    return add_unit(actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")


@pytest.fixture
def schools(system, office):
    return [
        add_unit(
            actor=system, kind="school", code=f"9902000{n}", name=f"โรงเรียนบ้านที่ {n}", short_name=f"บ้านที่ {n}", parent=office
        )
        for n in (1, 2)
    ]  # fmt: skip


@pytest.fixture
def clerk(system, schools):
    role = Role.objects.create(
        code="r", name="ธุรการ", capabilities=["partners.edit", "partners.view"], reach="unit"
    )
    post = add_post(
        actor=system, unit=schools[0], kind="clerk", title="ธุรการ", short_title="ธุรการ", roles=[role]
    )
    person = add_person(actor=system, first_name="สมมุติ")
    appoint(actor=system, post=post, person=person)
    return Actor.of(person)


@pytest.fixture
def bring(tmp_path):
    def bring(actor, *lines, confirm=True):
        path = tmp_path / "partners.csv"
        path.write_text(HEAD + "\n".join(lines), encoding="utf-8")
        return import_file(actor=actor, kind="partners", path=path, confirm=confirm)

    return bring


def add(actor, unit, **values):
    return PARTNERS.add(
        actor=actor, unit=unit, **{"name": "วัดกลาง", "kind": "faith", "support": "culture"} | values
    )


def test_one_writes_the_partners_of_ones_own_unit_and_hands_none_away(clerk, schools, system):
    own = add(clerk, schools[0])
    with pytest.raises(Forbidden):
        add(clerk, schools[1], name="วัดนอก")
    with pytest.raises(Forbidden):
        PARTNERS.change(actor=clerk, record=own, unit=schools[1])
    other = add(system, schools[1], name="วัดใน")
    with pytest.raises(Forbidden):
        PARTNERS.change(actor=clerk, record=other, note="x")
    for act in (
        lambda: PARTNERS.write(actor=clerk, new=[], changed=[(other, {"unit": schools[0]})], source="x"),
        lambda: PARTNERS.remove(actor=clerk, records=[other], source="x"),
    ):
        with pytest.raises(Forbidden):
            act()
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.unit, other.unit, other.note) == (schools[0], schools[1], "")


def test_a_name_stands_once_and_days_are_in_order(clerk, schools):
    partner = add(clerk, schools[0])
    with pytest.raises(Refusal):
        add(clerk, schools[0])
    with pytest.raises(Refusal) as why:
        PARTNERS.change(actor=clerk, record=partner, until=partner.since.replace(year=2020))
    assert "วันสิ้นสุด" in why.value.sentence


def test_the_contact_is_neither_searched_nor_journaled(clerk, schools):
    partner = add(clerk, schools[0], contact="นางสาวลับเฉพาะ")
    PARTNERS.change(actor=clerk, record=partner, contact="นายลับกว่า", note="ถวายเพล")
    partner.refresh_from_db()
    assert "ถวายเพล" in partner.search_text and "ลับ" not in partner.search_text
    assert "ลับ" not in str(list(Entry.objects.values()))
    with pytest.raises(TypeError):
        type("Open", (Partners,), {"mask": ""})()


def test_a_file_is_checked_written_and_taken_back(clerk, schools, system, bring):
    known = add(clerk, schools[0], note="เดิม")
    result = bring(
        clerk,
        "วัดกลาง,วัดหรือมัสยิด,ทุนและงบประมาณ,99020001,,01/06/2566,,พระสมมุติ",
        "อบต.สมมุติ,อปท. (อบต. เทศบาล),ทุนและงบประมาณ,บ้านที่ 1,,01/06/2566,,",
        "วัดนอก,วัดหรือมัสยิด,ทุนและงบประมาณ,โรงเรียนบ้านที่ 2,,01/06/2566,,",
        "วัดไกล,วัดหรือมัสยิด,ทุนและงบประมาณ,ไม่มีหน่วยนี้,,01/06/2566,,",
        "วัดเก่า,วัดหรือมัสยิด,ทุนและงบประมาณ,99020001,,01/06/2566,01/06/2565,",
    )
    assert (result.new, result.changed, result.wrong) == (1, 1, 3), result.faults
    assert [(f["row"], f["column"]) for f in result.faults] == [(4, "unit"), (5, "unit"), (6, "until")]
    known.refresh_from_db()
    assert (known.support, known.contact, known.note) == ("funds", "พระสมมุติ", "เดิม")
    assert Partner.objects.get(name="อบต.สมมุติ").unit == schools[0]
    undo(actor=clerk, batch=Batch.objects.get(pk=result.batch))
    known.refresh_from_db()
    assert (known.support, known.contact) == ("culture", "") and Partner.objects.count() == 1
