"""When an installation begins to judge by another version of the clinical content."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from selfcare.diary import monitoring
from selfcare.triage import catalogue
from selfcare.triage.models import ContentInUse


def adopt(*, now: datetime) -> bool:
    """Return whether the content is another one than at the last call; every active episode is then due again.

    Asked by the worker, which reads the content once when it starts: so the diaries are looked at again by the new
    content and not by a process that still has the old one. Two workers that ask at once do no harm.
    """
    content = catalogue.current()
    last = ContentInUse.objects.order_by("-since", "-id").first()
    if last is not None and last.etag == content.etag:
        return False
    with transaction.atomic():
        ContentInUse.objects.create(version=content.version, etag=content.etag, since=now)
        monitoring.look_again(now=now)
    return True
