"""What a list holds, a page opens, search finds and a file gives: the same answer four times."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khet.base.org.api import can, visible
from khet.kits.files.api import attachments
from khet.kits.search.api import find
from khet.kits.workflow.models import Run
from khet.modules.letters.models import Letter
from khet.modules.schools.models import School
from tests.access.visit import body_of, enter, undone
from tests.access.world import ROLES

PEOPLE = [role for role in ROLES if role not in {"anonymous", "suspended"}]
few = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def found(actor, kind: str, words: str) -> set[int]:
    return {hit.pk for group in find(actor, words, only=[kind]).groups for hit in group.hits}


@few
@given(role=st.sampled_from(PEOPLE), number=st.integers(0, 10_000))
def test_letters(world, role, number):
    letters = list(Letter.objects.order_by("pk"))
    letter = letters[number % len(letters)]
    actor = world.actor(role)
    client = enter(world, role)
    seen = visible(actor, Letter.objects.filter(pk=letter.pk)).exists()
    with undone():
        status = client.get(f"/letters/{letter.pk}/").status_code
    assert (status == 200) == seen, (role, letter.pk, status)
    words = letter.number_text if letter.is_secret else letter.subject.split()[0]
    if words:
        assert (letter.pk in found(actor, "letters", words)) == seen, (role, words)
    file = attachments(letter).first()
    if file is not None:
        with undone():
            answer = client.get(f"/files/{file.public_id}/{file.name}")
            body_of(answer)
        assert (answer.status_code == 200) == can(actor, "letters.read", letter), (role, letter.pk)
        assert seen or answer.status_code == 404


@few
@given(role=st.sampled_from(PEOPLE), where=st.sampled_from(["own", "foreign", "far"]))
def test_schools(world, role, where):
    school = world.schools[where]
    actor = world.actor(role)
    client = enter(world, role)
    seen = visible(actor, School.objects.filter(pk=school.pk)).exists()
    assert (client.get(f"/register/schools/{school.pk}/").status_code == 200) == seen
    assert (school.pk in found(actor, "schools", school.smis8)) == seen
    listed = body_of(client.get("/register/schools/"))
    assert (f"/register/schools/{school.pk}/".encode() in listed) == seen
    if where in world.objects["photo"]:
        photo = world.objects["photo"][where]
        answer = client.get(f"/files/{photo['public_id']}/{photo['name']}")
        body_of(answer)
        assert (answer.status_code == 200) == seen


@few
@given(role=st.sampled_from(PEOPLE), number=st.integers(0, 10_000))
def test_runs(world, role, number):
    runs = list(Run.objects.order_by("pk"))
    run = runs[number % len(runs)]
    actor = world.actor(role)
    client = enter(world, role)
    seen = visible(actor, Run.objects.filter(pk=run.pk)).exists()
    with undone():
        assert (client.get(f"/workflow/{run.pk}/").status_code == 200) == seen
    if actor.has("desk.use"):
        listed = body_of(client.get("/desk/matters/", {"show": "all"})).decode()
        assert (run.title in listed) == seen, (role, run.title)
