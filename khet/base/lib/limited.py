"""Foreign files are opened in a child process that cannot take the machine with it.

The child limits its own memory, processor time, open files and writing before it looks at the file, works
without secrets in its environment, and is killed when it overstays. A crash of the child is a refusal, not a
crash of the server.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# Two at once per server process: each may take its whole allowance of memory.
_places = threading.BoundedSemaphore(2)


class ChildStopped(Exception):
    """The child ended without an answer; ``reason`` is ``memory``, ``time`` or ``crash``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def run(module: str, arguments: list[str], *, seconds: float, stdin: bytes | None = None) -> bytes:
    """Run ``python -m module arguments`` and give back what it wrote. The module must call ``limit_self`` first.

    Raises ``ChildStopped``.
    """
    with _places:
        child = subprocess.Popen(
            [sys.executable, "-I", "-W", "ignore", "-m", module, *arguments],
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"LANG": "C.UTF-8", "PATH": os.defpath, "MALLOC_ARENA_MAX": "2"},
            close_fds=True,
        )
        try:
            out, err = child.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise ChildStopped("time") from None
        except BaseException:
            child.kill()
            child.communicate()
            raise
    if child.returncode == 0:
        return out
    said = err.decode("utf-8", "replace")[-800:]
    # SIGXCPU, or SIGKILL from the hard limit; SIGABRT is a Rust program out of memory.
    if child.returncode in (-24, -9):
        raise ChildStopped("time", said)
    if child.returncode == -6 or "memory" in said.lower():
        raise ChildStopped("memory", said)
    raise ChildStopped("crash", said)


def limit_self(*, memory: int, seconds: int) -> None:
    """For the child: at most ``memory`` bytes of address space and ``seconds`` of processor; no file is written."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


@contextlib.contextmanager
def as_path(source: str | os.PathLike[str] | bytes | BinaryIO) -> Iterator[Path]:
    """The source as a file on disk: a path stays, bytes or an open file are copied for the while."""
    if isinstance(source, str | os.PathLike):
        yield Path(source)
        return
    with tempfile.NamedTemporaryFile(prefix="khet-") as copy:
        if isinstance(source, bytes | bytearray | memoryview):
            copy.write(source)
        else:
            source.seek(0)
            while block := source.read(1 << 20):
                copy.write(block)
        copy.flush()
        yield Path(copy.name)
