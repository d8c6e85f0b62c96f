"""Relations between models point down the order of the apps; string foreign keys escape import linters."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

from khet.base.org.api import Rule, rule_of
from khet.base.org.rules import rules

ORDER = {
    config.label: place
    for place, config in enumerate(apps.get_app_configs())
    if config.name.startswith("khet.")
}


def upward(all_models: Iterable[type[models.Model]]) -> list[str]:
    """Relations from a lower app to a higher one."""
    wrong = []
    for model in all_models:
        home = ORDER.get(model._meta.app_label)
        if home is None:
            continue
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = ORDER.get(field.related_model._meta.app_label)
            if target is not None and target > home:
                wrong.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    return wrong


def test_relations_point_down():
    assert upward(apps.get_models()) == []


@isolate_apps("khet.base.journal", "khet.modules.letters")
def test_a_relation_that_points_up_is_seen():
    class Letter(models.Model):
        class Meta:
            app_label = "letters"

    class Entry(models.Model):
        letter = models.ForeignKey(Letter, models.CASCADE)

        class Meta:
            app_label = "journal"

    assert upward([Letter, Entry]) == ["journal.Entry.letter → letters.Letter"]


@pytest.mark.django_db
def test_migrations_are_up_to_date():
    labels = [config.label for config in apps.get_app_configs() if config.name.startswith("khet.")]
    call_command("makemigrations", *labels, check=True, dry_run=True, verbosity=0)


def test_every_rule_names_a_declared_capability_and_a_path_that_exists():
    from khet.base.org.rules import capabilities

    for rule in rules:
        # A rule without a capability of its own asks the owner of the record, in a filter of its own.
        assert rule.view in capabilities or (not rule.view and type(rule).filter is not Rule.filter), (
            rule.model
        )
        assert rule_of(rule.model) is rule
        if rule.unit:
            rule.model._default_manager.filter(**{f"{rule.unit}__in": []})


def test_every_model_states_its_personal_data():
    from khet.base.privacy.statements import faults

    ours = [model for model in apps.get_models() if model.__module__.startswith("khet.")]
    wrong = faults(ours)
    assert not wrong, "\n" + "\n".join(wrong)


@isolate_apps("khet.base.org", "khet.modules.letters")
def test_a_missing_or_wrong_statement_is_seen():
    from khet.base.privacy.statements import faults

    class Person(models.Model):
        personal_data = {"first_name": "name", "last_name": "name"}
        first_name = models.CharField(max_length=9)
        last_name = models.CharField(max_length=9)
        religion = models.CharField(max_length=9)

        class Meta:
            app_label = "org"

    class Silent(Person):
        class Meta:
            app_label = "letters"
            proxy = True

    class Hiding(models.Model):
        personal_data = None
        writer = models.ForeignKey(Person, models.CASCADE)
        weight = models.IntegerField()
        religion = models.CharField(max_length=9)

        class Meta:
            app_label = "letters"

    class Wrong(models.Model):
        personal_data = {"colour": "name", "size": "largeness"}
        size = models.IntegerField()

        class Meta:
            app_label = "letters"

    seen = faults([Person, Silent, Hiding, Wrong])
    assert [line.split(":")[0] for line in seen] == [
        "org.Person.religion",
        "letters.Silent",
        "letters.Hiding.writer",
        "letters.Hiding.religion",
        "letters.Wrong.colour",
        "letters.Wrong.size",
    ]
