"""Who must be told: one row per event, person and channel, so that nobody is told twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.notices.choices import Channel, State


class Notice(models.Model):
    """A message for one person on one channel. In the app it is there at once; elsewhere a job carries it."""

    personal_data = {"person": "account", "title": "opinion", "body": "opinion"}

    event = models.CharField(max_length=120)
    person = models.ForeignKey("org.Person", models.CASCADE, related_name="notices")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "person", "channel"], name="notices_notice_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], condition=Q(channel="app"), name="notices_mine"),
            models.Index(
                fields=["person"], condition=Q(channel="app", read_at__isnull=True), name="notices_unread"
            ),
            models.Index(
                fields=["due_at"], condition=Q(state__in=["pending", "calling"]), name="notices_due"
            ),
            models.Index(fields=["state", "-id"], name="notices_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.person_id} {self.channel}"


class ChannelChoice(models.Model):
    """A person switched a channel off (or on again). No row: the channel is on."""

    personal_data = {"person": "account"}

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="channel_choices")
    channel = models.CharField(_("ช่องทาง"), max_length=8, choices=Channel.choices)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "channel"], name="notices_channelchoice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel} {self.is_on}"
