"""Addresses of the kit: /workflow/…"""

from django.urls import path

from khet.kits.workflow import views

app_name = "workflow"
urlpatterns = [
    path("<int:pk>/", views.show, name="run"),
    path("<int:pk>/slip.pdf", views.slip, name="slip"),
    path("step/<int:pk>/draft/", views.draft, name="draft"),
    path("step/<int:pk>/<slug:code>/", views.act, name="act"),
    path("sign/", views.sign_many, name="sign_many"),
    path("phrases/", views.phrases, name="phrases"),
]
