"""Verbs of rounds: the only writers."""

from khet.kits.rounds.actions.checking import check_round, check_unit
from khet.kits.rounds.actions.closing import close, reopen
from khet.kits.rounds.actions.duties import assign_duty, drop_duty
from khet.kits.rounds.actions.findings import accept, explain, refuse, settle
from khet.kits.rounds.actions.forms import hand_in, save_answers, write_form
from khet.kits.rounds.actions.handing import certify, certify_on_paper, confirm, decline, start, submit
from khet.kits.rounds.actions.planning import change_round, open_round, plan_year
from khet.kits.rounds.actions.reminding import excuse, remind, remind_by_letter
from khet.kits.rounds.actions.verifying import exempt, give_back, unexempt, verify

__all__ = [
    "accept", "assign_duty", "certify", "certify_on_paper", "change_round", "check_round", "check_unit", "close", "confirm", "decline",
    "drop_duty", "excuse", "exempt", "explain", "give_back", "hand_in", "open_round", "plan_year", "refuse", "remind",
    "remind_by_letter", "reopen", "save_answers", "settle", "start", "submit", "unexempt", "verify", "write_form",
]  # fmt: skip
