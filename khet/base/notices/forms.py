"""Choosing channels."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.notices.choices import Channel

OUTSIDE = [(channel.value, channel.label) for channel in Channel if channel != Channel.APP]


class ChannelsForm(forms.Form):
    channels = forms.MultipleChoiceField(
        label=_("แจ้งเพิ่มทาง"), choices=OUTSIDE, required=False, widget=forms.CheckboxSelectMultiple
    )
