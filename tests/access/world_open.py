"""What the outlets of data hold in the invented area: a province's format and export, tokens of two schools, an open data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khet.kits.rounds.models import Census
from khet.outlets.api.actions import make_token, publish
from khet.outlets.province.actions import keep_format, make
from khet.outlets.province.queries.formats import read_kept

if TYPE_CHECKING:
    from tests.access.world import World

FORMAT = """
code = "open-small"
version = "1"
name = "openO รูปแบบ"
file = "csv"
[[tables]]
name = "handed"
rows = "returns"
by = ["school"]
columns = [{ name = "unit", column = "school" }, { name = "n", count = true }]
"""


def add_open(world: World) -> None:
    """After the rounds: one of them is closed."""
    planner = world.actor("planner")
    kept = keep_format(actor=planner, text=FORMAT)
    world.put("province_format", "office", kept.pk)
    export = make(
        actor=planner, format=read_kept(kept), census=Census.objects.get(pk=world.objects["census"]["office"])
    )
    world.put("province_export", "office", export.pk)
    for where, word in {"own": "school_clerk", "foreign": "foreign_clerk"}.items():
        actor = world.actor(word)
        token, _key = make_token(
            actor=actor, unit=world.units[where], name=world.canary(where), scopes=["pupils.read"], days=90
        )
        world.put("api_token", where, token.pk)
    publish(actor=planner, codes=["pupils_by_stage"])
