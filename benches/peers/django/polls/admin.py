"""The console."""

from django.contrib import admin

from .models import Choice, Poll


class ChoiceInline(admin.TabularInline):
    model = Choice


@admin.register(Poll)
class PollAdmin(admin.ModelAdmin):
    list_display = ["question", "published_at", "closes_at"]
    list_filter = ["published_at"]
    search_fields = ["question"]
    inlines = [ChoiceInline]
