"""Invented partners of the demo office."""

from __future__ import annotations

from datetime import date

from khet.base.org.world import World
from khet.modules.partners.actions import PARTNERS

# name, kind, support, tambon, who tends it (a group's code; empty: a school), contact, until
_INVENTED = [
    ("องค์การบริหารส่วนตำบลบางจาก", "local", "welfare", "บางจาก", "promotion", "นายเกริกไกร ทุ่งนาเงิน", None),
    ("เทศบาลตำบลควนชัยเหนือ", "local", "places", "ควนชัย", "policy", "นางเพลินตา ควนแก้วใส", None),
    ("วัดเขาน้ำใส", "faith", "culture", "ทุ่งไพล", "", "พระครูสมมุติ ธรรมธารา", None),
    ("มัสยิดปากน้ำเงิน", "faith", "culture", "ปากน้ำเงิน", "", "นายอับดุลสมมุติ หาดทรายงาม", None),
    ("มูลนิธิธารน้ำใจเพื่อเด็ก", "foundation", "funds", "", "promotion", "นางสาวอารีย์ ธารน้ำเงิน", None),
    ("บริษัท ศรีธารายางทอง จำกัด", "company", "funds", "ทุ่งไพล", "policy", "นายมานพ ยางทองสมมุติ", date(2025, 3, 31)),
    ("สมาคมศิษย์เก่าบ้านทุ่งไพล", "alumni", "places", "ทุ่งไพล", "", "นางวิไล ทุ่งเรืองสมมุติ", None),
    ("เครือข่ายผู้ปกครองฝั่งทะเลสาบ", "parents", "welfare", "ปากน้ำเงิน", "supervision", "นายสุเทพ ริมเลสาบ", None),
    ("ศูนย์ ICT ชุมชนบางจาก", "ict", "ict", "บางจาก", "dlict", "นายณัฐพล เครือข่ายสมมุติ", None),
    ("ชมรมครูคอมพิวเตอร์ศรีธารา", "ict", "teaching", "", "dlict", "นางสาวชุติมา รหัสสมมุติ", None),
]  # fmt: skip


def demo(world: World) -> None:
    """Ten partners; every school network has one at least while there are enough."""
    networks = [*world.networks.values()]
    for place, (name, kind, support, tambon, group, contact, until) in enumerate(_INVENTED):
        PARTNERS.add(
            actor=world.actor, name=name, kind=kind, support=support, tambon=tambon, contact=contact, phone=f"0 7000 {2000 + place}",
            unit=world.groups[group] if group else world.schools[place - 2], network=networks[place % len(networks)] if networks else None,
            since=date(2023, 5, 16 + place), until=until,
        )  # fmt: skip
