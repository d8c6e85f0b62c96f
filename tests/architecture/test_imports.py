"""The arrows between folders and apps, checked on the import graph; each guard is shown to bite."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
DOORS = {"api", "bases", "choices"}
# Declarations that the frame itself imports by name, and the site, which joins everything.
OPEN = ("khet.base",)


def app_of(module: str) -> str | None:
    """``khet.kits.files.models`` → ``khet.kits.files``; None above the apps."""
    parts = module.split(".")
    return (
        ".".join(parts[:3])
        if len(parts) >= 3 and parts[1] in {"base", "kits", "modules", "outlets"}
        else None
    )


def side_doors(graph: grimp.ImportGraph) -> list[str]:
    """Imports between apps that do not go through a door. Everything in base is open."""
    wrong = []
    for importer in sorted(graph.modules):
        home = app_of(importer)
        if home is None or ".tests" in importer:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            target = app_of(imported)
            if target is None or target == home or imported.startswith(OPEN):
                continue
            rest = imported.split(".")[3:]
            if not rest or rest[0] not in DOORS:
                wrong.append(f"{importer} → {imported}")
    return wrong


def test_strangers_enter_by_the_doors():
    assert side_doors(grimp.build_graph("khet", cache_dir=None)) == []


def test_a_side_door_is_seen():
    graph = grimp.build_graph("khet", cache_dir=None)
    graph.add_import(importer="khet.modules.letters.queries", imported="khet.modules.schools.models")
    assert "khet.modules.letters.queries → khet.modules.schools.models" in side_doors(graph)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", command, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        timeout=120,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    shutil.copytree(
        ROOT / "khet",
        folder / "khet",
        ignore=lambda _d, names: [n for n in names if n in {"tests", "static", "templates", "__pycache__"}],
    )
    shutil.copy(ROOT / ".importlinter", folder / ".importlinter")
    return folder


def test_the_folders_import_only_upwards_in_the_listing(copy):
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("khet/kits/files/apps.py", "import khet.modules.schools.apps"),
        ("khet/base/journal/apps.py", "import khet.base.org.apps"),
        ("khet/modules/schools/apps.py", "import khet.modules.letters.apps"),
        ("khet/kits/workflow/apps.py", "import khet.kits.register.apps"),
        ("khet/modules/stranger/__init__.py", ""),
    ],
    ids=["kit imports module", "base upward", "module upward", "sibling kits", "an app nobody listed"],
)
def test_a_planted_arrow_breaks_the_build(copy, path, line):
    file = copy / path
    existed = file.exists()
    before = file.read_text() if existed else ""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{before}\n{line}\n")
    try:
        result = lint(copy)
        assert result.returncode != 0, "the planted fault went through"
        assert "BROKEN" in result.stdout or "not listed as layers" in result.stdout + result.stderr
    finally:
        if existed:
            file.write_text(before)
        else:
            shutil.rmtree(file.parent)
