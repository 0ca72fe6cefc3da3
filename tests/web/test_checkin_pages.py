"""The check-in without a script: one question a page, and the right card for each tier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts import consents
from selfcare.accounts.models import User
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert
from tests import factories
from tests.web.conftest import LONDON, Walker

pytestmark = pytest.mark.django_db


def entries(person: User) -> list[Entry]:
    return list(Entry.objects.filter(patient=person, app_version="pages").order_by("received_at"))


def test_the_first_check_in_asks_every_sign_by_itself(walker: Walker) -> None:
    walker.start()

    assert walker.step == "bladder"


def test_a_usual_day_asks_in_four_groups(usual: Episode, walker: Walker) -> None:
    walker.start().answer("toilet", "no_change").answer("between", "no_change").answer("legs", "no_change")

    assert walker.step == "body"


def test_a_usual_day_is_stored_item_by_item(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start().answer_quietly(interference="2", pain_buttock="5")

    stored = entries(ada)[0]
    assert stored.observations == {
        "bladder": "none",
        "bowel": "none",
        "saddle": "none",
        "both_legs": "none",
        "weakness": 0,
        "numbness": 0,
        "chills": False,
        "very_unwell": False,
        "interference": 2,
        "pain_buttock": 5,
        "pain_avg": 5,
    }


def test_a_quiet_day_ends_with_a_receipt_that_never_says_fine(usual: Episode, walker: Walker) -> None:
    walker.start().answer_quietly()

    assert "No warning signs in today" in walker.page
    assert "Nobody is watching it live" in walker.page


@pytest.mark.parametrize("group", ["toilet", "between", "legs"])
def test_yes_or_not_sure_shows_the_call_at_once(group: str, usual: Episode, walker: Walker) -> None:
    walker.start()
    while walker.step != group:
        walker.answer(walker.step, "no_change")

    walker.answer(group, "yes")

    assert 'href="tel:999"' in walker.page
    assert "Do not drive yourself" in walker.page


@pytest.mark.parametrize(
    ("step", "value", "rule"),
    [
        ("bladder", "new_days", "RF-CES-01"),
        ("bowel", "worse", "RF-CES-02"),
        ("saddle", "new_weeks", "RF-CES-03"),
        ("both_legs", "new_days", "RF-CES-05"),
        ("weakness", "3", "RF-NEU-02"),
    ],
)
def test_a_sign_leads_to_go_now_and_stops_the_check_in(
    step: str, value: str, rule: str, walker: Walker, ada: User
) -> None:
    walker.start()
    while walker.step != step:
        walker.answer(walker.step, walker.response.context["step"]["answers"][0]["value"])

    walker.answer(step, value)

    assert walker.url.endswith("/advice")
    assert "Go to A&amp;E now" in walker.page
    assert entries(ada)[0].shown_tier == "emergency"
    assert Alert.objects.filter(patient=ada, rule_id=rule, tier="emergency").exists()


def test_a_sign_in_the_sex_question_is_asked_only_with_consent(walker: Walker, ada: User) -> None:
    consents.give(ada, "intimate", now=timezone.now())

    walker.start().answer("bladder", "none").answer("bowel", "none").answer("saddle", "none")

    assert walker.step == "sexual"


def test_one_not_sure_means_advice_today_and_the_check_in_goes_on(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "none").answer("bowel", "unsure")

    assert "Get advice today" in walker.page
    walker._follow(walker.client.post("/check-in/start", follow=True))
    assert walker.step == "saddle"
    walker.answer_quietly()
    assert [entry.observations.get("bowel") for entry in entries(ada)] == ["unsure", None]


def test_a_change_of_over_two_weeks_alone_is_judged_when_the_others_are_answered(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "none").answer("bowel", "none").answer("saddle", "new_longer")
    assert walker.step == "both_legs"

    walker.answer("both_legs", "none")

    assert "Get advice today" in walker.page
    assert Alert.objects.get(patient=ada).rule_id == "RF-CES-08"


def test_two_changes_of_over_two_weeks_are_an_emergency(walker: Walker) -> None:
    walker.start().answer("bladder", "new_longer").answer("bowel", "new_longer").answer("saddle", "none")

    walker.answer("both_legs", "none")

    assert "Go to A&amp;E now" in walker.page


def test_a_recent_change_does_not_wait_for_the_other_questions(walker: Walker) -> None:
    walker.start().answer("bladder", "new_longer").answer("bowel", "new_days")

    assert "Go to A&amp;E now" in walker.page


def test_burning_alone_means_advice_today(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "burning").answer("bowel", "none").answer("saddle", "none")

    walker.answer("both_legs", "none")

    assert "Get advice today" in walker.page
    assert Alert.objects.get(patient=ada).rule_id == "RF-URO-01"


def test_fever_means_advice_today(walker: Walker, ada: User) -> None:
    walker.start()
    while walker.step != "fever":
        walker.answer(walker.step, walker.response.context["step"]["answers"][0]["value"])

    walker.answer("fever", "yes", fever_c="38.4").answer_quietly()

    values = [entry.observations for entry in entries(ada)]
    assert any(one.get("fever_c") == 38.4 and one["chills"] is True for one in values)
    assert Alert.objects.filter(patient=ada, rule_id="RF-INF-01", tier="same_day").exists()


def test_a_skipped_question_is_not_answered(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "").answer_quietly()

    assert "bladder" not in entries(ada)[0].observations
    assert "left out one or more of the safety questions" in walker.page
    assert "No warning signs" not in walker.page


def test_nothing_answered_is_nothing_stored(walker: Walker, ada: User) -> None:
    walker.start()
    while walker.step:
        walker.answer(walker.step, "")

    assert entries(ada) == []
    assert "Nothing to save" in walker.page


def test_a_wrong_temperature_is_told_and_keeps_what_was_typed(walker: Walker, ada: User) -> None:
    walker.start()
    while walker.step != "fever":
        walker.answer(walker.step, walker.response.context["step"]["answers"][0]["value"])

    walker.answer("fever", "yes", fever_c="382")

    assert walker.response.status_code == 422
    assert "There is something to mend" in walker.page
    assert "Enter a temperature from 34 to 43" in walker.page
    assert 'value="382"' in walker.page


def test_the_draft_survives_going_away(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "none").answer("bowel", "none")

    walker.client.get("/diary")
    walker.start()

    assert walker.step == "saddle"


def test_a_draft_of_yesterday_is_stored_under_yesterday(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "none")
    session = walker.client.session
    yesterday = timezone.localdate(timezone=LONDON) - timedelta(days=1)
    session["check_in"] = {**session["check_in"], "on": yesterday.isoformat()}
    session.save()

    walker.start()

    assert (entries(ada)[0].occurred_on, walker.step) == (yesterday, "bladder")


def test_going_back_marks_the_answer_in_words(walker: Walker) -> None:
    walker.start().answer("bladder", "none")

    page = walker.client.get(walker.url.replace("bowel", "bladder")).content.decode()

    assert "You chose: No change." in page


def test_a_double_tap_stores_one_entry(usual: Episode, walker: Walker, ada: User) -> None:
    walker.start()
    while walker.step != "pain_buttock":
        walker.answer(walker.step, walker.response.context["step"]["answers"][0]["value"])
    url = walker.url

    walker.client.post(url, {"answer": "3"})
    walker.client.post(url, {"answer": "3"})

    assert len(entries(ada)) == 1


def test_the_advice_of_the_morning_does_not_stop_the_evening(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "new_days")

    walker.start().answer("bladder", "none")

    assert walker.step == "bowel"


def test_an_evening_without_signs_does_not_talk_over_the_morning(walker: Walker, ada: User) -> None:
    walker.start().answer("bladder", "new_days")

    walker.start().answer_quietly()

    assert "No warning signs" not in walker.page


def test_another_draft_s_address_leads_to_the_start(walker: Walker) -> None:
    walker.start()

    response = walker.client.get("/check-in/00000000-0000-4000-8000-000000000000/bladder")

    assert response.headers["Location"] == "/check-in/start"


def test_cy_has_no_check_in(cy: User, client: Client, episode: Episode) -> None:
    factories.log_in(client, cy)

    response = client.post("/check-in/start")

    assert response.status_code == 404


def test_a_patient_without_a_clinic_is_told_that_no_clinic_sees_the_answers(client: Client) -> None:
    person = factories.patient(email="dee@example.org", name="Dee")
    factories.episode(patient=person, onset_on=timezone.localdate(timezone=LONDON) - timedelta(days=12))
    walker = Walker(factories.log_in(client, person))

    walker.start().answer_quietly()

    assert "No clinic sees them" in walker.page
