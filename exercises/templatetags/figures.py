"""The drawings of the exercises, for templates: ``{% figure "EX-04" "start" %}``."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from exercises import figures
from exercises.figures_binding import INHERITED

register = template.Library()


@register.simple_tag
def figure(exercise_id: str, phase: str, *, mirrored: bool = False) -> SafeString:
    """Return a drawing with its description for people who do not see it.

    Figures work with the right leg; ``mirrored`` shows the left one. Raises KeyError for a figure that is not drawn.
    """
    return format_html(
        '<svg class="figure{}" role="img" viewBox="{}" {}><title>{}</title><desc>{}</desc><use href="{}"/></svg>',
        " mirrored" if mirrored else "",
        figures.VIEW_BOX,
        mark_safe(INHERITED),  # noqa: S308 - our own constant
        figures.title(exercise_id, phase),
        figures.description(exercise_id, phase),
        figures.figure_href(exercise_id, phase),
    )
