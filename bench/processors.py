"""Processor time of everything that works for a case: Python, its ended children, and the database's processes.

On a machine that others load, the clock says little; these seconds stay comparable.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None


def of_tree(root: int) -> float:
    """CPU seconds of a process, its living descendants and its buried children."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit() and (fields := _stat(int(one.name))):
            parents.setdefault(int(fields[1]), []).append(int(one.name))
            spent[int(one.name)] = sum(map(int, fields[11:15])) / TICK
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        total += spent.get(pid, 0.0)
        waiting += parents.get(pid, [])
    return total


@dataclass(frozen=True)
class Spent:
    """Seconds: on the clock, of this process, of its ended children, of the database."""

    wall: float = 0.0
    own: float = 0.0
    children: float = 0.0
    database: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.wall + other.wall,
            self.own + other.own,
            self.children + other.children,
            self.database + other.database,
        )

    def __sub__(self, other: Spent) -> Spent:
        return Spent(
            self.wall - other.wall,
            self.own - other.own,
            self.children - other.children,
            self.database - other.database,
        )

    @property
    def work(self) -> float:
        """All processor seconds."""
        return self.own + self.children + self.database

    def __str__(self) -> str:
        return (
            f"{self.wall:6.2f} s clock, {self.work:6.2f} s processor "
            f"({self.own:.2f} own + {self.children:.2f} children + {self.database:.2f} database)"
        )


def now(postmaster: int | None) -> Spent:
    """What has been spent so far; ``postmaster`` is the database's first process, when there is one."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(
        time.monotonic(),
        own.ru_utime + own.ru_stime,
        children.ru_utime + children.ru_stime,
        of_tree(postmaster) if postmaster else 0.0,
    )


def measured(postmaster: int | None, act: Callable[[], Any]) -> tuple[Any, Spent]:
    """What ``act`` returns, and what it cost."""
    before = now(postmaster)
    result = act()
    return result, now(postmaster) - before
