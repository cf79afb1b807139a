"""The routes."""

from django.contrib import admin
from django.urls import include, path

from polls import views

urlpatterns = [
    path("polls/", views.index, name="index"),
    path("polls/<int:poll_id>/", views.detail, name="detail"),
    path("polls/<int:poll_id>/vote/", views.vote, name="vote"),
    path("polls/<int:poll_id>/voted/", views.voted, name="voted"),
    path("polls/<int:poll_id>/results/", views.results, name="results"),
    path("oidc/", include("mozilla_django_oidc.urls")),
    path("admin/", admin.site.urls),
]
