"""What happens, day by day: acts planned at their moments and played in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from khet.base.lib.thai.calendar import is_working_day
from khet.base.org.api import Actor, Post, Unit
from khet.base.org.world import World, at
from khet.kits.workflow.api import Step, holidays
from khet.modules.letters.models import Letter
from khet.modules.letters.seeds.crowd import Crowd


class Story:
    """What happens, day by day, in the order of its moments."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = timezone.now()
        self.off = holidays()
        self.events: list[tuple[datetime, int, Callable[[], None], bool]] = []
        self.scan = b""
        self.crowd = Crowd(self)

    def moment(self, working_days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """An office hour some working days before today."""
        day = timezone.localdate(self.now)
        while working_days_ago > 0 or not is_working_day(day, self.off):
            day -= timedelta(days=1)
            if is_working_day(day, self.off):
                working_days_ago -= 1
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))

    def day_in(self, days: int) -> date:
        """A working day some days from today (before it, when negative)."""
        day = timezone.localdate(self.now) + timedelta(days=days)
        while not is_working_day(day, self.off):
            day += timedelta(days=1 if days >= 0 else -1)
        return day

    def when(self, moment: datetime, act: Callable[[], None], *, inside: bool = False) -> None:
        """Plan an act; what would lie in the future happened just now instead. ``inside`` the office: it neither
        reads nor numbers what schools do, so what they did until then may be written later."""
        moment = min(moment, self.now - timedelta(minutes=2))
        self.events.append((moment, len(self.events), act, inside))

    def play(self) -> None:
        """Play everything in order, including what is planned on the way."""
        while self.events:
            self.events.sort(key=lambda event: event[:2])
            moment, _number, act, inside = self.events.pop(0)
            with at(moment):
                if not inside:
                    self.crowd.settle(moment)
                act()
        self.crowd.settle(self.now)

    def by(self, word: str) -> Actor:
        return self.world.as_holder(word)

    def clerk(self, school: Unit) -> Actor:
        """Who does the letters of a school: its clerk, else its principal."""
        return self.world.as_holder(self.clerk_post(school))

    def clerk_post(self, school: Unit) -> Post:
        posts = self.world.posts
        return posts.get(f"clerk:{school.pk}") or posts[f"principal:{school.pk}"]

    def officer(self, group: str) -> str:
        return "planner" if group == "policy" else f"officer:{group}:1"

    def step(self, letter: Letter) -> Step:
        return Step.objects.select_related("run", "post", "unit").get(
            run__subject_label="letters.letter", run__subject_id=letter.pk, decided_at__isnull=True,
            part__in=["holder", "host"],
        )  # fmt: skip

    def holder(self, step: Step) -> Actor:
        return self.world.as_holder(step.post)
