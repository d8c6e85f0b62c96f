"""Work of the worker: reading, checking and applying large files while their pages are closed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from khet.base.org.api import Actor, Person
from khet.kits.register.actions import apply_batch, check_batch
from khet.kits.register.actions.imports import missing, read_headings
from khet.kits.register.choices import BatchState
from khet.kits.register.models import Batch


def acting(person_id: int | None) -> Actor:
    """The person who asked, with the rights of this moment: what was taken away since no longer works."""
    return Actor.of(Person.objects.get(pk=person_id)) if person_id else Actor.system()


def work(batch: Batch, actor: Actor) -> Batch:
    """Bring a batch as far as it goes without a person: read, match what is known by name, check."""
    sheet = None
    if batch.state == BatchState.RECEIVED:
        batch, sheet = read_headings(batch)
    if batch.state == BatchState.MATCHING and missing(batch):
        return batch
    if batch.state in {BatchState.MATCHING, BatchState.CHECKING}:
        batch = check_batch(actor=actor, batch=batch, sheet=sheet)
    return batch


@app.task(name="register.check", queue="imports")
def check(batch_id: int, person_id: int | None) -> None:
    """Read and check a batch; begun again from the start after a kill, with the same outcome."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is not None:
        work(batch, acting(person_id))


@app.task(name="register.apply", queue="imports")
def apply(batch_id: int, person_id: int | None) -> None:
    """Confirm a batch. A second run finds it applied and changes nothing."""
    batch = Batch.objects.filter(pk=batch_id, state=BatchState.APPLYING).first()
    if batch is not None:
        apply_batch(actor=acting(person_id), batch=batch)
