"""Forms of the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.org.api import Actor, Person, Post, Unit
from khet.base.org.choices import UnitKind
from khet.base.ui.forms import ThaiDateField
from khet.kits.workflow.api import ChoiceGroup, Picture, parse_place
from khet.kits.workflow.choices import Secrecy, Urgency


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=ManyFiles(), required=False, **given)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or [] if one]


class PlaceField(forms.ChoiceField):
    """A post or a unit of one's own house; gives the place itself."""

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        return parse_place(key) if key else None


class PlacesField(forms.MultipleChoiceField):
    def clean(self, value: Any) -> list[Any]:
        return [place for place in map(parse_place, super().clean(value)) if place is not None]


def house_choices(unit: Unit, *, but: Post | None = None) -> list[ChoiceGroup]:
    """Everybody of the house of a unit, by group."""
    picture = Picture(run=None)  # type: ignore[arg-type] - no run: only the house is asked
    picture.steps, picture.ahead = [], []
    picture.load_house(unit)
    return picture.place_choices(but=but)


def as_choices(groups: list[ChoiceGroup]) -> list[Any]:
    return [(group.label, [(choice.key, choice.label) for choice in group.choices]) for group in groups]


class PostChoice(forms.Form):
    """In which post one writes; asked only of those with more than one."""

    post = forms.TypedChoiceField(label=gettext_lazy("ในฐานะ"), coerce=int, required=False)

    def __init__(self, *args: Any, actor: Actor, **given: Any) -> None:
        super().__init__(*args, **given)
        self.actor = actor
        capacities = list(actor.posts.values())
        main = actor.main_post
        capacities.sort(key=lambda c: c.post != main)
        if len(capacities) > 1:
            self.fields["post"].choices = [
                (c.post.pk, " ".join(filter(None, [c.phrase or c.post.title]))) for c in capacities
            ]
        else:
            del self.fields["post"]

    @property
    def chosen_post(self) -> Post | None:
        pk = self.cleaned_data.get("post")
        return self.actor.posts[pk].post if pk else self.actor.main_post


class MemoForm(PostChoice):
    subject = forms.CharField(label=gettext_lazy("เรื่อง"), max_length=300)
    body = forms.CharField(
        label=gettext_lazy("ข้อความ"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("ชั้นความเร็ว"), choices=Urgency.choices, coerce=int, initial=Urgency.NORMAL
    )
    secrecy = forms.TypedChoiceField(
        label=gettext_lazy("ชั้นความลับ"), choices=Secrecy.choices, coerce=int, initial=Secrecy.OPEN
    )
    due = ThaiDateField(label=gettext_lazy("ให้เสร็จภายใน"), required=False)
    files = FilesField(label=gettext_lazy("สิ่งที่แนบ"))

    field_order = ["post", "subject", "body", "files", "urgency", "secrecy", "due"]


class MemoWordsForm(forms.Form):
    subject = forms.CharField(label=gettext_lazy("เรื่อง"), max_length=300)
    body = forms.CharField(
        label=gettext_lazy("ข้อความ"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    files = FilesField(label=gettext_lazy("แนบเพิ่ม"))


class TaskForm(PostChoice):
    subject = forms.CharField(label=gettext_lazy("งาน"), max_length=300)
    body = forms.CharField(
        label=gettext_lazy("รายละเอียดที่สั่ง"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    to = PlaceField(label=gettext_lazy("เจ้าภาพหลัก"))
    second_hosts = PlacesField(label=gettext_lazy("เจ้าภาพรอง"), required=False)
    co_hosts = PlacesField(label=gettext_lazy("เจ้าภาพร่วม"), required=False)
    mentors = PlacesField(label=gettext_lazy("ผู้ดาม"), required=False)
    due = ThaiDateField(label=gettext_lazy("ให้เสร็จภายใน"), required=False)
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("ชั้นความเร็ว"), choices=Urgency.choices, coerce=int, initial=Urgency.NORMAL
    )
    files = FilesField(label=gettext_lazy("สิ่งที่แนบ"))

    field_order = [
        "post",
        "subject",
        "body",
        "to",
        "second_hosts",
        "co_hosts",
        "mentors",
        "due",
        "urgency",
        "files",
    ]

    def __init__(self, *args: Any, actor: Actor, **given: Any) -> None:
        super().__init__(*args, actor=actor, **given)
        unit = actor.unit
        groups = as_choices(house_choices(unit, but=actor.main_post)) if unit else []
        self.fields["to"].choices = [("", _("เลือก")), *groups]
        for name in ("second_hosts", "co_hosts", "mentors"):
            self.fields[name].choices = groups
            self.fields[name].widget.attrs["size"] = 6
            self.fields[name].help_text = _("เลือกได้หลายราย กด Ctrl ค้างไว้ขณะเลือก")


class AwayForm(forms.Form):
    """แจ้งไม่อยู่: who acts for my post, from when to when."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("ผู้รักษาราชการแทน"), queryset=Person.objects.none(), empty_label=gettext_lazy("เลือก")
    )
    since = ThaiDateField(label=gettext_lazy("ตั้งแต่วันที่"))
    until = ThaiDateField(label=gettext_lazy("ถึงวันที่"))
    reason = forms.CharField(label=gettext_lazy("เหตุผล"), max_length=200, required=False)
    order_reference = forms.CharField(label=gettext_lazy("คำสั่งที่"), max_length=120, required=False)

    def __init__(self, *args: Any, post: Post, **given: Any) -> None:
        super().__init__(*args, **given)
        posts = Post.objects.on().exclude(pk=post.pk)
        if post.unit.kind == UnitKind.SCHOOL:
            posts = posts.filter(unit=post.unit)
        elif post.kind in {"director", "deputy"}:
            posts = posts.filter(
                unit__kind__in=[UnitKind.OFFICE, UnitKind.GROUP], kind__in=["director", "deputy", "head"]
            )
        else:
            posts = posts.filter(unit=post.unit)
        self.fields["person"].queryset = Person.objects.filter(
            holdings__post__in=posts, holdings__until__isnull=True
        ).distinct()
        self.fields["person"].label_from_instance = lambda person: person.full_name
