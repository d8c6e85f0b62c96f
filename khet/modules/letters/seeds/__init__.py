"""Letters of the demo office in every state, made through the verbs in the order of their days; every word is invented."""

from __future__ import annotations

from django.utils import timezone

from khet.base.org.world import World
from khet.modules.letters.actions import save_addressees
from khet.modules.letters.bulk import fill
from khet.modules.letters.seeds.circulars import circular
from khet.modules.letters.seeds.incoming import incoming, saraban_mornings
from khet.modules.letters.seeds.papers import bureaus, scanned
from khet.modules.letters.seeds.rare import special
from khet.modules.letters.seeds.story import Story
from khet.modules.letters.seeds.words import CIRCULARS, INCOMING


def demo(world: World) -> None:
    """The last weeks of correspondence, in every state there is; at the larger sizes after months or years of it."""
    story = Story(world)
    bureaus(world)
    # The past comes first: registers number in the order of their days.
    if world.size == "year":
        fill(world, letters=600, years=0.75)
    elif world.size == "full":
        fill(world, letters=100_000, years=5)
    story.scan = scanned("ส่งแบบรายงาน", "โรงเรียน", "", timezone.localdate(), world.office.name)
    saraban = "saraban"
    for row in CIRCULARS:
        circular(story, row)
    plan = [0, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 3, 9, 12]
    for number, row in enumerate(INCOMING):
        incoming(story, row, plan[number], paper=number < 7, minute=number)
    saraban_mornings(story, 18)
    special(story)
    story.when(
        story.moment(15, 10),
        lambda: save_addressees(
            actor=story.by(saraban), unit=world.office, name="โรงเรียนในพื้นที่น้ำท่วม",
            members=[school.pk for school in world.schools[:18]],
        ),
    )  # fmt: skip
    story.play()
