"""The background worker: takes jobs from PostgreSQL, runs the clockwork, and takes back what a killed worker left."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.psycopg_connector import PsycopgConnector

CONCURRENCY = 4
HEARTBEAT_SECONDS = 10.0
STALLED_SECONDS = 30.0


def connector() -> PsycopgConnector:
    """A small pool of the worker's own; jobs use Django's connections beside it."""
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415 – needs loaded settings

    return PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)


def work(*, once: bool = False) -> None:
    """Run jobs until told to stop; ``once``: until none is waiting. A stop lets running jobs finish."""
    with app.replace_connector(connector()) as running:
        running.run_worker(
            wait=not once,
            concurrency=CONCURRENCY,
            shutdown_graceful_timeout=20,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            delete_jobs="successful" if not settings.TESTING else "never",
            name=settings.PUBLIC_HOST,
        )
