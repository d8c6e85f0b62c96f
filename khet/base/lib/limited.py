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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

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
        child = _begun(
            module,
            arguments,
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
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
    raise _stopped(child.returncode, err.decode("utf-8", "replace"))


def _begun(module: str, arguments: list[str], *, stdin: int, stderr: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-W", "ignore", "-m", module, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env={"LANG": "C.UTF-8", "PATH": os.defpath, "MALLOC_ARENA_MAX": "2"},
        close_fds=True,
    )


def _stopped(code: int, said: str) -> ChildStopped:
    said = said[-800:]
    # SIGXCPU, or SIGKILL from the hard limit; SIGABRT is a Rust program out of memory.
    if code in (-24, -9):
        return ChildStopped("time", said)
    if code == -6 or "memory" in said.lower():
        return ChildStopped("memory", said)
    return ChildStopped("crash", said)


class Standing:
    """A child that answers one request after the other until it is left: what it loads is loaded once. The module must call
    ``limit_self`` and then ``answer_each``. Not for the requests of two threads at once.

    Its memory returns to the machine when it is left. It is begun at the first request, and after it stopped at the next one.
    """

    def __init__(self, module: str, arguments: list[str], *, seconds: float) -> None:
        """``seconds`` by the clock are allowed to each request."""
        self._module, self._arguments, self._seconds = module, arguments, seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._heard: _Heard | None = None

    def __enter__(self) -> Standing:
        return self

    def __exit__(self, *_why: object) -> None:
        self._end()

    def ask(self, request: bytes) -> bytes:
        """The answer to a request of one line. Raises ``ChildStopped``."""
        if self._child is None:
            self._child = _begun(self._module, self._arguments, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            self._heard = _Heard(self._child.stderr) if self._child.stderr else None
        child, late = self._child, threading.Event()
        assert child.stdin is not None and child.stdout is not None

        def overstayed() -> None:
            late.set()
            child.kill()

        watch = threading.Timer(self._seconds, overstayed)
        watch.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(request + b"\n")
                child.stdin.flush()
            head = child.stdout.read(_HEAD)
            length = int.from_bytes(head, "big") if len(head) == _HEAD else 0
            answer = child.stdout.read(length)
        except BaseException:
            self._end()
            raise
        finally:
            watch.cancel()
        if len(head) == _HEAD and len(answer) == length:
            return answer
        code, said = self._end()
        raise ChildStopped("time", said) if late.is_set() else _stopped(code, said)

    def _end(self) -> tuple[int, str]:
        """Take the child away; how it ended and what it complained of."""
        child, self._child = self._child, None
        if child is None:
            return 0, ""
        assert child.stdin is not None and child.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        # One that is ending by itself may end; nobody waits for the answer of another.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=1)
        child.kill()
        child.wait()
        child.stdout.close()
        return child.returncode, self._heard.words() if self._heard else ""


class _Heard:
    """The last of what a child complains of, read while it works: a pipe that nobody reads would fill, and hold it."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._last, self._pipe = b"", pipe
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while block := os.read(self._pipe.fileno(), 1 << 16):
            self._last = (self._last + block)[-4_000:]

    def words(self) -> str:
        self._reader.join(timeout=5)
        self._pipe.close()
        return self._last.decode("utf-8", "replace")


_HEAD = 8
"""Bytes that say how long the answer after them is."""


def answer_each(answer: Callable[[bytes], bytes]) -> None:
    """For a standing child: answer every line until there are no more."""
    # What a library prints must not stand among the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        given = answer(line.rstrip(b"\n"))
        out.write(len(given).to_bytes(_HEAD, "big") + given)
        out.flush()


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
