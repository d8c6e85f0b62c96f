"""Every case of ``tests/reliability.toml`` that is demanded has its proof, and every proof named exists."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import bench.faults.__main__ as faults
from bench.__main__ import APART, CASES

ROOT = Path(__file__).parents[2]


def table() -> dict[str, Any]:
    return tomllib.loads((ROOT / "tests" / "reliability.toml").read_text(encoding="utf-8"))


def spelled_out(words: str) -> list[str]:
    """``L12-L14 F1`` as L12, L13, L14, F1."""
    found = []
    for word in words.split():
        first, _dash, last = word.partition("-")
        letter, start = first[0], int(first[1:])
        found += [f"{letter}{number}" for number in range(start, int(last[1:] if last else start) + 1)]
    return found


@cache
def functions(file: str) -> set[str]:
    """The test functions of a file that no mark sends past a run."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not any(
            re.search(r"mark\.(skip|skipif|xfail)\b", ast.unparse(mark)) for mark in node.decorator_list
        )
    }


def missing(known: dict[str, Any]) -> list[str]:
    """What is wrong with a table, in words."""
    cases = {name: row for name, row in known.items() if isinstance(row, dict)}
    proved = [code for name in cases for code in spelled_out(name)]
    wrong = [
        f"{code} is demanded and has no proof"
        for code in spelled_out(known["demanded"])
        if code not in proved
    ]
    wrong += [f"{code} stands twice" for code in set(proved) if proved.count(code) > 1]
    for name, row in cases.items():
        if not row.get("tests") and not row.get("bench"):
            wrong.append(f"{name} names neither test nor measurement")
        for node in row.get("tests", []):
            file, _colons, function = node.partition("::")
            if not (ROOT / file).is_file():
                wrong.append(f"{name}: no file {file}")
            elif function not in functions(file):
                wrong.append(f"{name}: no test {function} in {file}")
        if measured := row.get("bench"):
            case, _colon, fault = measured.partition(":")
            if case not in CASES | APART or (fault and not callable(getattr(faults, fault, None))):
                wrong.append(f"{name}: no measurement {measured}")
    return wrong


def test_every_demanded_case_has_a_proof_that_exists():
    assert missing(table()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"B53": {"tests": ["tests/access/test_matrix.py::test_nothing"]}}, "no test test_nothing"),
        ({"B53": {"tests": ["tests/access/gone.py::test_cells"]}}, "no file tests/access/gone.py"),
        ({"B53": {}}, "neither test nor measurement"),
        ({"L3": {"bench": "guessing"}}, "no measurement guessing"),
        ({"demanded": "B1-B60"}, "B55 is demanded and has no proof"),
        ({"F1-F2": {"bench": "list"}}, "F1 stands twice"),
    ],
)
def test_the_guard_bites(change, told):
    assert any(told in line for line in missing(table() | change))
