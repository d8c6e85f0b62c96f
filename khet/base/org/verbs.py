"""Verbs: the only writers. One decorator opens the transaction, asks ``can``, runs, and writes the journal.

    @verb("letters.receive", _("ลงรับหนังสือ"), on="unit")
    def receive(*, actor, unit, subject, ...):
        ...
        entry().on(letter)
        return letter

``on`` names the keyword argument to which the capability applies (a record or a Unit); without it the
capability must be held somewhere. Every argument is by keyword. Verbs may call verbs: all of it is one
transaction, each writes its own journal entry, and the chain is extended once, just before the commit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import override

from khet.base.journal.api import Draft, append
from khet.base.lib.errors import Forbidden, FreshSignInNeeded, Refusal
from khet.base.lib.registry import Registry
from khet.base.org.actors import Actor
from khet.base.org.models import Unit
from khet.base.org.rules import demand

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Verb:
    """A declared act: its capability code (``code``), its words, what it applies to."""

    code: str
    label: Any
    capability: str
    on: str | None
    fresh: bool
    function: Callable[..., Any]


verbs: Registry[Verb] = Registry("verbs", drawer="actions")


@dataclass
class _Run:
    drafts: list[Draft] = field(default_factory=list)
    stack: list[Draft] = field(default_factory=list)


_current: ContextVar[_Run | None] = ContextVar("khet_verb", default=None)


def entry() -> Draft:
    """The journal entry of the running verb, to name its subject and facts."""
    run = _current.get()
    if run is None or not run.stack:
        raise RuntimeError("entry() outside a verb")
    return run.stack[-1]


def save(record: models.Model, **values: Any) -> dict[str, list[Any]]:
    """Set and save only what differs, and write before and after into the running verb's journal entry.

    Fields named in the model's ``masked_fields`` are journaled as changed without their values.
    """
    masked = set(getattr(record, "masked_fields", ()))
    changed: dict[str, list[Any]] = {}
    for name, after in values.items():
        attribute = record._meta.get_field(name).attname
        before = getattr(record, attribute)
        setattr(record, name, after)
        after_value = getattr(record, attribute)
        if before != after_value:
            changed[name] = ["…", "…"] if name in masked else [before, after_value]
    if changed:
        record.save(update_fields=[*changed])
        draft = entry()
        for name, (before, after_value) in changed.items():
            draft.changed(name, before, after_value)
    return changed


def refused(actor: Actor, code: str, target: models.Model | None, why: Refusal) -> None:
    """Journal a refusal for lack of right, once, in a transaction of its own."""
    if not isinstance(why, Forbidden) or why.is_journaled:
        return
    why.is_journaled = True
    with transaction.atomic():
        draft = _draft(actor, "refused", f"ถูกปฏิเสธ: {code}")
        if target is not None:
            draft.on(target)
        draft.tell(code=code)
        append([draft])


def _draft(actor: Actor, code: str, sentence: Any) -> Draft:
    with override("th"):
        phrases = {c.phrase for c in actor.capacities if c.phrase}
        return Draft(
            verb=code,
            sentence=str(sentence),
            actor_id=actor.account.pk if actor.account else None,
            actor_name=actor.name,
            acting_for=", ".join(sorted(phrases))[:200],
            unit_id=actor.unit.pk if actor.unit else None,
            address=actor.address,
        )


def verb(
    code: str, label: Any, *, capability: str | None = None, on: str | None = None, fresh: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a verb. ``capability`` defaults to ``code``; ``""`` means the function itself decides.

    ``fresh`` demands a sign-in within the last few minutes (see ``base.signin``).
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        needed = code if capability is None else capability

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{code}: verbs take keyword arguments only")
            actor: Actor = kwargs["actor"]
            target = kwargs.get(on) if on else None
            outer = _current.get()
            try:
                if needed:
                    demand(actor, needed, target)
                if fresh and not actor.is_system and not actor.fresh_sign_in:
                    raise FreshSignInNeeded("ยืนยันตัวตนอีกครั้งก่อนทำรายการนี้", code="fresh_sign_in_needed")
            except Forbidden as why:
                if outer is None:
                    refused(actor, needed, target if isinstance(target, models.Model) else None, why)
                raise
            state = outer or _Run()
            draft = _draft(actor, code, label)
            if isinstance(target, models.Model):
                draft.on(target)
                if isinstance(target, Unit):
                    draft.unit_id = target.pk
            token = _current.set(state) if outer is None else None
            drafts_before = len(state.drafts)
            state.stack.append(draft)
            state.drafts.append(draft)
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    if outer is None:
                        append(state.drafts)
                return result
            except ValidationError as why:
                del state.drafts[drafts_before:]
                raise Refusal("; ".join(why.messages), code="invalid") from why
            except BaseException:
                del state.drafts[drafts_before:]
                raise
            finally:
                state.stack.pop()
                if token is not None:
                    _current.reset(token)

        verbs.add(code, Verb(code, label, needed, on, fresh, run))
        return run

    return decorate
