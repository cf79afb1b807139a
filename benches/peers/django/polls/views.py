"""The pages of people and staff."""

from django.contrib.auth.decorators import login_required, user_passes_test
from django.db import IntegrityError, transaction
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from .models import Ballot, Choice, Poll


def published():
    return Poll.objects.filter(published_at__lte=timezone.now())


def index(request):
    polls = published().order_by("-published_at")[:20]
    return render(request, "polls/index.html", {"polls": polls})


@login_required
def detail(request, poll_id):
    poll = get_object_or_404(published(), pk=poll_id)
    return render(request, "polls/detail.html", {"poll": poll})


@login_required
@require_POST
def vote(request, poll_id):
    poll = get_object_or_404(published(), pk=poll_id, closes_at__gt=timezone.now())
    try:
        choice = poll.choice_set.get(pk=request.POST["choice"])
    except (KeyError, ValueError, Choice.DoesNotExist):
        problem = "You didn't select a choice."
        context = {"poll": poll, "problem": problem}
        return render(request, "polls/detail.html", context, status=422)
    try:
        with transaction.atomic():
            Ballot.objects.create(poll=poll, voter=request.user, choice=choice)
            Choice.objects.filter(pk=choice.pk).update(votes=F("votes") + 1)
    except IntegrityError:
        pass  # They have voted already.
    return redirect("voted", poll.pk)


@login_required
def voted(request, poll_id):
    poll = get_object_or_404(published(), pk=poll_id)
    return render(request, "polls/voted.html", {"poll": poll})


@user_passes_test(lambda user: user.is_staff)
def results(request, poll_id):
    poll = get_object_or_404(published(), pk=poll_id)
    return render(request, "polls/results.html", {"poll": poll})
