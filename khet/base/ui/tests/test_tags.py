"""The builtin tags and filters: what they write, and what they never let through."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from khet.base.ui.forms import ThaiDateField

BANGKOK = ZoneInfo("Asia/Bangkok")


def draw(text: str, request=None, **context) -> str:
    return engines["django"].from_string(text).render(context, request)


def test_a_button_submits_and_with_an_address_is_a_link():
    assert draw('{% button kind="primary" name="act" value="send" %}เสนอ{% endbutton %}') == (
        '<button class="button button-primary" type="submit" name="act" value="send"><span>เสนอ</span></button>'
    )
    assert draw('{% button href="/letters/" size="small" %}เปิด{% endbutton %}') == (
        '<a class="button button-secondary button-small" href="/letters/"><span>เปิด</span></a>'
    )


def test_a_button_of_an_icon_alone_has_a_name():
    assert 'aria-label="พิมพ์"' in draw('{% button icon="printer" label="พิมพ์" %}{% endbutton %}')


def test_attributes_pass_and_are_escaped():
    html = draw('{% button hx_post="/x" data_key="E" title=words autofocus=True formnovalidate=False %}ก{% endbutton %}', words='"><script>')  # fmt: skip
    assert (
        'hx-post="/x"' in html
        and 'data-key="E"' in html
        and " autofocus" in html
        and "formnovalidate" not in html
    )
    assert "<script>" not in html


def test_a_disabled_link_leads_nowhere():
    html = draw('{% button href="/x" disabled=True %}ก{% endbutton %}')
    assert "href" not in html and 'aria-disabled="true"' in html


@pytest.mark.parametrize("text", ['{% button kind="loud" %}ก{% endbutton %}', '{% note kind="shout" %}ก{% endnote %}', "{% bars 3 pink=1 %}"])  # fmt: skip
def test_unknown_kinds_are_mistakes_of_the_author(text):
    with pytest.raises(TemplateSyntaxError):
        draw(text)


def test_an_unknown_shape_is_a_mistake_too():
    with pytest.raises(LookupError):
        draw('{% shape "star" %}')


@pytest.mark.parametrize("text", ["{% tag words %}", '{% panel title=words %}x{% endpanel %}', "{% fact words %}{{ words }}{% endfact %}", "{% state 'done' words %}", "{% figure words words %}", "{% empty title=words %}x{% endempty %}", "{% person words words %}", "{% urgency words %}", "{% secrecy words %}"])  # fmt: skip
def test_no_tag_lets_markup_through(text):
    assert "<script>" not in draw(text, words="<script>alert(1)</script>")


def test_pictures_have_a_name_or_are_hidden():
    assert 'aria-hidden="true"' in draw('{% shape "half" %}')
    named = draw('{% shape "half" label="เปิดอ่าน" %}')
    assert 'role="img"' in named and 'aria-label="เปิดอ่าน"' in named
    assert 'aria-hidden="true"' in draw('{% icon "mail" %}')
    assert 'aria-label="หนังสือ"' in draw('{% icon "mail" label="หนังสือ" %}')


def test_the_route_shows_the_holder_and_says_so():
    html = draw("{% route 6 3 late=True %}")
    assert html.count("route-dot") == 3 and html.count("route-open") == 2 and html.count("route-ring") == 1
    assert "is-late" in html and "อยู่ขั้นที่ 4 จาก 6" in html
    finished = draw("{% route 5 %}")
    assert finished.count("route-dot") == 5 and "route-ring" not in finished


def test_speed_and_secrecy_say_nothing_when_normal():
    assert (
        draw(
            "{% urgency 'normal' %}{% urgency '' %}{% urgency None %}{% secrecy 'normal' %}{% secrecy None %}"
        )
        == ""
    )
    assert "tag-most-urgent" in draw("{% urgency 'most_urgent' %}") and "ด่วนที่สุด" in draw(
        "{% urgency 'most_urgent' %}"
    )
    assert "tag-very-urgent" in draw("{% urgency 'ด่วนมาก' %}")
    assert "ลับมาก" in draw("{% secrecy 'very_secret' %}")


def test_speed_and_secrecy_are_known_by_the_number_they_are_stored_as():
    assert draw("{% urgency 0 %}{% secrecy 0 %}") == ""
    assert "tag-most-urgent" in draw("{% urgency 3 %}") and "ลับมาก" in draw("{% secrecy 2 %}")
    with override("en"):
        assert "Most urgent" in draw("{% urgency 3 %}") and "Very secret" in draw(
            "{% secrecy 'very_secret' %}"
        )


def test_an_address_in_a_page_says_what_reverse_says():
    """Whole, with words before the number, kept under a name, and as nothing where no app owns the name."""
    assert draw("{% url 'rounds:home' %}") == reverse("rounds:home")
    assert draw("{% url 'register:detail' 'schools' pk %}", pk=71) == reverse(
        "register:detail", args=["schools", 71]
    )
    assert (
        draw("{% url 'rounds:return' pk as there %}[{{ there }}]", pk=5)
        == f"[{reverse('rounds:return', args=[5])}]"
    )
    assert draw("{% url 'nothing:such' as there %}[{{ there }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        draw("{% url 'register:detail' 'schools' pk %}", pk="../1")


def test_rows_not_shown_are_sent_with_the_others():
    assert draw("{% ticked 'unit' values %}", values=[4, 7]).count("data-ticked") == 2


def test_figures_and_thousands():
    assert draw("{{ n|thousands }}", n=16938) == "16,938"
    assert draw("{{ n|thousands }}", n=None) == "–"
    assert draw("{{ n|thousands }}", n=0) == "0"
    assert draw("{{ n|thousands }}", n=-4) == "−4"
    assert draw("{{ n|thousands }}", n=10.5) == "10.5"


def test_dates_are_buddhist_and_marked_up():
    day = date(2026, 11, 23)
    assert draw("{{ d|thai_date }}", d=day) == '<time datetime="2026-11-23">23\u00a0พ.ย.\u00a02569</time>'
    assert "วันจันทร์ที่ 23 พฤศจิกายน 2569" in draw("{{ d|thai_date_long }}", d=day)
    assert "23\u00a0พ.ย.<" in draw("{{ d|thai_day }}", d=day)
    assert draw("{{ d|thai_date }}{{ d|thai_datetime }}{{ d|time_left }}", d=None) == "––"


def test_moments_are_told_by_the_clock_of_bangkok():
    moment = datetime(2026, 11, 23, 18, 30, tzinfo=ZoneInfo("UTC"))
    assert "01.30\u00a0น." in draw("{{ m|thai_time }}", m=moment)
    assert "24\u00a0พ.ย." in draw("{{ m|thai_datetime }}", m=moment)


class Sample(forms.Form):
    subject = forms.CharField(label="เรื่อง", help_text="ตามหัวหนังสือ")
    note = forms.CharField(label="หมายเหตุ", required=False)
    dated_on = ThaiDateField(label="ลงวันที่")
    ways = forms.MultipleChoiceField(label="ทาง", choices=[("a", "ก")], widget=forms.CheckboxSelectMultiple)


def test_a_field_ties_label_hint_and_error_to_its_box():
    html = draw("{% field form.subject %}", form=Sample({}))
    assert '<label class="field-label" for="id_subject">' in html
    assert 'aria-describedby="id_subject_hint id_subject_error"' in html
    assert (
        'id="id_subject_hint"' in html and 'id="id_subject_error"' in html and 'aria-invalid="true"' in html
    )


def test_optional_fields_say_so_and_what_was_typed_stays():
    assert "(ไม่บังคับ)" in draw("{% field form.note %}", form=Sample())
    assert "(ไม่บังคับ)" not in draw("{% field form.subject %}", form=Sample())
    assert 'value="x &lt;b&gt;"' in draw("{% field form.note %}", form=Sample({"note": "x <b>"}))


def test_choices_are_a_group_with_a_legend():
    html = draw("{% field form.ways %}", form=Sample())
    assert "<fieldset" in html and "<legend" in html


def test_the_list_of_errors_links_to_the_fields():
    html = draw("{% form_errors form %}", form=Sample({}))
    assert 'href="#id_subject"' in html and 'role="alert"' in html and "แก้ 3 จุด" in html
    assert draw("{% form_errors form %}", form=Sample()) == ""


@pytest.mark.parametrize("typed", ["23/11/2569", "23/11/69", "๒๓ พ.ย. ๖๙"])
def test_the_date_field_takes_what_people_type_and_echoes_the_weekday(typed):
    form = Sample({"dated_on": typed})
    form.is_valid()
    assert form.cleaned_data["dated_on"] == date(2026, 11, 23)
    html = draw("{% field form.dated_on %}", form=form)
    assert typed in html and "วันจันทร์ที่ 23 พฤศจิกายน 2569" in html


def test_a_day_that_does_not_exist_is_explained_and_kept():
    form = Sample({"dated_on": "30/02/2563"})
    html = draw("{% field form.dated_on %}", form=form)
    assert 'value="30/02/2563"' in html and "field-error" in html


def test_the_pager_keeps_the_rest_of_the_address():
    request = RequestFactory().get("/schools/", {"district": "ทุ่งไพล", "page": "2"})
    html = draw("{% pager page %}", request, page=Paginator(range(6318), 50).page(2))
    assert "51–100" in html and "6,318" in html
    assert "page=1" in html and "page=3" in html and html.count("district=") == 2


def test_address_sets_and_removes():
    request = RequestFactory().get("/x/", {"a": "1", "b": "2"})
    assert draw("{% address a=None c=3 %}", request) == "?b=2&amp;c=3"
    assert draw("{% address a=None b=None %}", request) == "/x/"


def test_stacked_bars_never_divide_by_nothing():
    assert "bar-track" in draw("{% stacked 0 done=0 %}")
    assert "<svg" in draw("{% bars 0 soft=0 %}")
