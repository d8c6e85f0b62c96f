"""A small cast: an office with a registry and a group, two schools; everyone by their post."""

from __future__ import annotations

from types import SimpleNamespace

from khet.base.org.actions import add_person, add_post, add_unit, appoint, group_units
from khet.base.org.api import Actor, ensure_roles
from khet.modules.letters.actions import set_bureau
from tests.built_once import built_once


def build_cast():
    """Units and actors by short names: ``cast.office``, ``cast.saraban``, ``cast.clerk`` (of ``cast.school``) …"""
    system = Actor.system()
    roles = ensure_roles()
    made = SimpleNamespace(system=system, roles=roles, posts={}, people={})

    def unit(kind, code, name, short, parent=None):
        return add_unit(actor=system, kind=kind, code=code, name=name, short_name=short, parent=parent)

    made.office = unit("office", "9902", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2", "สพป.ศรีธารา เขต 2")
    made.group = unit("group", "g-policy", "กลุ่มนโยบายและแผน", "นโยบายและแผน", made.office)
    made.other_group = unit("group", "g-legal", "กลุ่มกฎหมายและคดี", "กฎหมาย", made.office)
    made.school = unit("school", "s1", "โรงเรียนบ้านธารทอง", "บ้านธารทอง", made.office)
    made.other_school = unit("school", "s2", "โรงเรียนวัดลานสน", "วัดลานสน", made.office)
    made.network = unit("network", "n1", "เครือข่ายธารทอง", "ธารทอง", made.office)
    group_units(actor=system, group=made.network, members=[made.school, made.other_school])

    def staff(key, unit, kind, title, *codes, name=None):
        post = add_post(
            actor=system,
            unit=unit,
            kind=kind,
            title=title,
            short_title=title,
            roles=[roles[c] for c in codes],
        )
        person = add_person(actor=system, title="นาย", first_name=name or key, last_name="ทดสอบ")
        appoint(actor=system, post=post, person=person)
        made.posts[key], made.people[key] = post, person

    staff("director", made.office, "director", "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "director")
    staff("deputy", made.office, "deputy", "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "deputy")
    staff("saraban", made.office, "officer", "สารบรรณกลาง", "saraban")
    staff("head", made.group, "head", "หัวหน้ากลุ่มนโยบายและแผน", "head")
    staff("officer", made.group, "officer", "นักวิเคราะห์นโยบายและแผน", "officer")
    staff("stranger", made.other_group, "officer", "นิติกร", "officer")
    staff("principal", made.school, "principal", "ผู้อำนวยการโรงเรียนบ้านธารทอง", "principal")
    staff("clerk", made.school, "clerk", "ธุรการโรงเรียนบ้านธารทอง", "school_clerk")
    staff("teacher", made.school, "teacher", "ครู", "teacher")
    staff("other_principal", made.other_school, "principal", "ผู้อำนวยการโรงเรียนวัดลานสน", "principal")
    staff("other_clerk", made.other_school, "clerk", "ธุรการโรงเรียนวัดลานสน", "school_clerk")
    made.group.overseer = made.posts["deputy"]
    made.group.save()
    set_bureau(actor=system, unit=made.office, prefix="ศธ 04321", stamp_name="สพป.ศรีธารา เขต 2")
    set_bureau(actor=system, unit=made.school, prefix="ศธ 04321", sub_prefix=".012")
    set_bureau(actor=system, unit=made.other_school, prefix="ศธ 04321", sub_prefix=".013")

    def actor(key, fresh=False):
        found = Actor.of(made.people[key])
        found.fresh_sign_in = fresh
        return found

    made.actor = actor
    return made


built, cast = built_once(build_cast)
