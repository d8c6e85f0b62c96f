"""Schools as symbols: the shape says the levels taught, the size how many pupils, a number which network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from khet.modules.emergencies.choices import SILENT, SchoolState
from khet.modules.schools.api import School
from khet.modules.schools.choices import EXTENDED, Levels, Size
from khet.outlets.maps.drawing.canvas import Canvas, Sign, colour
from khet.outlets.maps.drawing.classes import classes_of

# Half the width of a symbol by size of school, in units of the picture.
REACH = {1: 4.0, 2: 5.2, 3: 6.4, 4: 7.8, 5: 9.4, 6: 11.0, 7: 12.0}
UNKNOWN = 3.2
SECONDARY = (Levels.L, Levels.LU, Levels.U)

Spot = tuple[float, float]


def kind_of(levels: str) -> str:
    """``primary`` circle, ``extended`` square, ``secondary`` triangle."""
    if levels in EXTENDED or levels in (Levels.KU, Levels.PU):
        return "extended"
    return "secondary" if levels in SECONDARY else "primary"


KINDS = {"primary": "chart-1", "extended": "chart-2", "secondary": "chart-3"}


def kind_words(kind: str) -> str:
    return {
        "primary": _("อนุบาล–ประถม"),
        "extended": _("ขยายโอกาส"),
        "secondary": _("มัธยมศึกษา"),
    }[kind]


def symbol(
    kind: str, x: float, y: float, reach: float, *, sure: bool = True, fill: str = "", ink: str = "surface"
) -> str:
    """One school: filled where its position is confirmed, hollow where it is not."""
    tone = colour(fill or KINDS[kind])
    look = f'fill="{tone}" stroke="{colour(ink)}" stroke-width="1"' if sure else (
        f'fill="{colour("surface")}" stroke="{tone}" stroke-width="2"'
    )  # fmt: skip
    state = f'class="map-dot map-dot-{kind}{"" if sure else " is-estimated"}"'
    if kind == "extended":
        side = reach * 0.9
        return f'<rect {state} x="{x - side:.1f}" y="{y - side:.1f}" width="{2 * side:.1f}" height="{2 * side:.1f}" {look}/>'
    if kind == "secondary":
        return f'<path {state} d="M{x:.1f} {y - reach * 1.2:.1f}l{reach * 1.15:.1f} {reach * 2:.1f}h{-reach * 2.3:.1f}z" {look}/>'
    return f'<circle {state} cx="{x:.1f}" cy="{y:.1f}" r="{reach:.1f}" {look}/>'


def titled(school: School, drawn: str, more: str = "") -> str:
    """With the name that a pointer or a screen reader hears."""
    words = f"{school.name} {more}".strip()
    return f"<g><title>{_escape(words)}</title>{drawn}</g>"


def _escape(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def by_size_and_level(
    canvas: Canvas, schools: Sequence[School], spots: Sequence[Spot], *, sized: bool
) -> list[Sign]:
    """Shape and colour by level; with ``sized`` also as large as the school. Large ones lie under small ones."""
    rows = [
        (kind_of(school.levels), REACH.get(school.size or 0, UNKNOWN) if sized else 5.2, school, spot)
        for school, spot in zip(schools, spots, strict=True)
    ]
    rows.sort(key=lambda row: (-row[1], row[2].smis8, row[2].pk))
    for kind, reach, school, (x, y) in rows:
        canvas.parts.append(
            titled(school, symbol(kind, x, y, reach, sure=school.position_confirmed), _pupils(canvas, school))
        )
    kinds = {row[0] for row in rows}
    signs = [Sign(symbol(kind, 0, 0, 5.2), kind_words(kind)) for kind in KINDS if kind in kinds]
    if sized:
        sizes = sorted({school.size for school in schools if school.size})
        signs += [Sign(_ring(min(REACH[size], 8)), canvas_words(canvas, Size(size).label)) for size in sizes]
    return signs


def canvas_words(canvas: Canvas, words: object) -> str:
    """Words in the digits of the paper."""
    return "".join(canvas.number(int(c)) if c.isascii() and c.isdigit() else c for c in str(words))


def _pupils(canvas: Canvas, school: School) -> str:
    return _("%(n)s คน") % {"n": canvas.number(school.pupils)} if school.pupils is not None else ""


def _ring(reach: float) -> str:
    return f'<circle class="map-ring" cx="0" cy="0" r="{reach:.1f}" fill="none" stroke="{colour("ink-3")}" stroke-width="1.4"/>'


def by_network(
    canvas: Canvas, schools: Sequence[School], spots: Sequence[Spot], networks: Mapping[int, str]
) -> list[Sign]:
    """A number in every symbol says the network: a dozen colours could not be told apart."""
    names = sorted({networks[school.pk] for school in schools if networks.get(school.pk)})
    numbers = {name: canvas.number(n) for n, name in enumerate(names, start=1)}
    for school, (x, y) in sorted(zip(schools, spots, strict=True), key=lambda row: (row[0].smis8, row[0].pk)):
        mark = numbers.get(networks.get(school.pk, ""), "–")
        canvas.parts.append(titled(school, _numbered(x, y, mark), networks.get(school.pk, "")))
    return [Sign(_numbered(0, 0, numbers[name]), name) for name in names]


def _numbered(x: float, y: float, mark: str) -> str:
    size = 9 if len(mark) > 1 else 10
    return (
        f'<circle class="map-dot map-dot-primary" cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{colour("chart-1")}" '
        f'stroke="{colour("surface")}" stroke-width="1"/><text class="map-on-4" x="{x:.1f}" y="{y + size * 0.34:.1f}" '
        f'font-family="Sarabun, sans-serif" font-size="{size}" font-weight="600" fill="{colour("on-accent")}" '
        f'text-anchor="middle">{mark}</text>'
    )


def by_class(
    canvas: Canvas,
    schools: Sequence[School],
    spots: Sequence[Spot],
    values: Mapping[str, float | None],
    decimals: int,
) -> list[Sign]:
    """Four steps of one colour and of size; a school without a figure is a small ring. ``values`` by SMIS code."""
    shown = {code: value for code, value in values.items() if value is not None}
    scale = classes_of((shown[s.smis8] for s in schools if s.smis8 in shown), 4, decimals)
    signs: list[Sign] = []
    rows = sorted(
        zip(schools, spots, strict=True),
        key=lambda row: (-shown.get(row[0].smis8, -1e300), row[0].smis8, row[0].pk),
    )
    for school, (x, y) in rows:
        if scale is None or school.smis8 not in shown:
            canvas.parts.append(titled(school, _nothing(x, y)))
            continue
        step = _spread(scale.of(shown[school.smis8]), scale.count)
        canvas.parts.append(
            titled(school, _stepped(x, y, step), canvas.number(shown[school.smis8], decimals))
        )
    if scale is not None:
        signs += [
            Sign(_stepped(0, 0, _spread(n, scale.count)), scale.words(n, canvas.thai_digits))
            for n in range(scale.count - 1, -1, -1)
        ]
    if any(school.smis8 not in shown for school in schools):
        signs.append(Sign(_nothing(0, 0), _("ไม่มีข้อมูล")))
    return signs


# From what matters least to what lies on top.
_STATES = ("silent", SchoolState.OPEN, SchoolState.PARTLY, SchoolState.CLOSED)


def by_state(
    canvas: Canvas, schools: Sequence[School], spots: Sequence[Spot], states: Mapping[int, str]
) -> list[Sign]:
    """What the schools of an emergency said: empty ring, full disc, half disc, triangle. Readable without colour."""
    rows = [(school, spot) for school, spot in zip(schools, spots, strict=True) if school.pk in states]
    rows.sort(key=lambda row: (_STATES.index(states[row[0].pk]), row[0].smis8, row[0].pk))
    for school, (x, y) in rows:
        state = states[school.pk]
        canvas.parts.append(titled(school, _reported(state, x, y), _state_words(state)))
    said = {states[school.pk] for school, _spot in rows}
    return [Sign(_reported(state, 0, 0), _state_words(state)) for state in reversed(_STATES) if state in said]


def _state_words(state: str) -> str:
    return str(SILENT if state == "silent" else SchoolState(state).label)


def _reported(state: str, x: float, y: float) -> str:
    kind, paper = f'class="map-reported is-{state}"', colour("surface")
    if state == SchoolState.CLOSED:
        return f'<path {kind} d="M{x:.1f} {y - 8:.1f}l8 14h-16z" fill="{colour("alert")}" stroke="{paper}" stroke-width="1"/>'
    if state == SchoolState.PARTLY:
        ink = colour("wait-fill")
        return (
            f'<g {kind}><circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{paper}" stroke="{ink}" stroke-width="1.8"/>'
            f'<path d="M{x:.1f} {y - 6:.1f}a6 6 0 0 1 0 12z" fill="{ink}"/></g>'
        )
    if state == SchoolState.OPEN:
        return f'<circle {kind} cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colour("done-fill")}" stroke="{paper}" stroke-width="1"/>'
    return f'<circle {kind} cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{paper}" stroke="{colour("ink-3")}" stroke-width="2"/>'


def _spread(index: int, count: int) -> int:
    return 2 if count == 1 else round(index * 3 / (count - 1))


def _stepped(x: float, y: float, step: int) -> str:
    return (
        f'<circle class="map-step map-class-{step + 1}" cx="{x:.1f}" cy="{y:.1f}" r="{4 + step * 1.4:.1f}" '
        f'fill="{colour(f"map-{step + 1}")}" stroke="{colour("ink-2")}" stroke-width="1"/>'
    )


def _nothing(x: float, y: float) -> str:
    return (
        f'<circle class="map-nothing" cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour("surface")}" '
        f'stroke="{colour("line-field")}" stroke-width="1.2" stroke-dasharray="2 1.5"/>'
    )


def dot_sign(*, estimated: bool) -> Sign:
    """Hollow: the position is not confirmed."""
    return Sign(symbol("primary", 0, 0, 5.2, sure=not estimated), _("ยังไม่ยืนยันพิกัด") if estimated else "")
