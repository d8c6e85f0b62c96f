"""The pages: list, filter, detail, desk, board. Floor: their own SQL bare, and their words in a bare template."""

from __future__ import annotations

from bench.measure import Page, page, print_pages
from bench.world import account_of, sign_in


def _measure(rows: list[tuple[str, str, str]]) -> bool:
    found: list[Page] = [page(sign_in(who), name, who, url) for name, who, url in rows]
    return print_pages(found)


def lists() -> bool:
    return _measure(
        [
            ("letters, front", "saraban", "/letters/"),
            ("register of letters", "saraban", "/letters/registers/"),
            ("register of letters", "clerk", "/letters/registers/"),
            ("letters sent", "saraban", "/letters/sent/"),
            ("inbox, all", "saraban", "/letters/inbox/?tab=all"),
            ("inbox, waiting", "clerk", "/letters/inbox/"),
            ("schools", "director", "/register/schools/"),
            ("map of schools", "director", "/schools/map/"),
            ("people", "admin", "/office/people/"),
            ("pupils", "director", "/register/pupils/"),
            ("pupils of a school", "clerk", "/register/pupils/"),
            ("enrolments", "director", "/register/enrolments/"),
            ("articles", "director", "/register/articles/"),
            ("buildings", "director", "/register/buildings/"),
            ("officials", "head.personnel", "/register/officials/"),
            ("positions", "head.personnel", "/register/positions/"),
            ("villages", "director", "/register/villages/"),
            ("duties of a school", "principal", "/rounds/mine/"),
        ]
    )


def filters() -> bool:
    from khet.modules.letters.numbers import this_year

    last = this_year() - 1
    return _measure(
        [
            ("register, last year", "saraban", f"/letters/registers/?year={last}"),
            ("register, page deep", "saraban", f"/letters/registers/?year={last}&page=b500"),
            ("register, words", "saraban", "/letters/registers/?q=งบประมาณ"),
            ("register, words of none", "saraban", f"/letters/registers/?year={last}&q=ไม่มีคำนี้"),
            ("register, very urgent", "saraban", f"/letters/registers/?year={last}&speed=2"),
            ("register, cancelled", "saraban", f"/letters/registers/?year={last}&status=cancelled"),
            ("inbox, unanswered", "clerk", "/letters/inbox/?tab=unanswered"),
            ("schools, words", "director", "/register/schools/?q=ธาร"),
            ("schools, size", "director", "/register/schools/?size_class=1"),
            ("pupils, class", "director", "/register/pupils/?grade=p1"),
            ("pupils, words", "director", "/register/pupils/?q=มานะ"),
            ("articles, words of many", "director", "/register/articles/?q=โต๊ะ"),
            ("articles, words of few", "director", "/register/articles/?q=7440-001-0007"),
        ]
    )


def _letters() -> dict[str, int]:
    """A letter on its way, a circular of this month with answers, one of years ago, one that a school got."""
    from khet.kits.workflow.api import Run
    from khet.modules.letters.models import Letter, Receipt

    open_run = (
        Run.objects.filter(subject_label="letters.letter", closed_at__isnull=True).order_by("-pk").first()
    )
    circulars = Letter.objects.filter(is_circular=True, state="sent", answer_by__isnull=False)
    school = account_of("clerk").person.holdings.on().select_related("post").first().post.unit_id
    got = Receipt.objects.filter(unit_id=school, registered_at__isnull=False).order_by("-sent_at").first()
    return {
        "on its way": open_run.subject_id,
        "circular, new": circulars.order_by("-sent_at").first().pk,
        "circular, old": circulars.order_by("sent_at").first().pk,
        "received": got.letter_id,
    }


def _records() -> dict[str, int]:
    """A pupil, an article, the newest open yearly round with one school's sheet of it, the newest emergency."""
    from khet.kits.rounds.models import Return, Round
    from khet.modules.assets.models import Article
    from khet.modules.emergencies.models import Event
    from khet.modules.students.models import Pupil

    open_round = Round.objects.filter(state="open").order_by("-pk").first()
    school = account_of("principal").person.holdings.on().select_related("post").first().post.unit_id
    return {
        "pupil": Pupil.objects.filter(state="studying").order_by("-pk").first().pk,
        "article": Article.objects.order_by("-pk").first().pk,
        "round": open_round.pk,
        "return": Return.objects.filter(round=open_round, unit=school).order_by("place").first().pk,
        "event": Event.objects.order_by("-pk").first().pk,
    }


def details() -> bool:
    from khet.modules.letters.models import Entry
    from khet.modules.schools.models import School

    pks, records = _letters(), _records()
    school = School.objects.order_by("pk").first().pk
    entry = Entry.objects.filter(register__unit__kind="office").order_by("-pk").first().pk
    return _measure(
        [
            ("letter on its way", "director", f"/letters/{pks['on its way']}/"),
            ("circular of years ago", "saraban", f"/letters/{pks['circular, old']}/"),
            ("letter received", "clerk", f"/letters/{pks['received']}/"),
            ("row of a register", "saraban", f"/letters/registers/{entry}/"),
            ("school", "director", f"/register/schools/{school}/"),
            ("letters statistics", "saraban", "/letters/statistics/"),
            ("pupil", "director", f"/register/pupils/{records['pupil']}/"),
            ("article", "director", f"/register/articles/{records['article']}/"),
            ("confirm and certify", "principal", f"/rounds/returns/{records['return']}/"),
        ]
    )


def desks() -> bool:
    return _measure(
        [
            ("desk", "director", "/desk/"),
            ("director's desk", "director", "/desk/director/"),
            ("desk", "saraban", "/desk/"),
            ("desk", "clerk", "/desk/"),
            ("desk", "head.policy", "/desk/"),
            ("group desk", "head.policy", "/desk/group/"),
            ("load and time", "director", "/desk/statistics/"),
            ("notices", "saraban", "/notices/"),
        ]
    )


def boards() -> bool:
    pks, records = _letters(), _records()
    return _measure(
        [
            ("board, circular of this month", "saraban", f"/letters/{pks['circular, new']}/board/"),
            ("board, circular of years ago", "saraban", f"/letters/{pks['circular, old']}/board/"),
            ("board, those missing", "saraban", f"/letters/{pks['circular, new']}/board/?show=missing"),
            ("board of a round", "planner", f"/rounds/{records['round']}/"),
            ("findings of a round", "planner", f"/rounds/{records['round']}/findings/"),
            ("board of an emergency", "director", f"/emergencies/{records['event']}/"),
            ("yearly check of articles", "director", "/assets/checks/"),
            ("shortage of rooms", "director", "/assets/shortage/"),
            ("depreciation", "director", "/assets/depreciation/"),
        ]
    )
