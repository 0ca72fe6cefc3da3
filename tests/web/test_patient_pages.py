"""Today, the diary, changing an answer, set-up and reminders."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Reminder
from selfcare.accounts.models import PatientProfile, User
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert
from selfcare.web import bodymap, plan, said
from tests import factories
from tests.web.conftest import LONDON, QUIET, Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client: Client, ada: User, episode: Episode) -> Client:
    """Return Ada's browser."""
    return factories.log_in(client, ada)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_stranger_is_told_what_this_is(client: Client) -> None:
    assert "I have an invite" in text(client.get("/"))


def test_a_clinician_goes_to_the_worklist(client: Client, ben: User) -> None:
    assert factories.log_in(client, ben).get("/").headers["Location"] == "/clinic/"


def test_a_patient_without_an_episode_goes_on_with_set_up(client: Client, ada: User) -> None:
    assert factories.log_in(client, ada).get("/").headers["Location"] == "/set-up/episode"


def test_today_offers_one_thing_to_do(phone: Client) -> None:
    page = text(phone.get("/"))

    assert "Start check-in" in page
    assert "Your first ones take about 90 seconds" in page


def test_today_knows_that_the_check_in_is_done(phone: Client, usual: Episode) -> None:
    factories.entry(episode=usual, on=timezone.localdate(timezone=LONDON), observations=dict(QUIET))

    assert "All done for today" in text(phone.get("/"))


def test_a_gap_is_welcomed_without_blame(phone: Client, episode: Episode) -> None:
    factories.entry(episode=episode, on=timezone.localdate(timezone=LONDON) - timedelta(days=6), observations={})

    assert "No need to catch up" in text(phone.get("/"))


def test_today_sets_the_country_for_the_help_pages(phone: Client) -> None:
    phone.get("/")

    assert phone.cookies["country"].value == "GB"


def test_an_open_alert_asks_whether_ada_was_seen_until_she_was(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "new_days")
    assert "Did you get seen?" in text(walker.client.get("/"))
    alert = Alert.objects.get(patient=ada)

    answer = walker.client.post("/today/follow-up", {"answer": "going", "alert": str(alert.pk)}, follow=True)

    assert "Your care team can see your answer" in text(answer)
    assert alert.events.filter(kind="patient_said").exists()


def test_nobody_else_can_answer_for_ada(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "new_days")
    eve = factories.log_in(Client(), factories.patient(email="eve@example.org", name="Eve"))

    response = eve.post("/today/follow-up", {"answer": "going", "alert": str(Alert.objects.get(patient=ada).pk)})

    assert response.status_code == 404


def test_the_diary_shows_days_and_late_entries(phone: Client, episode: Episode) -> None:
    factories.entry(
        episode=episode,
        on=date(2026, 3, 1),
        observations={"pain_avg": 6},
        received_at=timezone.now(),
    )

    page = text(phone.get("/diary?month=2026-03"))

    assert "Sunday 1 March 2026" in page
    assert "Pain 6" in page
    assert "late" in page


def test_an_entry_is_shown_in_the_words_that_were_tapped(phone: Client, episode: Episode) -> None:
    entry = factories.entry(episode=episode, on=date(2026, 3, 1), observations=dict(QUIET))

    page = text(phone.get(f"/diary/{entry.pk}"))

    assert "Has peeing changed?" in page
    assert "4 / 10" in page


def test_the_diary_tells_the_time_where_the_patient_lives(phone: Client, ada: User, episode: Episode) -> None:
    PatientProfile.objects.filter(user=ada).update(time_zone="Asia/Kathmandu")
    on = timezone.now().date() - timedelta(days=1)
    factories.entry(episode=episode, on=on, observations=QUIET)

    page = text(phone.get("/diary"))

    # 18:00 UTC; Nepal is five hours and three quarters ahead.
    assert "<strong>23:45</strong>" in page


@pytest.mark.parametrize("path", ["/diary/{}", "/diary/{}/change/bladder"])
def test_cy_and_eve_cannot_tell_ada_s_entry_from_none(path: str, episode: Episode, cy: User) -> None:
    entry = factories.entry(episode=episode, on=date(2026, 3, 1), observations=dict(QUIET))
    eve = factories.patient(email="eve@example.org", name="Eve")
    nobody = path.format("00000000-0000-4000-8000-000000000000")

    for person in (cy, eve):
        client = factories.log_in(Client(), person)
        foreign, unknown = client.get(path.format(entry.pk)), client.get(nobody)
        assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_changing_an_answer_adds_an_entry_and_keeps_the_old_one(phone: Client, episode: Episode, ada: User) -> None:
    old = factories.entry(episode=episode, on=date(2026, 3, 1), observations=dict(QUIET))

    phone.post(f"/diary/{old.pk}/change/pain_buttock", {"answer": "7"})

    new = Entry.objects.get(patient=ada, corrects=old)
    old.refresh_from_db()
    assert new.observations == QUIET | {"pain_buttock": 7, "pain_avg": 7}
    assert old.observations == QUIET
    assert old.entered_in_error_at is not None


