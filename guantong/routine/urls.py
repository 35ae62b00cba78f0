"""The addresses of long work."""

from django.urls import path

from guantong.routine import views

urlpatterns = [
    path("long-work/", views.list_tasks, name="tasks"),
    path("long-work/<int:task_id>/", views.show_task, name="task"),
    path("long-work/<int:task_id>/progress/", views.show_progress, name="task-progress"),
    path("long-work/<int:task_id>/stop/", views.stop, name="task-stop"),
]
