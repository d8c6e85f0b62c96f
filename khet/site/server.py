"""The web server: gunicorn keeps the processes, uvicorn speaks HTTP in them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import threading
from importlib import import_module
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from uvicorn.server import Server
from uvicorn_worker import UvicornWorker

from khet.site.environment import data_folder, proxies

WORKERS = 2
DRAIN_SECONDS = 1  # how long connections already accepted have to bring their request
GRACE_SECONDS = 20  # how long requests under way may take when a process is asked to stop


class DrainingServer(Server):
    """uvicorn closes a connection it has accepted whose request it has not read yet; this one reads it first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()  # takes no more; the next server on the same socket does
        await asyncio.sleep(DRAIN_SECONDS)
        await super().shutdown(sockets)


class Worker(UvicornWorker):
    CONFIG_KWARGS = {
        "loop": "uvloop",
        "http": "httptools",
        "lifespan": "off",
        "server_header": False,
        "proxy_headers": bool(proxies()),
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }

    async def _serve(self) -> None:
        self.config.app = self.wsgi
        server = DrainingServer(config=self.config)
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)


class WebServer(BaseApplication):
    """gunicorn set up from here, never from a file or its own command line."""

    def __init__(self, bind: str, ready_fd: int | None = None, gate_fd: int | None = None) -> None:
        self.bind = bind
        self.ready_fd = ready_fd
        self.gate_fd = gate_fd
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": [self.bind],
            "workers": WORKERS,
            "worker_class": "khet.site.server.Worker",
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108
            "preload_app": True,  # loaded once, then forked: half the start, half the memory
            "timeout": 60,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "backlog": 1024,
            "forwarded_allow_ips": ",".join(proxies())
            or "127.0.0.1",  # without proxies the headers are not read
            "loglevel": "warning",
            "proc_name": "khet",
            "control_socket_disable": True,
            "post_worker_init": self.tell_ready,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def tell_ready(self, worker: object) -> None:
        """Tell whoever started us that requests are now taken."""
        if self.ready_fd is not None:
            with contextlib.suppress(OSError):
                os.write(self.ready_fd, b"r")

    def load(self) -> Any:
        """Load everything; the part that looks at collected static files waits at the gate for them."""
        import django  # noqa: PLC0415 – after the settings are chosen

        django.setup()
        import_module("khet.site.urls")
        if self.gate_fd is not None and not os.read(self.gate_fd, 1):
            raise SystemExit(0)  # the preparation failed: there is nothing to serve
        return import_module("khet.site.asgi").application


def watch_parent(fd: int | None) -> None:
    """Stop this process when its supervisor dies: the pipe's other end closes whatever the cause."""
    if fd is None:
        return

    def wait() -> None:
        while os.read(fd, 1):
            pass
        os.kill(os.getpid(), 15)

    threading.Thread(target=wait, daemon=True, name="parent").start()


def serve(
    bind: str, *, ready_fd: int | None = None, parent_fd: int | None = None, gate_fd: int | None = None
) -> None:
    """Serve until told to stop. ``bind`` is ``host:port`` or ``fd://N`` for a socket that was inherited."""
    os.chdir(data_folder())
    watch_parent(parent_fd)
    WebServer(bind, ready_fd, gate_fd).run()
