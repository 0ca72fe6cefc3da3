"""The living style page: every component of the templates is on it, and nobody outside development can open it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from selfcare.accounts.models import User
from selfcare.web import views_style
from tests import factories

pytestmark = pytest.mark.django_db

TEMPLATES = Path(views_style.__file__).parent / "templates"
# Asked for by a filter in the middle of a sentence, with nothing around it.
PARTIALS = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("_*.html"))


@pytest.fixture
def page(client: Client, settings: Any) -> Any:
    """Return the style page as a developer sees it."""
    settings.DEBUG = True
    response = client.get("/style")
    assert response.status_code == 200
    return response


def test_every_component_is_shown(page: Any) -> None:
    shown = {template.name for template in page.templates}

    assert [name for name in PARTIALS if name not in shown] == []


def test_no_id_stands_on_the_page_twice(page: Any) -> None:
    ids = [part.split('"')[0] for part in page.content.decode().split(' id="')[1:]]

    assert sorted(one for one in set(ids) if ids.count(one) > 1) == []


def test_the_index_leads_to_every_group(page: Any) -> None:
    text = page.content.decode()

    for group in page.context["groups"]:
        assert f'href="#{group["id"]}"' in text
        assert f'id="{group["id"]}"' in text


def test_outside_development_there_is_no_such_page(client: Client, ada: User) -> None:
    assert client.get("/style").status_code == 404
    assert factories.log_in(client, ada).get("/style").status_code == 404
