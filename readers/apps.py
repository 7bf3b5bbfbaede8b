from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "readers"
    verbose_name = "People"

    def ready(self) -> None:
        from readers import sessions  # noqa: F401 - listens to sign-ins
