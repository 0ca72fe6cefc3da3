"""Draws the figures of the exercises again, after their poses changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from edge.sheets import CatalogueError
from exercises import figures, figures_sprite
from exercises.figures_body import PoseError


class Command(BaseCommand):
    help = "Write exercises/static/exercises/figures.svg from exercises/catalogue/poses.yaml."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sprite = figures_sprite.sprite(figures.poses())
        except (CatalogueError, PoseError) as error:
            raise CommandError(str(error)) from None
        figures.SPRITE_FILE.parent.mkdir(parents=True, exist_ok=True)
        figures.SPRITE_FILE.write_text(sprite, encoding="utf-8")
        self.stdout.write(f"{figures.SPRITE_FILE.name}: {len(sprite.encode()):,} bytes of {figures.MOST_BYTES:,}.")
