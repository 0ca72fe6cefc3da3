"""Places, a bad day, yesterday and what happened besides, without a script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from exercises.models import Session
from selfcare.accounts import audit
from selfcare.accounts.models import PatientProfile, User
from selfcare.clinic import wording
from selfcare.diary import areas
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert
from selfcare.web import draft as drafts
from selfcare.web import flow, patients, places
from tests import factories
from tests.web.conftest import LONDON, QUIET, Walker

pytestmark = pytest.mark.django_db


def newest(person: User) -> Entry:
    return Entry.objects.filter(patient=person, app_version="pages").latest("received_at")


def begin(walker: Walker, what: str) -> Walker:
    return walker._follow(walker.client.post("/check-in/start", {"what": what}, follow=True))


def to_the_scores(walker: Walker) -> Walker:
    walker.start()
    while walker.step != "pain_buttock":
        walker.answer(walker.step, {"interference": "3"}.get(walker.step, "no_change"))
    return walker


def mark(walker: Walker, **marked: list[str]) -> Walker:
    """Mark areas and say that they are the right ones."""
    walker._follow(walker.client.post(walker.url, {"answer": "marked", **marked}, follow=True))
    return walker._follow(
        walker.client.post(walker.url, {"answer": "marked", "confirmed": "yes", **marked}, follow=True)
    )


def test_it_has_moved_leads_to_the_map_with_the_last_places_marked(usual: Episode, walker: Walker) -> None:
    to_the_scores(walker)

    walker._follow(walker.client.post(walker.url, {"moved": "yes"}, follow=True))

    assert walker.step == "map"
    assert 'value="bu-l" checked' in walker.page
    assert 'value="bu-r" checked' not in walker.page


def test_what_was_marked_is_said_back_before_it_counts(usual: Episode, walker: Walker) -> None:
    to_the_scores(walker)
    walker._follow(walker.client.post(walker.url, {"moved": "yes"}, follow=True))

    said = walker.client.post(walker.url, {"answer": "marked", "places": ["bu-l", "th-l"]}).content.decode()

    assert "You marked: Left buttock, Back of left thigh." in said
    assert "No, let me change it" in said
    walker._follow(walker.client.get(walker.url, follow=True))
    assert walker.step == "map"


def test_a_map_without_a_mark_is_asked_for_one(usual: Episode, walker: Walker) -> None:
    to_the_scores(walker)
    walker._follow(walker.client.post(walker.url, {"moved": "yes"}, follow=True))

    answer = walker.client.post(walker.url, {"answer": "marked"})

    assert answer.status_code == 422
    assert "Mark at least one place." in answer.content.decode()


def test_a_new_place_brings_its_own_score(usual: Episode, walker: Walker, ada: User) -> None:
    to_the_scores(walker)
    walker._follow(walker.client.post(walker.url, {"moved": "yes"}, follow=True))
    mark(walker, places=["bu-l", "ca-l"], places_with_tingling=["ca-l"])

    walker.answer("pain_buttock", "4").answer("pain_leg", "6")

    told = newest(ada).observations
    assert told["places"] == ["bu-l", "ca-l"]
    assert (told["pain_buttock"], told["pain_leg"], told["pain_avg"]) == (4, 6, 6)
    assert (told["pain_site"], told["tingling"]) == ("mixed", True)


def test_marks_on_both_legs_mean_go_now(usual: Episode, walker: Walker, ada: User) -> None:
    to_the_scores(walker)
    walker._follow(walker.client.post(walker.url, {"moved": "yes"}, follow=True))

    mark(walker, places=["ca-l", "ca-r"])

    assert walker.url.endswith("/advice")
    assert Alert.objects.get(patient=ada, tier="emergency").rule_id == "RF-CES-05"


def test_a_numb_place_takes_back_no_change(usual: Episode, walker: Walker, ada: User) -> None:
    to_the_scores(walker)
    walker._follow(walker.client.post(walker.url, {"moved": "yes"}, follow=True))
    mark(walker, places=["bu-l"], places_with_numbness=["bu-l"])
    assert walker.step == "numbness"

    walker.answer("numbness", "").answer("pain_buttock", "4")

    assert "numbness" not in newest(ada).observations


def test_a_mark_between_the_legs_asks_about_it_with_the_call_on_top(usual: Episode, walker: Walker) -> None:
    to_the_scores(walker)
    walker._follow(walker.client.post(walker.url, {"moved": "yes"}, follow=True))

    mark(walker, places=["bu-l", "sad"])

    assert walker.step == "saddle"
    assert 'href="tel:999"' in walker.page


def test_too_much_exercise_asks_about_the_places(usual: Episode, ada: User) -> None:
    now = timezone.now()
    today = patients.load(ada, now=now).today
    factories.programme(patient=ada, as_of=today - timedelta(days=9))
    factories.exercise_session(patient=ada, on=today - timedelta(days=1), results=[{"exercise": "EX-05"}])
    assert "due:places" not in drafts.begin(patients.load(ada, now=now), now=now).due

    Session.objects.filter(patient=ada).update(felt=Session.Felt.TOO_MUCH)

    assert "due:places" in drafts.begin(patients.load(ada, now=now), now=now).due


def test_the_same_places_are_written_down_again(usual: Episode, walker: Walker, ada: User) -> None:
    to_the_scores(walker).answer("pain_buttock", "6").answer("places", "same")

    assert newest(ada).observations["places"] == ["bu-l"]


@pytest.mark.parametrize(
    ("marked", "side"),
    [
        (["bu-l", "th-l"], "left"),
        (["lb-l", "lb-r", "th-l"], "left"),
        (["th-l", "ca-r"], "both"),
        (["lb-l", "lb-r"], None),
        (["bu-l", "bu-r"], None),
        (["bu-r"], "right"),
        (["sad"], None),
    ],
)
def test_both_sides_are_said_of_legs_alone(marked: list[str], side: str | None) -> None:
    assert places.derived({"places": marked}).get("pain_side") == side


def test_a_numb_buttock_on_the_other_side_counts_as_a_leg() -> None:
    found = places.derived({"places": ["th-l", "bu-r"], "places_with_numbness": ["bu-r"]})

    assert found["pain_side"] == "both"


def scored(**scores: int) -> list[dict[str, Any]]:
    return [{"on": None, "values": scores}]


def test_of_three_sites_the_least_sore_one_waits_for_the_long_day() -> None:
    marked, entries = ["bu-l", "th-l", "lb-l"], scored(pain_buttock=5, pain_leg=2, pain_back=4)

    usual = places.flags(marked, entries=entries, every_site=False, one_score=False)
    weekly = places.flags(marked, entries=entries, every_site=True, one_score=False)

    assert {"buttock", "leg", "back"} - set(usual) == {"leg"}
    assert {"buttock", "leg", "back"} <= set(weekly)


def test_a_site_that_was_never_scored_is_not_left_out() -> None:
    entries = scored(pain_buttock=5, pain_back=9)

    found = places.flags(["bu-l", "th-l", "lb-l"], entries=entries, every_site=False, one_score=False)

    assert "leg" in found


@pytest.mark.parametrize(("now", "moved"), [(["bu-l", "ca-l"], "down"), (["lb-l"], "up"), (["bu-r"], "same"), ([], "")])
def test_the_furthest_point_moves_down_up_or_stays(now: list[str], moved: str) -> None:
    assert areas.moved(["bu-l"], now) == moved


def test_a_bad_day_asks_four_screens_and_one_score(usual: Episode, walker: Walker, ada: User) -> None:
    begin(walker, "bad")
    steps = []
    while walker.step:
        steps.append(walker.step)
        walker.answer(walker.step, "8" if walker.step.startswith("pain") else "no_change")

    assert steps == ["toilet", "between", "legs", "body", "pain_buttock"]
    assert newest(ada).observations["flare"] is True
    assert "It rarely means new harm." in walker.page


def test_after_a_bad_day_the_next_check_in_is_the_careful_one() -> None:
    today = datetime(2026, 3, 9, tzinfo=UTC).date()
    entries = [{"on": today - timedelta(days=ago), "values": dict(QUIET)} for ago in range(5, 1, -1)]
    entries.append({"on": today - timedelta(days=1), "values": {**QUIET, "flare": True}})

    assert flow.mode_for(entries, on=today) == flow.LONG


@pytest.mark.parametrize("event", ["visit", "injection", "other"])
def test_what_happened_takes_one_answer_and_a_note_that_may_be_empty(
    event: str, usual: Episode, walker: Walker, ada: User
) -> None:
    begin(walker, "event").answer("event", event).answer("words", "save")

    assert newest(ada).observations == {"event": event}
    assert "No warning signs" not in walker.page


def test_a_note_of_five_hundred_letters_is_kept_and_one_more_is_asked_to_be_shorter(
    usual: Episode, walker: Walker, ada: User
) -> None:
    begin(walker, "event").answer("event", "other")
    long = walker.client.post(walker.url, {"answer": "save", "note": "a" * 501})
    assert long.status_code == 422
    assert "a" * 501 in long.content.decode()

    walker.answer("words", "save", note="a" * 500)

    assert newest(ada).observations["note"] == "a" * 500


def test_a_new_blood_thinner_counts_from_this_answer_on(usual: Episode, walker: Walker, ada: User) -> None:
    begin(walker, "event").answer("event", "medicine_change").answer("medicine", "anticoagulant")
    walker.answer("words", "save")

    assert PatientProfile.objects.get(user=ada).history["anticoagulant"] is True


def test_a_big_fall_is_judged_at_once(usual: Episode, walker: Walker, ada: User) -> None:
    begin(walker, "event").answer("event", "fall").answer("injury", "major")

    assert walker.url.endswith("/advice")
    assert Alert.objects.get(patient=ada).tier == "emergency"


def test_what_happened_is_marked_in_diary_and_review(usual: Episode, walker: Walker, ada: User) -> None:
    begin(walker, "event").answer("event", "injection").answer("words", "save", note="In the left side.")

    assert "An injection." in walker.client.get("/diary").content.decode()
    assert "In the left side." in walker.client.get(f"/diary/{newest(ada).pk}").content.decode()


def move_to_the_hour(person: User, hour: int) -> None:
    """Let the person live where it is this hour now."""
    ahead = (hour - timezone.now().hour) % 24
    zone = f"Etc/GMT{-ahead:+d}" if ahead <= 12 else f"Etc/GMT+{24 - ahead}"
    PatientProfile.objects.filter(user=person).update(time_zone=zone)


def test_yesterday_can_be_filled_in_before_noon_and_is_marked_late(usual: Episode, walker: Walker, ada: User) -> None:
    move_to_the_hour(ada, 11)
    today = patients.load(ada, now=timezone.now()).today
    Entry.objects.filter(patient=ada, occurred_on=today - timedelta(days=1)).delete()

    assert "Fill in yesterday" in walker.client.get("/").content.decode()
    begin(walker, "yesterday")
    assert "About yesterday" in walker.page
    walker.answer_quietly()

    entry = newest(ada)
    assert entry.occurred_on == today - timedelta(days=1)
    assert "Answered on a later day." in walker.client.get(f"/diary/{entry.pk}").content.decode()


def test_after_noon_yesterday_is_closed_with_kind_words(usual: Episode, walker: Walker, ada: User) -> None:
    move_to_the_hour(ada, 12)

    assert "Fill in yesterday" not in walker.client.get("/").content.decode()
    begin(walker, "yesterday")

    assert "You can fill in yesterday until noon." in walker.page
    assert not walker.step


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (datetime(2026, 3, 29, 10, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 11, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 11, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), False),
    ],
)
def test_noon_is_noon_on_the_days_of_the_clock_change(at: datetime, open_: bool, usual: Episode, ada: User) -> None:
    assert drafts.may_fill_in_yesterday(patients.load(ada, now=at), now=at) is open_


def test_an_answer_is_changed_until_the_team_has_read_it_then_a_note_is_added(
    usual: Episode, walker: Walker, ada: User
) -> None:
    walker.start().answer_quietly()
    page = f"/diary/{newest(ada).pk}"
    assert ">Change<" in walker.client.get(page).content.decode()

    audit.record("diary.viewed", actor_id=uuid4(), patient_id=ada.pk, now=timezone.now())

    read = walker.client.get(page).content.decode()
    assert ">Change<" not in read
    assert "Add a note" in read


@pytest.mark.parametrize(("seconds", "said"), [(1.9, "1.9 (answered very fast)"), (2, "2"), (12.4, "12.4")])
def test_very_fast_answers_are_told_without_blame(seconds: float, said: str) -> None:
    assert wording.value_of("safety_seconds", seconds) == said


def test_the_day_before_is_not_asked_about_this_morning(usual: Episode, ada: User) -> None:
    now = datetime.now(LONDON)
    patient = patients.load(ada, now=now)
    patient.flags.append("exercised")

    late = drafts.begin(patient, what=flow.YESTERDAY, now=now)

    assert "exercised" in drafts.begin(patient, now=now).flags(patient)
    assert "exercised" not in late.flags(patient)
