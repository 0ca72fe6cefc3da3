"""Something has changed, a flare, an open question, and the question under each emergency card, without a script."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts.models import PatientProfile, User
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert
from selfcare.web import patients
from tests import factories
from tests.web.conftest import LONDON, QUIET, Walker

pytestmark = pytest.mark.django_db


def entries(person: User) -> list[dict[str, Any]]:
    """Return what the pages have stored, the earliest first."""
    return [
        one.observations for one in Entry.objects.filter(patient=person, app_version="pages").order_by("received_at")
    ]


def begin(walker: Walker, what: str) -> Walker:
    """Begin a check-in of this form."""
    return walker._follow(walker.client.post("/check-in/start", {"what": what}, follow=True))


def go_to(walker: Walker, step: str) -> None:
    """Answer with nothing new until this question is on the page."""
    while walker.step != step:
        walker.answer(walker.step, walker.response.context["step"]["answers"][0]["value"])


@pytest.mark.parametrize(
    ("step", "answer", "item", "rule"),
    [
        ("chest", "chest_pain", None, "RF-VAS-07"),
        ("sudden", "collapse", None, "RF-VAS-01b"),
        ("vessels", "yes", "cold", "RF-VAS-02"),
        ("injury", "major", None, "RF-FRX-01"),
        ("mood", "yes", None, "RF-OTH-05"),
        ("between", "yes", "saddle", "RF-CES-03"),
    ],
)
def test_a_sign_that_is_told_at_any_time_leads_to_go_now(
    step: str, answer: str, item: str | None, rule: str, usual: Episode, walker: Walker, ada: User
) -> None:
    begin(walker, "changed")
    go_to(walker, step)

    walker.answer(step, answer)
    if item:
        walker.answer(item, "new_days" if item == "saddle" else "yes")

    assert walker.url.endswith("/advice")
    assert Alert.objects.filter(patient=ada, rule_id=rule, tier="emergency").exists()


@pytest.mark.parametrize(
    ("step", "item", "rule"),
    [
        ("vessels", "swelling", "RF-VAS-08"),
        # Without any sign in the legs; with one it is an emergency.
        ("elsewhere", "arm", "RF-NEU-07"),
        ("skin_signs", "rash", "RF-OTH-01"),
        ("general", "urine", "RF-OTH-03"),
        ("load", "aid", "RF-FRX-02"),
    ],
)
def test_a_sign_that_needs_a_clinician_today_says_so_at_once(
    step: str, item: str, rule: str, usual: Episode, walker: Walker, ada: User
) -> None:
    begin(walker, "changed")
    go_to(walker, step)
    walker.answer(step, "yes")
    go_to(walker, item)

    walker.answer(item, "yes")

    assert walker.url.endswith("/advice")
    assert Alert.objects.filter(patient=ada, rule_id=rule, tier="same_day").exists()


def test_a_skipped_sign_is_stored_as_not_answered(usual: Episode, walker: Walker, ada: User) -> None:
    begin(walker, "changed").answer("chest", "").answer_quietly()

    stored = entries(ada)[-1]
    assert not {"chest_pain", "breathless"} & stored.keys()
    assert stored["cold_pale_leg"] is False
    assert "left out one or more of the safety questions" in walker.page


def test_what_was_answered_before_is_kept_when_something_changes(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "no_change")

    begin(walker, "changed")

    assert walker.step == "chest"
    assert entries(ada) == [{"bladder": "none", "bowel": "none"}]


def test_a_flare_is_kept_and_asks_for_every_sign(usual: Episode, walker: Walker, ada: User) -> None:
    begin(walker, "flare").answer_quietly(interference="8", pain_buttock="9")

    stored = entries(ada)[-1]
    assert (stored["flare"], stored["pain_avg"], stored["chest_pain"]) == (True, 9, False)


def test_two_questions_make_an_entry(usual: Episode, walker: Walker, ada: User) -> None:
    begin(walker, "quick").answer("pain_buttock", "4").answer("overall", "a_little_better")

    assert entries(ada) == [{"pain_buttock": 4, "pain_avg": 4, "global_change": "a_little_better"}]


def test_an_unknown_form_is_the_usual_one(usual: Episode, walker: Walker) -> None:
    assert begin(walker, "../../").step == "toilet"


# --- The question under each emergency card ---------------------------------------------------------------------------


def test_each_emergency_card_asks_about_chest_and_breath(usual: Episode, walker: Walker) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "new_days")

    assert "Do you have chest pain or find it hard to breathe?" in walker.page


def test_chest_pain_under_the_card_brings_its_own_card_and_alert(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "new_days")
    first = walker.url

    walker._follow(walker.client.post(first, {"answer": "chest_pain"}, follow=True))

    assert walker.url != first
    assert "Do you have chest pain" not in walker.page
    assert Alert.objects.filter(patient=ada, rule_id="RF-VAS-07", tier="emergency").exists()
    assert Alert.objects.filter(patient=ada, rule_id="RF-CES-01", tier="emergency").exists()


def test_no_under_the_card_is_kept_and_the_card_stays(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "new_days")

    walker._follow(walker.client.post(walker.url, {"answer": "no"}, follow=True))

    assert "Go to A&amp;E now" in walker.page
    assert "Do you have chest pain" not in walker.page
    assert entries(ada)[-1] == {"chest_pain": False, "breathless": False}


def test_a_card_for_today_does_not_ask_about_the_chest(usual: Episode, walker: Walker) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "unsure")

    assert "Do you have chest pain or find it" not in walker.page


@pytest.mark.parametrize("path", ["/help-now", "/help-now/now"])
def test_the_help_pages_ask_about_the_chest_beside_a_call(client: Client, db: None, path: str) -> None:
    page = client.get(path).content.decode()

    assert "Do you have chest pain or find it hard to breathe?" in page
    assert "Yes: call" in page


# --- The same as always -----------------------------------------------------------------------------------------------


def test_the_first_same_as_always_asks_who_knows_and_shows_the_card(usual: Episode, walker: Walker) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "same_as_always")

    assert walker.step == "bladder_known"
    assert "Does a doctor or nurse know about this?" in walker.page
    assert "Do not drive yourself" in walker.page


def test_the_card_stands_above_the_confirmation_on_a_long_day_too(walker: Walker) -> None:
    walker.start()
    assert "Do not drive yourself" not in walker.page

    walker.answer("bladder", "same_as_always")

    assert walker.step == "bladder_known"
    assert "Do not drive yourself" in walker.page


def test_what_a_clinician_knows_is_normal_from_then_on(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "same_as_always").answer("bladder_known", "known")
    walker.answer_quietly()
    assert PatientProfile.objects.get(user=ada).history["bladder_longstanding"] is True

    begin(walker, "changed")
    go_to(walker, "toilet")
    walker.answer("toilet", "yes").answer("bladder", "same_as_always")

    assert walker.step == "bowel"


def test_nobody_knows_is_stored_and_asked_again_the_next_time(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "same_as_always").answer("bladder_known", "not_known")
    walker.answer_quietly()

    assert entries(ada)[-1]["bladder"] == "same_as_always"
    assert "bladder_longstanding" not in PatientProfile.objects.get(user=ada).history


def test_younger_than_two_weeks_is_new_and_an_emergency(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "same_as_always").answer("bladder_known", "days")

    assert walker.url.endswith("/advice")
    assert entries(ada)[-1]["bladder"] == "new"


def test_leaving_the_confirmation_out_is_not_sure(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "same_as_always").answer("bladder_known", "")

    assert entries(ada)[-1]["bladder"] == "unsure"
    assert Alert.objects.filter(patient=ada, rule_id="RF-CES-07", tier="same_day").exists()


@pytest.mark.parametrize(
    ("status", "outcome", "asks"),
    [
        ("closed", "seen_clinic", False),
        ("closed", "seen_emergency", False),
        ("closed", "advice_given", True),
        ("open", "", True),
    ],
)
def test_a_symptom_that_was_looked_at_needs_no_confirmation(
    status: str, outcome: str, asks: bool, usual: Episode, walker: Walker, ada: User, real_now: datetime
) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "new_days")
    Alert.objects.filter(patient=ada, rule_id="RF-CES-01").update(status=status, outcome=outcome)

    flags = patients.load(ada, now=real_now).flags

    assert ("unknown:bladder" in flags) is asks
    assert "unknown:bowel" in flags


def test_changing_an_entry_to_same_as_always_asks_who_knows_first(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer_quietly()
    entry = Entry.objects.get(patient=ada, app_version="pages")

    asked = walker.client.post(f"/diary/{entry.pk}/change/bladder", {"answer": "same_as_always"})
    walker.client.post(asked.headers["Location"], {"answer": "known"})

    assert asked.headers["Location"] == f"/diary/{entry.pk}/change/bladder_known"
    changed = Entry.objects.get(corrects=entry)
    assert changed.observations["bladder"] == "same_as_always"
    assert changed.observations["known_to_clinician"] == ["bladder"]


# --- Details, and Today -----------------------------------------------------------------------------------------------


def test_which_of_it_can_be_ticked_before_the_answer(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer("toilet", "yes").answer("bladder", "worse", bladder_detail="leak")

    assert entries(ada)[-1]["bladder_detail"] == ["leak"]


def test_today_asks_again_four_hours_after_not_sure(usual: Episode, walker: Walker, ada: User) -> None:
    today = timezone.localdate(timezone=LONDON)
    entry = factories.entry(
        episode=usual, on=today, observations={"saddle": "unsure"}, received_at=timezone.now() - timedelta(hours=1)
    )
    assert "You were not sure." not in walker.client.get("/").content.decode()
    Entry.objects.filter(pk=entry.pk).update(recorded_at=timezone.now() - timedelta(hours=5))

    assert "You were not sure." in walker.client.get("/").content.decode()

    assert begin(walker, "again").step == "saddle"


def test_today_asks_about_health_when_it_is_time(usual: Episode, walker: Walker, ada: User, real_now: datetime) -> None:
    assert "Has anything changed in your health?" not in walker.client.get("/").content.decode()
    PatientProfile.objects.filter(user=ada).update(history_asked_at=real_now - timedelta(weeks=12))

    assert "Has anything changed in your health?" in walker.client.get("/").content.decode()


def test_today_offers_two_questions_to_somebody_who_was_away(walker: Walker, episode: Episode) -> None:
    today = timezone.localdate(timezone=LONDON)
    factories.entry(episode=episode, on=today - timedelta(days=7), observations=dict(QUIET))

    assert "Only tell us how the pain is" in walker.client.get("/").content.decode()


@pytest.mark.parametrize(
    ("sex", "born", "history", "flags"),
    [
        ("female", 1990, {}, {"periods"}),
        ("", 1990, {}, {"periods"}),
        ("male", 1990, {}, set()),
        ("female", 1950, {}, set()),
        ("female", 1990, {"pregnant_weeks": 20}, {"pregnant"}),
    ],
)
def test_periods_and_pregnancy_are_asked_about_where_they_can_be(
    sex: str, born: int, history: dict[str, Any], flags: set[str], usual: Episode, ada: User
) -> None:
    PatientProfile.objects.filter(user=ada).update(sex=sex, year_of_birth=born, history=history)

    found = patients.load(ada, now=datetime(2026, 3, 29, 12, tzinfo=LONDON)).flags

    assert {"periods", "pregnant"} & set(found) == flags
