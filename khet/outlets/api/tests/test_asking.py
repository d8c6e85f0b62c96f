"""What a school's program is answered: its own, page by page, recorded; nothing of another school."""

from __future__ import annotations

import pytest

from khet.base.privacy.models import Reading
from khet.modules.letters.actions import set_bureau
from khet.modules.letters.api import Receipt, send_ready
from khet.modules.students.models import Pupil
from khet.outlets.api.actions import make_token
from khet.outlets.api.tests.conftest import fresh


@pytest.fixture
def pupils(area):
    own = [area.pupil(n) for n in range(1, 6)]
    foreign = [area.pupil(n, area.other, first_name=f"ต่างโรงเรียน{n}") for n in range(6, 9)]
    Pupil.objects.filter(pk__in=[one.pk for one in foreign]).update(last_name="ลับของโรงเรียนอื่น")
    return own, foreign


def test_pupils_page_by_page_with_masked_numbers(ask, pupils):
    first = ask("pupils?size=2").json()
    assert (first["total"], len(first["rows"])) == (5, 2)
    last = ask("pupils?size=2&page=3").json()
    assert (len(last["rows"]), last["next"]) == (1, None)
    assert "page=2" in first["next"]
    assert all(row["citizen_id"].startswith("x-xxxx-xxxxx-") for row in first["rows"])


def test_every_pupil_read_is_recorded(ask, pupils, made):
    ask("pupils?size=3")
    rows = Reading.objects.filter(via="api")
    assert rows.count() == 3
    assert set(rows.values_list("person_id", flat=True)) == {made[0].person_id}
    assert made[0].name in rows.first().reason


def test_another_schools_pupil_is_not_found(ask, pupils):
    own, foreign = pupils
    assert ask(f"pupils/{own[0].pk}").status_code == 200
    assert ask(f"pupils/{foreign[0].pk}").status_code == 404
    assert not Reading.objects.filter(subject=f"students.pupil:{foreign[0].pk}").exists()


def test_no_word_of_another_school_in_any_answer(ask, pupils, area):
    _own, foreign = pupils
    paths = [
        "pupils",
        "pupils?page=2",
        "letters/waiting",
        "figures",
        "figures/pupils_by_grade",
        f"pupils/{foreign[0].pk}",
        "nothing",
        "pupils?size=x",
    ]
    for path in paths:
        text = ask(path).content.decode()
        assert "ลับของโรงเรียนอื่น" not in text
        assert "ต่างโรงเรียน" not in text
        assert area.other.smis8 not in text


def test_a_pupil_who_moved_away_is_no_longer_given(ask, pupils, area):
    own, _foreign = pupils
    Pupil.objects.filter(pk=own[0].pk).update(school=area.other)
    assert ask("pupils").json()["total"] == 4
    assert ask(f"pupils/{own[0].pk}").status_code == 404


def test_full_numbers_only_with_their_scope(client, area, clerk_word, pupils):
    account = area.accounts[clerk_word]
    post = area.actor(clerk_word).main_post
    role = post.roles.first()
    role.capabilities = [*role.capabilities, "students.read_ids"]
    role.save()
    _token, key = make_token(
        actor=fresh(area, clerk_word), unit=area.school.unit, name="x", scopes=["pupils.ids"], days=30
    )
    row = client.get("/api/v1/pupils", headers={"authorization": f"Bearer {key}"}).json()["rows"][0]
    assert "x" not in row["citizen_id"]
    assert "citizen_id" in Reading.objects.filter(via="api").first().what
    role.capabilities = [one for one in role.capabilities if one != "students.read_ids"]
    role.save()
    # The token lends no more than the person has today.
    answer = client.get("/api/v1/pupils", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 403
    assert account.is_active


@pytest.fixture
def letter(area):
    for number, unit in enumerate((area.office, area.school.unit, area.other.unit), start=1):
        set_bureau(
            actor=area.system,
            unit=unit,
            prefix="ศธ 04321",
            sub_prefix=f".{number:03d}",
            stamp_name=unit.short_name,
            address="ศรีธารา",
            phone="0 7400 0000",
        )

    def send(*schools):
        made = send_ready(
            actor=area.system,
            unit=area.office,
            subject="ซักซ้อมการส่งข้อมูล",
            to_text="โรงเรียน",
            units=[one.unit.pk for one in schools],
        )
        return made[0] if isinstance(made, tuple) else made

    return send


def test_a_waiting_letter_is_listed_and_registered_once(ask, letter, area, made):
    letter(area.school, area.other)
    (row,) = ask("letters/waiting").json()["rows"]
    assert row["title"] == "ซักซ้อมการส่งข้อมูล"
    done = ask(f"letters/{row['id']}/register", "post")
    assert done.status_code == 200, done.content.decode()
    assert done.json()["number"] == 1
    receipt = Receipt.objects.select_related("entry").get(pk=row["id"])
    assert receipt.registered_at
    assert receipt.entry.taken_by_id == made[0].person_id
    again = ask(f"letters/{row['id']}/register", "post")
    assert (again.status_code, again.json()["code"]) == (409, "letters.registered_already")
    other = Receipt.objects.get(unit=area.other.unit)
    assert ask(f"letters/{other.pk}/register", "post").status_code == 404
    other.refresh_from_db()
    assert other.registered_at is None
