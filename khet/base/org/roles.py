"""The roles a new office starts with. Afterwards they are the office's own data."""

from __future__ import annotations

from django.utils.translation import override

from khet.base.org.choices import PostKind, Reach
from khet.base.org.models import Role
from khet.base.org.rules import Capability, capabilities

DEFAULT_ROLES: list[tuple[str, str, str]] = [
    ("director", "ผู้อำนวยการสำนักงานเขตพื้นที่", Reach.AREA),
    ("deputy", "รองผู้อำนวยการสำนักงานเขตพื้นที่", Reach.AREA),
    ("head", "หัวหน้ากลุ่ม", Reach.UNIT),
    ("officer", "เจ้าหน้าที่กลุ่ม", Reach.UNIT),
    ("saraban", "สารบรรณกลาง", Reach.UNIT),
    ("planner", "ผู้ดูแลข้อมูลโรงเรียน", Reach.AREA),
    ("personnel", "ผู้ดูแลข้อมูลบุคลากร", Reach.AREA),
    ("finance", "เจ้าหน้าที่การเงิน", Reach.AREA),
    ("auditor", "ผู้ตรวจสอบการเข้าใช้", Reach.AREA),
    ("admin", "ผู้ดูแลระบบ", Reach.AREA),
    ("principal", "ผู้อำนวยการสถานศึกษา", Reach.UNIT),
    ("school_clerk", "ธุรการโรงเรียน", Reach.UNIT),
    ("teacher", "ครู", Reach.UNIT),
    ("member", "สมาชิกทีมหรือคณะกรรมการ", Reach.UNIT),
]

#: The role that comes with a kind of post where none is named.
USUAL_ROLES: dict[str, str] = {
    PostKind.DIRECTOR: "director",
    PostKind.DEPUTY: "deputy",
    PostKind.HEAD: "head",
    PostKind.OFFICER: "officer",
    PostKind.PRINCIPAL: "principal",
    PostKind.VICE_PRINCIPAL: "principal",
    PostKind.CLERK: "school_clerk",
    PostKind.TEACHER: "teacher",
}


def ensure_roles() -> dict[str, Role]:
    """Create the default roles that are missing, each with the capabilities that name it as a default.

    A role that exists is left as the office made it.
    """
    roles = {role.code: role for role in Role.objects.all()}
    with override("th"):
        for code, name, reach in DEFAULT_ROLES:
            if code not in roles:
                granted = sorted(c.code for c in capabilities if code in c.roles)
                roles[code] = Role.objects.create(
                    code=code, name=name, reach=reach, capabilities=granted, offered=granted
                )
    return roles


def waiting_rights() -> list[tuple[Role, list[Capability]]]:
    """What this version would give to a role by default, and the office has neither given nor refused: (role, rights).

    An update gives nobody a right by itself: they show children's and salary data. An administrator decides once.
    """
    found = []
    for role in Role.objects.all():
        decided = {*role.offered, *role.capabilities}
        if rights := [c for c in capabilities if role.code in c.roles and c.code not in decided]:
            found.append((role, rights))
    return found
