"""Write the whole database, without sessions, to one file that only its user may read."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.backups import BackupError, backup


class Command(BaseCommand):
    help = __doc__
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: DATA_DIR/backups/DATE.backup")
        parser.add_argument("--keep", type=int, metavar="N", help="afterwards drop all but the newest N of the folder")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"] or default_file()
        try:
            backup(path)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes")
        if options["keep"]:
            for old in sorted(path.parent.glob("*.backup"))[: -options["keep"]]:
                old.unlink()


def default_file() -> Path:
    folder = settings.DATA_DIR / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    return Path(folder / f"{timezone.now():%Y-%m-%dT%H%M%SZ}.backup")
