"""The copy of a person's data reaches what hangs on the official too, and nobody else's."""

from __future__ import annotations

import json

from khet.base.org.testing import freshen
from khet.modules.staff.actions import add_part
from khet.modules.staff.models import Education


def test_a_copy_for_an_official_holds_person_and_service(area, client):
    teacher = area.officials["teacher"]
    add_part(
        actor=area.people["personnel"], official=teacher, model=Education, level="bachelor", degree="ศษ.บ."
    )
    client.force_login(area.accounts["personnel"])
    freshen(client)
    page = f"/privacy/copy/staff.official/{teacher.pk}/"
    answer = client.post(page, {"reason": "ครูยื่นคำขอเอง", "form": "json"})
    text = b"".join(answer.streaming_content).decode()
    tables = {one["table"] for one in json.loads(text)["holdings"]}
    assert {"บุคลากร", "ประวัติราชการ"} <= tables and "ศษ.บ." in text and "31344" in text
    assert "ชื่อteacher" in text and "ชื่อprincipal" not in text
    client.force_login(area.accounts["principal"])
    assert client.get(f"/privacy/copy/staff.official/{area.officials['stranger'].pk}/").status_code == 404
