"""``khet run``: the database, the web server and the worker kept alive by one small parent.

The parent loads neither Django nor any module of the work, so that a reload (SIGHUP) brings up wholly new code:
the new web server is started on the same listening socket, and the old one is asked to finish once the new
one takes requests. No request meets a closed door.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from khet.base.database.address import is_embedded
from khet.base.database.embedded import cluster_of, ensure_running
from khet.base.database.programs import DatabaseFault

STOP_SECONDS = 25
READY_SECONDS = 120


class CannotStart(Exception):
    """Why ``khet run`` cannot start, as a sentence that says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """The listening socket, opened once and handed to every web server that follows."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as why:
        door.close()
        if why.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"พอร์ต {port} มีโปรแกรมอื่นใช้อยู่ ปิดโปรแกรมนั้นก่อน หรือเลือกพอร์ตอื่น เช่น KHET_PORT={port + 1} khet run"
            ) from None
        if why.errno == errno.EACCES:
            raise CannotStart(f"ผู้ใช้นี้เปิดพอร์ต {port} ไม่ได้ ใช้พอร์ตตั้งแต่ 1024 ขึ้นไป เช่น KHET_PORT=8000") from None
        if why.errno == errno.EADDRNOTAVAIL:
            raise CannotStart(f"เครื่องนี้ไม่มีที่อยู่ {host} แก้ค่า KHET_HOST") from None
        raise
    door.listen(1024)
    door.set_inheritable(True)
    return door


def only_one(data: Path) -> int:
    """Refuse a second ``khet run`` on the same data folder; the lock goes with the process."""
    folder = data / "run"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "khet.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.read(handle, 20).decode().strip()
        raise CannotStart(
            f"khet ทำงานอยู่แล้วกับโฟลเดอร์ข้อมูล {data} (กระบวนการ {other}) หยุดตัวนั้นก่อน หรือใช้ KHET_DATA อื่น"
        ) from None
    os.ftruncate(handle, 0)
    os.write(handle, f"{os.getpid()}\n".encode())
    return handle


@dataclass
class Child:
    """One kept process with its whole group; ``command`` are the words after ``khet``."""

    name: str
    command: list[str]
    fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    early_deaths: int = 0
    not_before: float = 0.0

    def start(self, *extra: str, fds: tuple[int, ...] = ()) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "khet", *self.command, *extra],
            pass_fds=(*self.fds, *fds),
            start_new_session=True,
        )
        self.started = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def clear(self) -> None:
        """Take down what a killed process left of its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Supervisor:
    data: Path
    host: str
    port: int
    say: Callable[[str], None]
    prepare_arguments: list[str] = field(default_factory=list)
    stopping: bool = False
    reloading: bool = False
    leaving: list[tuple[Child, float]] = field(default_factory=list)

    def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises CannotStart or DatabaseFault with a sentence before anything is up."""
        lock = only_one(self.data)
        door = listen(self.host, self.port)
        self.parent_end, self.life = os.pipe()  # children read parent_end; it closes when we die
        started_here = ensure_running(self.data) if is_embedded() else False
        for number, name in (
            (signal.SIGTERM, "stopping"),
            (signal.SIGINT, "stopping"),
            (signal.SIGHUP, "reloading"),
        ):
            signal.signal(number, lambda *_, name=name: setattr(self, name, True))
        shared = (door.fileno(), self.parent_end)
        self.web = Child(
            "web", ["serve", "--fd", str(door.fileno()), "--parent-fd", str(self.parent_end)], shared
        )
        self.worker = Child("worker", ["worker", "--parent-fd", str(self.parent_end)], (self.parent_end,))
        try:
            # Loading the code takes longer than anything else, so the web server loads while the rest is prepared.
            gate, opener = os.pipe()
            ready = self.launch_web(gate)
            os.close(gate)
            try:
                self.prepare()
                os.write(opener, b"g")
            finally:
                os.close(opener)
            if not self.stopping:
                self.worker.start()
                if not self.wait_for_web(ready) and not self.stopping:
                    raise CannotStart("เว็บไม่ขึ้น ดูสาเหตุด้านบน")
                notify("READY=1")
                self.announce()
            self.watch()
        finally:
            notify("STOPPING=1")
            self.stop()
            door.close()
            if is_embedded() and (started_here or not self._others()):
                with contextlib.suppress(DatabaseFault):
                    cluster_of(self.data).stop()
            os.close(lock)

    def prepare(self) -> None:
        """Migrations, roles, demo, static files: in a process of its own, so that it is always the new code."""
        done = subprocess.Popen(
            [sys.executable, "-m", "khet", "prepare", *self.prepare_arguments], start_new_session=True
        )
        while done.poll() is None:
            if self.stopping:
                done.terminate()
            time.sleep(0.02)
        if done.returncode and not self.stopping:
            raise CannotStart("เตรียมระบบไม่สำเร็จ ดูสาเหตุด้านบน")

    def launch_web(self, gate: int | None = None) -> int:
        """Start a web server on our socket; returns the pipe on which it will say that it takes requests."""
        ready, tell = os.pipe()
        words = ["--ready-fd", str(tell)]
        fds = [tell]
        if gate is not None:
            words += ["--gate-fd", str(gate)]
            fds.append(gate)
        self.web.start(*words, fds=tuple(fds))
        os.close(tell)
        return ready

    def wait_for_web(self, ready: int) -> bool:
        try:
            return self._ready(ready, self.web)
        finally:
            os.close(ready)

    def _ready(self, ready: int, child: Child) -> bool:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and not self.stopping:
            with contextlib.suppress(InterruptedError):
                if select.select([ready], [], [], 0.2)[0]:
                    return bool(os.read(ready, 1))
            if child.died():
                return False
        return False

    def reload(self) -> None:
        """New code, same door: the old processes leave only when the new ones work."""
        self.reloading = False
        notify("RELOADING=1")
        try:
            self.prepare()
        except CannotStart as why:
            self.say(f"{why} ระบบเดิมทำงานต่อ")
            return
        old = self.web
        self.web = Child(old.name, old.command, old.fds)
        if not self.wait_for_web(self.launch_web()):
            self.web.clear()
            self.web = old
            self.say("ระบบใหม่ไม่ขึ้น ระบบเดิมทำงานต่อ")
            return
        old.signal(signal.SIGTERM)
        self.leaving.append((old, time.monotonic() + STOP_SECONDS))
        old_worker = self.worker
        self.worker = Child(old_worker.name, old_worker.command, old_worker.fds)
        self.worker.start()
        old_worker.signal(signal.SIGTERM)
        self.leaving.append((old_worker, time.monotonic() + STOP_SECONDS))
        notify("READY=1")
        self.say("เปลี่ยนเป็นระบบใหม่แล้ว")

    def watch(self) -> None:
        checked = 0.0
        while not self.stopping:
            time.sleep(0.1)
            if self.reloading:
                self.reload()
            now = time.monotonic()
            for child in (self.web, self.worker):
                self._revive(child, now)
            for child, end in list(self.leaving):
                if child.died() or now > end:
                    child.clear()
                    self.leaving.remove((child, end))
            if is_embedded() and now - checked > 0.3:
                checked = now
                self._revive_database()

    def _revive(self, child: Child, now: float) -> None:
        if child.died():
            assert child.process is not None
            child.clear()
            child.early_deaths = child.early_deaths + 1 if now - child.started < 10 else 0
            # The first death is an accident, mended at once; what dies again and again is given time.
            child.not_before = now + min(max(child.early_deaths - 1, 0), 4)
            self.say(f"{child.name} หยุดเอง (รหัส {child.process.returncode}) เริ่มใหม่")
            child.process = None
        if child.process is None and now >= child.not_before:
            child.start()

    def _revive_database(self) -> None:
        if cluster_of(self.data).postmaster() is None:
            self.say("ฐานข้อมูลหยุดเอง เริ่มใหม่")
            try:
                ensure_running(self.data)
            except DatabaseFault as why:
                self.say(str(why))

    def stop(self) -> None:
        """Ask everyone to finish what they are doing, then insist."""
        everyone = [child for child in (getattr(self, "web", None), getattr(self, "worker", None)) if child]
        everyone += [child for child, _end in self.leaving]
        for child in everyone:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end and any(c.process and not c.died() for c in everyone):
            time.sleep(0.05)
        for child in everyone:
            child.clear()

    def _others(self) -> bool:
        try:
            return cluster_of(self.data).others_connected()
        except Exception:  # whatever is wrong with the server, stopping goes on
            return False

    def announce(self) -> None:
        """The address, and whatever the preparation left to say (the demo accounts)."""
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 – compared, not bound
        self.say(f"khet พร้อมใช้งานที่ http://{shown}:{self.port}")
        welcome = self.data / "run" / "welcome.txt"
        with contextlib.suppress(FileNotFoundError):
            self.say(welcome.read_text())
            welcome.unlink()
        self.say("หยุดด้วย Ctrl-C")


def notify(state: str) -> None:
    """Tell systemd, when it asked to be told (Type=notify)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if state == "RELOADING=1":
        state += f"\nMONOTONIC_USEC={time.monotonic_ns() // 1000}"
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.connect("\0" + address[1:] if address.startswith("@") else address)
        door.sendall(state.encode())
