"""Fills the site, up to so many polls; the first time with people who are signed in.

    PEER_DATABASE=… python fill.py POLLS [VOTERS]

Prints their sessions as JSON."""

import json
import os
import sys
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django

django.setup()

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from polls.models import Choice, Poll


def session_of(user):
    session = SessionStore()
    session[auth.SESSION_KEY] = str(user.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def person(name, **rights):
    user = User(username=name, email=f"{name}@example.org", **rights)
    user.set_unusable_password()
    user.save()
    return session_of(user)


def polls(up_to):
    first, now = Poll.objects.count() + 1, timezone.now()
    for number in range(first, up_to + 1):
        Poll.objects.create(
            pk=number,
            question=f"Question {number}?",
            published_at=now - timedelta(days=900) + timedelta(minutes=number),
            closes_at=now + timedelta(days=900),
        )
        # The choice with which everybody votes has the key of its poll.
        Choice.objects.create(pk=number, poll_id=number, text="Yes")
        Choice.objects.create(pk=number + 1_000_000, poll_id=number, text="No")


up_to, voters = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
if voters:
    call_command("migrate", run_syncdb=True, verbosity=0)
with transaction.atomic():
    polls(up_to)
    made = {"voters": [person(f"voter{number}") for number in range(voters)]}
    if voters:
        made["staff"] = person("stan", is_staff=True)
        made["admin"] = person("ada", is_staff=True, is_superuser=True)
print(json.dumps(made))
