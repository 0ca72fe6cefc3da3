"""The patient's exercises without a script: the plan, one move, writing down a session, what changed and why."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from exercises.models import DoseChange, Programme, Result, Session
from selfcare.accounts.models import Clinic, User
from selfcare.diary import recording
from selfcare.diary.models import Episode
from tests import factories, reading
from tests.web.conftest import LONDON, QUIET

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    """Return Ada's day."""
    return timezone.localdate(timezone=LONDON)


@pytest.fixture
def checked_in(ada: User, episode: Episode, today: date) -> User:
    """Return Ada, whose safety screen of today is clear."""
    now = timezone.now()
    body = {
        "occurred_on": today.isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": dict(QUIET),
    }
    recording.record_entry(ada, uuid.uuid4(), body, now=now)
    return ada


@pytest.fixture
def started(ada: User, episode: Episode, today: date) -> Programme:
    """Return Ada's gentle start, begun a week ago."""
    return factories.programme(patient=ada, as_of=today - timedelta(days=7))


@pytest.fixture
def phone(ada: User, client: Client) -> Client:
    """Return Ada's browser without a script."""
    return factories.log_in(client, ada)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def words_of(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def said_after(client: Client, path: str, **fields: str) -> str:
    return unescape(client.post(path, fields, follow=True).content.decode())


def step_up(programme: Programme, *, on: date, exercise: str = "EX-05") -> DoseChange:
    practice = programme.practices.get(exercise=exercise)
    before = {"level": 1, "dose": practice.dose, "status": "active", "rest_until_on": None}
    return DoseChange.objects.create(
        practice=practice,
        rule="DX-01",
        kind="up",
        at=timezone.now(),
        on=on,
        before=before,
        after=before,
        values={"reason": "DX-01", "count": 3},
    )


def test_without_a_programme_and_a_check_in_the_check_in_is_the_way_in(phone: Client, episode: Episode) -> None:
    html = page(phone, "/exercises")

    assert "safety answers" in html
    assert 'action="/check-in/start"' in html
    assert 'action="/exercises/start"' not in html


def test_a_clear_safety_screen_opens_the_gentle_start(phone: Client, checked_in: User) -> None:
    html = page(phone, "/exercises")
    assert 'action="/exercises/start"' in html

    said = said_after(phone, "/exercises/start")

    assert "Here are your moves for today." in said
    assert Programme.objects.filter(patient=checked_in, mode="gentle_start").count() == 1


def test_starting_without_a_clear_screen_says_what_to_do(phone: Client, episode: Episode) -> None:
    said = said_after(phone, "/exercises/start")

    assert "Answer the safety questions first." in said
    assert not Programme.objects.exists()


def test_the_plan_shows_each_move_with_its_dose_and_the_minutes(phone: Client, started: Programme) -> None:
    words = words_of(page(phone, "/exercises"))

    assert "A gentle start." in words
    assert "Figure four 3 times, hold 20 seconds each. Each side." in words
    assert "Walking 5 minutes. 2 times a day." in words
    assert re.search(r"About \d+ minutes\.", words)


def test_what_was_done_today_is_counted_and_not_more(phone: Client, started: Programme, ada: User, today: date) -> None:
    for _ in range(3):
        factories.exercise_session(patient=ada, on=today, results=[{"exercise": "EX-01"}])

    assert "2 of 2 done today." in words_of(page(phone, "/exercises"))


def test_a_move_s_page_says_how_why_and_when_to_stop(phone: Client, started: Programme) -> None:
    words = words_of(page(phone, "/exercises/moves/EX-05"))

    for part in ("Rest your ankle on the other knee.", "3 times, hold 20 seconds each. Each side.",
                 "To make it easier", "Stop if your knee hurts.", "Stop if you feel dizzy.",
                 "A leg or foot is newly weak or numb.", "a chair"):  # fmt: skip
        assert part in words


def test_a_move_that_nobody_knows_is_not_there(phone: Client, started: Programme) -> None:
    assert phone.get("/exercises/moves/EX-99").status_code == 404


def test_a_session_can_be_written_down_without_a_script(phone: Client, started: Programme, ada: User) -> None:
    form = page(phone, "/exercises/log")
    session_id = re.search(r'name="id" value="([^"]+)"', form)
    assert session_id is not None

    said = said_after(
        phone, "/exercises/log", id=session_id[1], felt="sore", signs="no",
        **{"EX-05-done": "yes", "EX-05-during": "4", "EX-05-spread": "no_change", "EX-02-done": "partly"},
    )  # fmt: skip

    assert "Saved. Thank you." in said
    session = Session.objects.get(patient=ada)
    assert (str(session.pk), session.felt) == (session_id[1], "sore")
    results = {one.exercise: (one.done, one.during, one.spread) for one in session.results.all()}
    assert results == {"EX-05": (True, 4, "no_change"), "EX-02": (False, None, "")}


def test_the_same_form_sent_twice_is_one_session(phone: Client, started: Programme, ada: User) -> None:
    fields = {"id": str(uuid.uuid4()), "EX-05-done": "yes"}
    phone.post("/exercises/log", fields)

    said = said_after(phone, "/exercises/log", **fields)

    assert "saved already" in said
    assert Session.objects.filter(patient=ada).count() == 1


def test_an_empty_form_is_asked_again_and_keeps_what_was_said(phone: Client, started: Programme) -> None:
    response = phone.post("/exercises/log", {"felt": "sore", "EX-05-done": "no"})

    assert response.status_code == 422
    html = response.content.decode()
    assert "at least one move" in html
    assert re.search(r'name="felt" value="sore" checked', html)
    assert not Session.objects.exists()


@pytest.mark.parametrize("nonsense", ["eleven", "11", "-1", "\x00", "3.5"])
def test_a_score_that_no_form_offers_counts_as_not_answered(
    nonsense: str, phone: Client, started: Programme, ada: User
) -> None:
    phone.post("/exercises/log", {"id": "no id", "EX-05-done": "yes", "EX-05-during": nonsense})

    assert Result.objects.get(session__patient=ada).during is None


def test_new_numbness_stops_everything_and_leads_to_help(phone: Client, started: Programme) -> None:
    response = phone.post("/exercises/log", {"signs": "yes"})

    assert response.headers["Location"] == "/help-now/which"
    started.refresh_from_db()
    assert started.paused_for == "safety_stop"
    assert "No exercises until you have been checked." in page(phone, "/exercises")


def test_after_a_safety_stop_nobody_goes_on_without_a_clear_screen(phone: Client, started: Programme) -> None:
    phone.post("/exercises/log", {"signs": "yes"})

    said = said_after(phone, "/exercises/resume")

    assert "Answer the safety questions first." in said
    started.refresh_from_db()
    assert started.paused_for == "safety_stop"


def test_a_pause_that_was_asked_for_ends_when_it_is_asked_for(phone: Client, started: Programme) -> None:
    assert "You paused your exercises." in said_after(phone, "/exercises/pause")

    said_after(phone, "/exercises/resume")

    started.refresh_from_db()
    assert started.paused_for == ""


def test_a_bad_day_makes_gentle_days(phone: Client, started: Programme, today: date) -> None:
    said = said_after(phone, "/exercises/flare")

    assert "Gentle days" in said
    started.refresh_from_db()
    assert started.eased_until_on is not None
    assert started.eased_until_on > today


def test_every_change_stands_there_with_its_reason(phone: Client, started: Programme, today: date) -> None:
    step_up(started, on=today)

    assert "Figure four went well 3 times in a row." in words_of(page(phone, "/exercises/history"))


def test_a_step_up_can_be_taken_back_once(phone: Client, started: Programme, today: date) -> None:
    change = step_up(started, on=today)
    assert f"/exercises/changes/{change.pk}/undo" in page(phone, "/exercises/history")

    said = said_after(phone, f"/exercises/changes/{change.pk}/undo")

    assert "You do less of it from now on." in said
    assert DoseChange.objects.filter(undoes=change).count() == 1
    assert f"/exercises/changes/{change.pk}/undo" not in page(phone, "/exercises/history")


def test_a_stranger_cannot_take_back_ada_s_step(started: Programme, harbour: Clinic, today: date) -> None:
    change = step_up(started, on=today)
    dora = factories.patient(email="dora@example.org", name="Dora", of=harbour)

    response = factories.log_in(Client(), dora).post(f"/exercises/changes/{change.pk}/undo")

    assert response.status_code == 404
    assert not DoseChange.objects.filter(undoes=change).exists()


def test_weeks_are_told_as_done_of_planned_and_nothing_counts_in_a_row(
    phone: Client, started: Programme, ada: User, today: date
) -> None:
    factories.exercise_session(patient=ada, on=today - timedelta(days=1), results=[{"exercise": "EX-05"}])

    words = words_of(page(phone, "/exercises/history"))

    assert re.search(r"You did \d+ of \d+ planned\.", words)
    assert "streak" not in words
    assert "missed" not in words


def test_an_hour_after_a_session_the_pain_is_asked_for_once(
    phone: Client, started: Programme, ada: User, today: date
) -> None:
    log_at(ada, today, ago=timedelta(minutes=60))
    assert 'action="/exercises/hour-after"' in page(phone, "/exercises")

    phone.post("/exercises/hour-after", {"answer": "3"})

    assert Result.objects.get(session__patient=ada).hour_after == 3
    assert 'action="/exercises/hour-after"' not in page(phone, "/exercises")


@pytest.mark.parametrize(("ago", "asked"), [(44, False), (46, True), (149, True), (151, False)])
def test_one_hour_is_from_three_quarters_to_two_and_a_half(
    ago: int, asked: bool, phone: Client, started: Programme, ada: User, today: date
) -> None:
    log_at(ada, today, ago=timedelta(minutes=ago))

    assert ('action="/exercises/hour-after"' in page(phone, "/exercises")) is asked


def test_the_phone_gets_a_week_of_its_own_person_and_nobody_else_s(
    phone: Client, started: Programme, harbour: Clinic, today: date
) -> None:
    context = phone.get("/exercises/context").json()
    dora = factories.patient(email="dora@example.org", name="Dora", of=harbour)
    hers = factories.log_in(Client(), dora).get("/exercises/context").json()

    assert [day["on"] for day in context["days"]] == [(today + timedelta(days=n)).isoformat() for n in range(7)]
    figure_four = next(one for one in context["days"][0]["todo"] if one["exercise"] == "EX-05")
    assert figure_four["words"] == "3 times, hold 20 seconds each. Each side."
    assert figure_four["side_order"] == ["right", "left"]
    assert (hers["programme"], hers["days"], hers["person"]) == (None, [], str(dora.pk))


def test_the_session_page_is_the_same_for_ada_and_for_nobody(phone: Client, started: Programme) -> None:
    assert phone.get("/exercises/session").content == Client().get("/exercises/session").content


@pytest.mark.parametrize("path", ["/exercises", "/exercises/history", "/exercises/log", "/exercises/session"])
def test_the_words_of_a_page_are_easy_to_read(path: str, phone: Client, started: Programme, today: date) -> None:
    step_up(started, on=today)
    html = page(phone, path)
    main = html[html.index("<main") : html.index("</main>")]

    texts = re.findall(r"<(?:p|li|h1|h2|legend|button)\b[^>]*>([^<]{12,})<", main)

    assert reading.grade("\n".join(texts)) <= reading.HIGHEST
    assert [text for text in texts if any(len(part.split()) > 20 for part in re.split(r"[.?!:]", text))] == []


def log_at(person: User, on: date, *, ago: timedelta) -> None:
    """Store a session that ended so long ago."""
    logged = factories.exercise_session(patient=person, on=on, results=[{"exercise": "EX-05", "before": 2}])
    Session.objects.filter(pk=logged.session.pk).update(recorded_at=timezone.now() - ago)
