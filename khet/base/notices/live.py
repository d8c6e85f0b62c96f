"""Live counts: one listener per process wakes the open streams; each asks for its own figures."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection

from khet.base.notices.actions import LISTEN_CHANNEL

logger = logging.getLogger(__name__)


class Bell:
    """Wakes everybody who waits in this process when PostgreSQL says that something was told."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def waiter(self):
        event = asyncio.Event()
        self._waiting.add(event)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())
        try:
            yield event
        finally:
            self._waiting.discard(event)

    async def _listen(self) -> None:
        while self._waiting:
            try:
                parameters = await sync_to_async(connection.get_connection_params, thread_sensitive=False)()
                known = {
                    k: v for k, v in parameters.items() if k in {"dbname", "user", "password", "host", "port"}
                }
                async with await psycopg.AsyncConnection.connect(**known, autocommit=True) as listener:
                    await listener.execute(f"LISTEN {LISTEN_CHANNEL}")
                    while self._waiting:
                        async for _ in listener.notifies(timeout=30, stop_after=1):
                            self._ring()
            except (psycopg.Error, OSError) as why:
                logger.info("live notices wait for the database: %s", why)
                await asyncio.sleep(2)

    def _ring(self) -> None:
        for event in self._waiting:
            event.set()


bell = Bell()
