"""What modules declare in ``personal.py``: about whom data is kept, and how long.

```python
subject_kind(SubjectKind("students.pupil", _("นักเรียน")))
retention(Retention(code="students.pupils", title=_("…"), basis=_("why, and by which law"), counts_from=_("วันที่ออกจากโรงเรียน"),
                    counter=_("คน"), effect=_("what goes and what stays"), years=10, least=5, due=how_many, forget=forget_pupils))
```
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from khet.base.lib.registry import Registry


@dataclass(frozen=True)
class SubjectKind:
    """A model whose records are people that may ask for a copy of what is kept about them.

    ``root`` names the field that leads to the record from which everything else hangs, where it is another one.
    """

    model: str
    title: Any
    root: str = ""


@dataclass(frozen=True)
class Retention:
    """Data that goes when its time is over. The office may set other ``years``, never under ``least``.

    ``due(before)`` tells how many (of ``counter``) it would take today, ``forget(actor=, before=)`` is the verb that does it, set-based,
    and returns how many; ``before`` is the day that lies ``years`` back.
    """

    code: str
    title: Any
    basis: Any
    counts_from: Any
    counter: Any
    effect: Any
    years: int
    least: int
    due: Callable[[date], int]
    forget: Callable[..., int]


subject_kinds: Registry[SubjectKind] = Registry("subject_kinds", "personal")
retentions: Registry[Retention] = Registry("retentions", "personal")


def subject_kind(kind: SubjectKind) -> SubjectKind:
    return subject_kinds.add(kind.model, kind)


def retention(one: Retention) -> Retention:
    return retentions.add(one.code, one)
