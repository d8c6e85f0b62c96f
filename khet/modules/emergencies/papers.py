"""The situation report of an event as PDF/A; papers are in Thai."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from khet.base.lib.pdf.papers import ListColumn
from khet.base.lib.pdf.reports import ReportPaper, ReportSection, report
from khet.base.lib.thai.calendar import thai_datetime, thai_day
from khet.base.org.api import Profile, office
from khet.base.ui.dates import thousands
from khet.modules.emergencies.choices import SchoolState
from khet.modules.emergencies.models import Call
from khet.modules.emergencies.queries import Struck
from khet.modules.emergencies.queries.board import Board, phone_of


@override("th")
def situation_pdf(board: Board, ground: Struck) -> bytes:
    """Totals, districts, struck schools with damage and needs, and who has not answered."""
    event, whole = board.event, board.whole
    people = board.people
    struck = [call for call in board.calls if call.latest and _is_struck(call)]
    now = timezone.localtime()
    lines = [_("เหตุเริ่ม %(at)s") % {"at": thai_datetime(timezone.localtime(event.opened_at))}]
    if event.closed_at:
        lines[0] += " " + _("ปิด %(at)s") % {"at": thai_datetime(timezone.localtime(event.closed_at))}
    lines.append(
        _("ข้อมูล ณ %(at)s ตอบแล้ว %(n)d จาก %(total)d โรงเรียน")
        % {"at": thai_datetime(now), "n": whole.answered, "total": whole.total}
    )
    lines += [
        _("%(name)s ณ %(at)s ราว %(km)s ตร.กม. ที่มา %(source)s")
        % {
            "name": area.name,
            "at": thai_datetime(area.as_at),
            "km": thousands(round(area.square_km)),
            "source": area.source,
        }
        for area in ground.areas
    ]
    if ground.areas:
        lines.append(
            _("โรงเรียนอยู่ในพื้นที่ %(inside)d แห่ง ยังไม่รายงาน %(silent)d แห่ง")
            % {"inside": len(ground.inside), "silent": len(ground.silent)}
        )
    sections = [
        ReportSection(
            title=_("รายอำเภอ"),
            columns=[
                ListColumn(label=_("อำเภอ"), share=2.2),
                *(
                    ListColumn(label=label, align="right")
                    for label in (
                        _("โรงเรียน"),
                        _("ตอบแล้ว"),
                        _("ปิดเรียน"),
                        _("เปิดบางส่วน"),
                        pgettext("state", "เปิดปกติ"),
                        _("นักเรียนเดือดร้อน"),
                    )
                ),
            ],
            rows=[
                [
                    d.name,
                    *(str(n) for n in (d.total, d.answered, d.closed, d.partly, d.open)),
                    thousands(d.pupils),
                ]
                for d in board.districts
            ],
            totals=[
                _("รวม"),
                *(str(n) for n in (whole.total, whole.answered, whole.closed, whole.partly, whole.open)),
                thousands(whole.pupils),
            ],
        ),
        ReportSection(
            title=_("ความต้องการด่วน"),
            words=[" · ".join(f"{label} {count}" for _code, label, count in board.needs)]
            if board.needs
            else [],
        ),
        ReportSection(
            title=_("โรงเรียนที่ได้รับผลกระทบ"),
            columns=[
                ListColumn(label=_("โรงเรียน"), share=2.2),
                ListColumn(label=_("สถานะ"), share=1.7),
                ListColumn(label=_("ความเสียหาย"), share=2.8),
                ListColumn(label=_("คน"), share=1.6),
                ListColumn(label=_("ต้องการ"), share=2.2),
                ListColumn(label=_("ติดต่อ"), share=1.7),
            ],
            rows=[_row(call) for call in struck],
            nothing=_("ยังไม่มีโรงเรียนรายงานว่าได้รับผลกระทบ"),
        ),
        ReportSection(
            title=_("ยังไม่ตอบ %(n)d โรงเรียน") % {"n": len(board.silent)},
            columns=[
                ListColumn(label=_("โรงเรียน"), share=2.2),
                ListColumn(label=_("อำเภอ"), share=1.2),
                ListColumn(label=pgettext("school", "ผู้อำนวยการ"), share=2),
                ListColumn(label=_("โทรศัพท์"), share=1.4),
            ],
            rows=[
                [c.school.name, c.school.amphoe, c.head_name or "", _tied(phone_of(c))] for c in board.silent
            ],
            nothing=_("ตอบครบทุกโรงเรียน"),
        ),
    ]
    if event.closing_note:
        sections.append(ReportSection(title=_("สรุปเมื่อปิดเหตุ"), words=[event.closing_note]))
    return report(
        ReportPaper(
            office=office().name,
            title=_("รายงานสถานการณ์ %(title)s") % {"title": event.title},
            lines=lines,
            facts=[
                (_("ปิดเรียน"), str(whole.closed)),
                (_("เปิดบางส่วน"), str(whole.partly)),
                (_("เสียหาย"), str(board.damaged)),
                (_("นักเรียนเดือดร้อน"), thousands(people["pupils"])),
                (_("บาดเจ็บ / เสียชีวิต สูญหาย"), f"{people['hurt']} / {people['lost']}"),
            ],
            sections=[section for section in sections if section.columns or section.words],
            size=13,
            printed=_("พิมพ์เมื่อ %(at)s") % {"at": thai_datetime(now)},
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )


def _is_struck(call: Call) -> bool:
    said = call.latest
    return bool(
        said.state != SchoolState.OPEN
        or said.harms
        or said.needs
        or said.pupils
        or said.staff
        or said.is_grave
        or said.sheltered
    )


def _tied(phone: str) -> str:
    """A telephone number stays on one line."""
    return phone.replace(" ", "\u00a0")


def _row(call: Call) -> list[str]:
    said = call.latest
    state = [str(said.get_state_display())]
    if said.since:
        state.append(_("ตั้งแต่ %(day)s") % {"day": thai_day(said.since)})
    if said.until:
        state.append(_("คาดว่าเปิด %(day)s") % {"day": thai_day(said.until)})
    harm = [f"{what} {much}" for what, much in said.harms]
    if said.depth_cm:
        harm.insert(0, _("น้ำสูง %(n)d ซม.") % {"n": said.depth_cm})
    if said.damage_words:
        harm.append(said.damage_words)
    if said.baht:
        harm.append(_("%(n)s บาท") % {"n": thousands(said.baht)})
    people = [
        f"{label} {thousands(getattr(said, name))}"
        for name, label in (
            ("pupils", _("นักเรียน")), ("staff", _("บุคลากร")), ("hurt", _("บาดเจ็บ")), ("lost", _("เสียชีวิตหรือสูญหาย")), ("sheltered", _("พักพิง")),
        )
        if getattr(said, name)
    ]  # fmt: skip
    return [
        f"{call.school.name} {_('อ.%(name)s') % {'name': call.school.amphoe}}",
        " ".join(state),
        " · ".join(harm),
        " · ".join(people),
        ", ".join(said.need_words),
        " ".join(filter(None, [call.head_name, _tied(phone_of(call))])),
    ]
