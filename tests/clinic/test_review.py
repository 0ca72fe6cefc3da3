"""The list of patients and the page of one."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from selfcare.accounts import consents
from selfcare.accounts.models import AuditEvent, Clinic, User
from selfcare.clinic import patients, review, trend
from selfcare.clinic.desk import open_desk
from selfcare.clinic.models import Review
from tests import factories
from tests.clinic import rows
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("all_is_running")

TODAY = date(2026, 3, 2)


def _diary(ada: User, values: dict[int, dict[str, object]]) -> None:
    episode = factories.episode(patient=ada)
    for ago, observations in values.items():
        factories.entry(episode=episode, on=TODAY - timedelta(days=ago), observations=observations)


def _page(client: Client, ada: User) -> str:
    answer = client.get(f"/clinic/patients/{ada.id}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "reviewed/")])
def test_for_cy_a_foreign_patient_is_the_same_as_an_unknown_one(
    ada: User, cy_client: Client, method: str, path: str
) -> None:
    foreign = getattr(cy_client, method)(f"/clinic/patients/{ada.id}/{path}")
    unknown = getattr(cy_client, method)(f"/clinic/patients/{uuid.uuid4()}/{path}")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content


def test_after_a_withdrawn_consent_the_page_is_gone(ada: User, ben_client: Client) -> None:
    consents.withdraw(ada, "care", now=NOW)

    assert ben_client.get(f"/clinic/patients/{ada.id}/").status_code == 404


def test_each_look_is_written_down(ada: User, ben: User, ben_client: Client) -> None:
    _page(ben_client, ada)
    _page(ben_client, ada)

    events = AuditEvent.objects.filter(action="diary.viewed")
    assert [(event.actor_id, event.patient_id) for event in events] == [(ben.id, ada.id)] * 2


def test_the_chart_and_its_table_show_the_same_numbers(ada: User, ben_client: Client) -> None:
    _diary(
        ada,
        {
            ago: {"pain_avg": ago % 11, "interference": (ago * 3) % 11, "weakness": 1 if ago < 3 else 0}
            for ago in range(30)
        },
    )

    page = _page(ben_client, ada)

    chart = {}
    for name, body in re.findall(r'<g class="panel \w+" data-name="(\w+)">(.*?)</g>', page, re.DOTALL):
        for on, value in re.findall(r'data-on="([\d-]+)" data-value="([\d.]+)"', body):
            chart[name, on] = value
    table = page[page.index('id="chart-table"') :]
    names = ["weakness", "interference", "pain_avg"]
    cells = {}
    for on, row in re.findall(r'<tr data-on="([\d-]+)">(.*?)</tr>', table, re.DOTALL):
        for name, value in zip(names, re.findall(r'<td class="number">([^<]+)</td>', row), strict=True):
            cells[name, on] = value
    assert len(cells) == 90
    assert chart == cells


def test_a_late_entry_is_hollow_in_the_chart_and_named_in_the_table(ada: User, ben_client: Client) -> None:
    episode = factories.episode(patient=ada)
    factories.entry(
        episode=episode, on=TODAY - timedelta(days=3), observations={"pain_avg": 5}, received_at=NOW - timedelta(days=1)
    )

    page = _page(ben_client, ada)

    assert '<circle class="late"' in page
    assert "<p>Late.</p>" in page
    assert "Entries on 1 of 4 days, 1 late." in page


def test_weakness_stands_above_pain(ada: User, ben_client: Client) -> None:
    _diary(ada, {0: {"pain_avg": 2, "weakness": 2}})

    page = _page(ben_client, ada)

    assert page.index('data-name="weakness"') < page.index('data-name="pain_avg"')


def test_an_answer_that_took_part_in_an_alert_is_marked_also_in_words(ada: User, ben_client: Client) -> None:
    _diary(ada, {0: {"saddle": "new", "pain_avg": 4}})
    rows.alert(patient=ada)

    page = _page(ben_client, ada)

    assert "<mark>Saddle sensation: new</mark>" in page
    assert "Evidence for:" in page


def test_days_without_an_entry_are_said(ada: User, ben_client: Client) -> None:
    _diary(ada, {0: {"pain_avg": 4}, 4: {"pain_avg": 4}})

    assert "No entry for 3 days." in _page(ben_client, ada)


def test_a_question_that_was_never_answered_is_not_a_no(ada: User, ben: User) -> None:
    _diary(ada, {0: {"bladder": "none"}})

    strip = {each.label: each for each in review.load(open_desk(ben, now=NOW), ada).safety}

    assert (strip["Bladder"].answer, strip["Bladder"].days) == ("no change", 1)
    assert (strip["Bowel"].answer, strip["Bowel"].last_on) == ("", None)


def test_the_comparison_starts_at_the_last_review(ada: User, ben: User, ben_client: Client) -> None:
    _diary(ada, {ago: {"pain_avg": 8 if ago >= 10 else 3} for ago in range(30)})
    Review.objects.create(patient=ada, by=ben, at=NOW - timedelta(days=12))

    (compared,) = review.load(open_desk(ben, now=NOW), ada).comparisons

    assert (compared.then.mean, compared.now.mean, compared.change) == (8, 3, trend.Change.LESS)
    assert "Since the last review (18 Feb 18:30, Ben)" in _page(ben_client, ada)


def test_marking_as_reviewed_is_written_down(ada: User, ben: User, ben_client: Client) -> None:
    ben_client.post(f"/clinic/patients/{ada.id}/reviewed/")

    row = Review.objects.get()
    assert (row.patient, row.by, row.at) == (ada, ben, NOW)
    assert AuditEvent.objects.filter(action="diary.reviewed", patient_id=ada.id).exists()


def test_the_page_never_says_that_somebody_is_well(ada: User, ben_client: Client) -> None:
    _diary(ada, {0: {"pain_avg": 0, "bladder": "none"}})

    words = _page(ben_client, ada).lower()

    assert "that alone does not mean that the patient is well" in words
    assert not re.search(r"all (clear|fine|good)|no risk|safe to", words)


def test_a_corrected_entry_does_not_count_but_is_told(ada: User, ben: User, ben_client: Client) -> None:
    _diary(ada, {0: {"pain_avg": 9}})
    ada.entries.update(entered_in_error_at=NOW)
    _diary_more(ada, {"pain_avg": 2})

    page = _page(ben_client, ada)

    assert "1 entry was corrected by the patient." in page
    assert 'data-value="9"' not in page


def _diary_more(ada: User, observations: dict[str, object]) -> None:
    factories.entry(episode=ada.episodes.get(), on=TODAY, observations=observations)


def test_older_weeks_are_one_step_away(ada: User, ben_client: Client) -> None:
    _diary(ada, {0: {"pain_avg": 1}, 100: {"pain_avg": 7}})

    page = _page(ben_client, ada)
    older = re.search(r'href="([^"]+\?until=[\d-]+)"', page)

    assert older
    assert 'data-value="7"' in ben_client.get(older[1]).content.decode()


@pytest.mark.parametrize("until", ["tomorrow", "9999-99-99", "<script>", "2099-01-01", "0001-01-01"])
def test_a_strange_day_in_the_address_does_no_harm(ada: User, ben_client: Client, until: str) -> None:
    assert ben_client.get(f"/clinic/patients/{ada.id}/", {"until": until}).status_code == 200


def test_a_note_is_shown_as_text(ada: User, ben_client: Client) -> None:
    _diary(ada, {0: {"note": "<script>alert(1)</script>"}})

    assert "<script>alert" not in _page(ben_client, ada)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_names_week_last_entry_and_open_items(ada: User, ben: User) -> None:
    _diary(ada, {2: {"pain_avg": 4}})
    rows.alert(patient=ada)

    (listed,), has_next = patients.load(open_desk(ben, now=NOW))

    assert (listed.week, listed.last_on, listed.open_alerts, listed.tier, has_next) == (
        4,
        date(2026, 2, 28),
        1,
        "emergency",
        False,
    )


def test_the_trend_compares_two_weeks(ada: User, ben: User) -> None:
    _diary(ada, {ago: {"pain_avg": 3 if ago < 7 else 7} for ago in range(14)})

    (listed,), _ = patients.load(open_desk(ben, now=NOW))

    assert listed.change is trend.Change.LESS


def test_a_search_finds_part_of_a_name(harbour: Clinic, ada: User, ben_client: Client) -> None:
    other = factories.patient(email="di@example.org", name="Di", of=harbour)

    words = ben_client.post("/clinic/patients/", {"name": "ada can"}).content.decode()

    assert ada.name in words
    assert other.name not in words


def test_a_name_is_not_searched_in_the_address(ada: User, ben_client: Client) -> None:
    page = ben_client.get("/clinic/patients/").content.decode()

    assert '<form method="post" class="search"' in page


def test_cy_finds_nobody(ada: User, cy_client: Client) -> None:
    assert ada.name not in cy_client.get("/clinic/patients/").content.decode()
    assert ada.name not in cy_client.post("/clinic/patients/", {"name": "ada"}).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_patients(
    harbour: Clinic, ada: User, ben: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk = open_desk(ben, now=NOW)
    with django_assert_num_queries(5):
        patients.load(desk)
    for number in range(10):
        each = factories.patient(email=f"p{number}@example.org", name=f"P{number}", of=harbour)
        _diary(each, {0: {"pain_avg": 4}})
        rows.alert(patient=each)

    with django_assert_num_queries(5):
        patients.load(desk)