def test_changing_an_answer_to_a_warning_sign_shows_the_card(phone: Client, episode: Episode) -> None:
    today = timezone.localdate(timezone=LONDON)
    old = factories.entry(episode=episode, on=today, observations=dict(QUIET))

    response = phone.post(f"/diary/{old.pk}/change/saddle", {"answer": "new_days"}, follow=True)

    assert "Go to A&amp;E now" in text(response)


def test_the_same_answer_again_changes_nothing(phone: Client, episode: Episode, ada: User) -> None:
    old = factories.entry(episode=episode, on=date(2026, 3, 1), observations=dict(QUIET))

    phone.post(f"/diary/{old.pk}/change/pain_buttock", {"answer": "4"})

    assert Entry.objects.filter(patient=ada).count() == 1


def test_each_answer_of_the_plan_is_told_back_as_it_was_tapped(db: None) -> None:
    for step in plan.check_in():
        if step["kind"] in ("group", "confirm"):
            continue
        for answer in (one for one in step["answers"] if one["writes"]):
            assert said.answer_of(step, answer["writes"]) == answer["value"], (step["id"], answer["value"])


def test_where_and_since_when_start_the_episode(client: Client, ada: User) -> None:
    phone = factories.log_in(client, ada)

    response = phone.post(
        "/set-up/episode", {"regions": ["bu-l", "th-l"], "day": "3", "month": "2", "year": "2026", "assessed": "no"}
    )

    stored = Episode.objects.get(patient=ada)
    assert response.headers["Location"] == "/set-up/safety"
    assert (stored.onset_on, stored.onset_estimated) == (date(2026, 2, 3), False)
    assert (stored.regions, stored.pain_side, stored.pain_site) == (["bu-l", "th-l"], "left", "mixed")


def test_only_a_month_is_the_first_of_it_so_that_prompts_come_sooner(client: Client, ada: User) -> None:
    factories.log_in(client, ada).post("/set-up/episode", {"regions": ["lb-r"], "month": "2", "year": "2026"})

    stored = Episode.objects.get(patient=ada)
    assert (stored.onset_on, stored.onset_estimated) == (date(2026, 2, 1), True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"month": "2", "year": "2026"}, "Mark at least one place where it hurts."),
        ({"regions": ["bu-l"]}, "Choose the month and enter the year"),
        ({"regions": ["bu-l"], "day": "31", "month": "2", "year": "2026"}, "This month has fewer days"),
        ({"regions": ["bu-l"], "month": "2", "year": "2199"}, "Choose a day that has already been."),
        ({"regions": ["bu-l"], "month": "2", "year": "1960"}, "Choose a day within the last 50 years."),
    ],
)
def test_a_slip_in_set_up_is_told_and_keeps_the_marks(
    client: Client, ada: User, given: dict[str, Any], sentence: str
) -> None:
    response = factories.log_in(client, ada).post("/set-up/episode", given)

    assert response.status_code == 422
    assert sentence in text(response)
    assert text(response).count("checked") >= len(given.get("regions", []))
    assert not Episode.objects.exists()


def test_a_reminder_is_stored_for_the_patient_s_zone(phone: Client, ada: User) -> None:
    phone.post("/settings/reminders", {"enabled": "on", "local_time": "19:30", "days": ["1", "3"], "by_email": "on"})

    stored = Reminder.objects.get(user=ada)
    assert (stored.local_time, stored.days, stored.time_zone) == (time(19, 30), "13", "Europe/London")


def test_a_reminder_without_a_day_is_told(phone: Client) -> None:
    response = phone.post("/settings/reminders", {"enabled": "on", "local_time": "19:30"})

    assert response.status_code == 422
    assert "Choose at least one day." in text(response)


def test_a_goal_is_kept_and_shown(phone: Client) -> None:
    phone.post("/set-up/goal", {"goal": "Walk to the shop"})

    assert "Walk to the shop" in text(phone.get("/"))


def test_settings_lead_everywhere(phone: Client) -> None:
    page = text(phone.get("/settings"))

    for path in ("/settings/reminders", "/settings/sharing", "/settings/profile", "/settings/history", "/sign-out"):
        assert path in page


def test_each_area_of_the_map_lies_where_the_numbers_say() -> None:
    css = (plan.__file__).replace("plan.py", "static/web/css/app.css")
    with open(css, encoding="utf-8") as sheet:
        rules = sheet.read()

    for area in bodymap.AREAS.values():
        left, top = f"{area.x * 100 / bodymap.WIDTH:.2f}", f"{area.y * 100 / bodymap.HEIGHT:.2f}"
        assert f".at-{area.id} {{ left: {float(left):g}%; top: {float(top):g}%;" in rules


def test_a_traveller_s_country_stands_until_the_profile_changes(phone: Client, ada: User) -> None:
    phone.get("/")
    phone.post("/help-now/countries", {"country": "IE"})
    phone.get("/")
    assert phone.cookies["country"].value == "IE"
    ada.patient.country = "US"
    ada.patient.save(update_fields=["country"])

    phone.get("/")

    assert phone.cookies["country"].value == "US"
