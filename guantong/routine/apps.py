from django.apps import AppConfig


class RoutineConfig(AppConfig):
    name = "guantong.routine"
    label = "routine"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        # Each app's jobs are known once all models are loaded.
        autodiscover_modules("jobs")
