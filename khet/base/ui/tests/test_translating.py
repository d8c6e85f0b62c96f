"""A constant sentence is translated once per language, and says in each language what Django's own tag says."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils.translation import override

from khet.base.ui.translating import Constant


def _template(text: str):
    return engines["django"].from_string("{% load i18n %}" + text)


@pytest.mark.parametrize("text", ['{% translate "บันทึก" %}', "{% trans 'บันทึก' %}", '{% translate "ร้อยละ 5%" %}', '{% translate "<b>" %}'])  # fmt: skip
def test_constant_says_what_django_says(text):
    template = _template(text)
    (node,) = template.template.nodelist.get_nodes_by_type(Constant)
    for language in ("th", "en", "th"):
        with override(language):
            assert template.render() == node.said_by.render(_context()) == template.render()
    assert set(node.said) == {"th", "en"}


def test_languages_differ():
    template = _template('{% translate "บันทึก" %}')
    with override("th"):
        thai = template.render()
    with override("en"):
        assert template.render() != thai == "บันทึก"


@pytest.mark.parametrize("text", ["{% translate word %}", '{% translate "บันทึก" as it %}{{ it }}', '{% translate "a"|upper %}', '{% translate "a" noop %}'])  # fmt: skip
def test_what_varies_is_not_kept(text):
    template = _template(text)
    assert not template.template.nodelist.get_nodes_by_type(Constant)
    assert template.render({"word": "หนึ่ง"}) != template.render({"word": "สอง"}) or "word" not in text


def _context():
    from django.template import Context

    return Context()
