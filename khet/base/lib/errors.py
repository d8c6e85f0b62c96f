"""Refusals: sentences a person can act on, with a stable code.

A ``Refusal`` says what stopped the act and what to do now. Views turn it into a page or a form error, the
command line into one line, the API into JSON; the status code travels with it.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An act refused by a rule. ``sentence`` is shown as it is; ``code`` is stable, like ``letters.number_taken``.

    ``field`` names the form field to which the sentence belongs, if any.
    """

    status = 400

    def __init__(
        self, sentence: Any, *, code: str = "refused", field: str | None = None, **facts: Any
    ) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.code = code
        self.field = field
        self.facts = facts


class Forbidden(Refusal):
    """The actor sees the record but may not do this to it; ``sentence`` names who can, where known."""

    status = 403
    is_journaled = False  # set where it is written down, so that it is written once


class NotFound(Refusal):
    """Outside the actor's scope, or absent: the two are not told apart."""

    status = 404


class Conflict(Refusal):
    """Somebody else changed the record, or the act was done already."""

    status = 409


class FreshSignInNeeded(Refusal):
    """The act needs a sign-in of the last few minutes (signing, payroll, roles, mass export)."""

    status = 401
