"""Set-up: one thing per page, without JavaScript, stop and return at any time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Reminder
from selfcare.accounts import consents, history, places, profiles, setup
from selfcare.accounts.forms import PersonForm
from selfcare.accounts.models import AuditEvent, Clinic, Consent, PatientProfile, User
from tests import factories

ALL_YES = {"care": "yes", "reminders": "yes", "intimate": "yes", "research": "no"}
IN_BERLIN = {"country": "DE", "time_zone": "Europe/Berlin"}
BORN_1980 = {"name": "Eve", "year_of_birth": "1980", "adult": "on", "sex": "female"}


@pytest.fixture
def eve(db: None) -> User:
    return factories.user(email="eve@example.org")


@pytest.fixture
def eve_client(eve: User) -> Client:
    return factories.log_in(Client(), eve, second_factor=False)


def where(client: Client) -> str:
    """Return the page on which set-up stands."""
    return client.get("/welcome").url


def up_to_history(client: Client) -> None:
    client.post("/welcome/about", {"answer": "no"})
    client.post("/welcome/consent", ALL_YES)
    client.post("/welcome/place", IN_BERLIN)
    client.post("/welcome/person", BORN_1980)


def test_set_up_goes_page_by_page_and_ends_where_the_diary_takes_over(eve_client: Client, eve: User) -> None:
    seen = [where(eve_client)]
    for address, answers in (
        ("/welcome/about", {"answer": "no"}),
        ("/welcome/consent", ALL_YES),
        ("/welcome/place", IN_BERLIN),
        ("/welcome/person", BORN_1980),
    ):
        eve_client.post(address, answers)
        seen.append(where(eve_client))
    for page in history.PAGES:
        eve_client.post(f"/welcome/history/{page.slug}", {"rest": "no"})
        seen.append(where(eve_client))

    assert seen == [
        "/welcome/about",
        "/welcome/consent",
        "/welcome/place",
        "/welcome/person",
        "/welcome/history/usual",
        "/welcome/history/health",
        "/welcome/history/heart",
        "/welcome/history/back",
        "/set-up/episode",
    ]
    profile = PatientProfile.objects.get(user=eve)
    assert (profile.country, profile.time_zone, profile.year_of_birth, profile.sex) == (
        "DE",
        "Europe/Berlin",
        1980,
        "female",
    )
    assert profile.history_asked_at is not None
    assert profile.onboarded_at is None


def test_who_returns_on_another_phone_goes_on_where_answers_were_stored(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)

    other_phone = factories.log_in(Client(), eve, second_factor=False)

    assert where(other_phone) == "/welcome/history/usual"


def test_who_is_done_goes_home(ada_client: Client) -> None:
    assert where(ada_client) == "/"


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/welcome/about").url.startswith("/account/login/")


@pytest.mark.parametrize(("answer", "says"), [("no", "That is right"), ("yes", "It is different here")])
def test_the_check_question_is_answered_kindly_and_never_blocks(eve_client: Client, answer: str, says: str) -> None:
    page = eve_client.post("/welcome/about", {"answer": answer}).content.decode()

    assert says in page
    assert "Nobody will see your answers until your team is back at work." in page
    assert where(eve_client) == "/welcome/consent"


def test_no_consent_is_chosen_beforehand(eve_client: Client) -> None:
    page = eve_client.get("/welcome/consent").content.decode()

    assert "checked" not in page


def test_a_consent_left_open_is_asked_again_and_nothing_is_stored(eve_client: Client) -> None:
    page = eve_client.post("/welcome/consent", {**ALL_YES, "care": ""}).content.decode()

    assert "Choose yes or no. You can change it later." in page
    assert not Consent.objects.exists()


def test_saying_no_to_care_still_lets_a_person_keep_a_diary(eve_client: Client, eve: User) -> None:
    eve_client.post("/welcome/about", {"answer": "no"})
    eve_client.post("/welcome/consent", {**ALL_YES, "care": "no"})

    assert not consents.holds(eve, "care")
    assert where(eve_client) == "/welcome/place"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", ""])
def test_only_a_real_time_zone_is_taken(eve_client: Client, zone: str) -> None:
    eve_client.post("/welcome/about", {"answer": "no"})
    eve_client.post("/welcome/consent", ALL_YES)

    page = eve_client.post("/welcome/place", {"country": "DE", "time_zone": zone}).content.decode()

    assert "error-summary" in page


def test_an_older_name_that_a_phone_still_sends_is_taken(eve_client: Client) -> None:
    eve_client.post("/welcome/about", {"answer": "no"})
    eve_client.post("/welcome/consent", ALL_YES)

    answer = eve_client.post("/welcome/place", {"country": "IN", "time_zone": "Asia/Calcutta"})

    assert answer.status_code == 302


def test_country_and_time_zone_of_the_inviting_clinic_are_offered(eve: User) -> None:
    clinic = factories.clinic(name="Bay Clinic", country="IE", time_zone="Europe/Dublin")
    clinic.care_relationships.create(patient=eve, from_at=factories.LONG_AGO)

    assert setup.likely_place(eve) == {"country": "IE", "time_zone": "Europe/Dublin"}


def test_every_country_of_iso_3166_can_be_chosen() -> None:
    codes = [code for code, _ in places.countries()]

    assert len(codes) == len(set(codes)) >= 249
    assert {"GB", "DE", "XK"} & set(codes) >= {"GB", "DE"}


@pytest.mark.parametrize(
    ("born", "ticked", "valid", "too_young"),
    [
        (2007, False, True, False),
        (2008, True, True, False),
        (2008, False, False, False),
        (2009, True, True, True),
        (1906, True, True, False),
        (1905, True, False, False),
        (2027, True, False, False),
    ],
)
def test_who_is_18_may_go_on(born: int, ticked: bool, valid: bool, too_young: bool) -> None:
    form = PersonForm({"year_of_birth": str(born), **({"adult": "on"} if ticked else {})}, year=2026)

    assert (form.is_valid(), form.too_young) == (valid, too_young)


def test_a_child_gets_a_plain_sentence_and_no_profile(eve_client: Client, eve: User) -> None:
    eve_client.post("/welcome/about", {"answer": "no"})
    eve_client.post("/welcome/consent", ALL_YES)
    eve_client.post("/welcome/place", IN_BERLIN)

    answer = eve_client.post("/welcome/person", {**BORN_1980, "year_of_birth": str(timezone.now().year - 15)})

    assert answer.status_code == 403
    assert "You need to be 18 or over to use it." in answer.content.decode()
    assert not PatientProfile.objects.filter(user=eve).exists()


def test_answers_are_stored_by_their_names_and_a_missing_one_is_not_a_no(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)

    eve_client.post(
        "/welcome/history/health",
        {"cancer_history": "yes", "osteoporosis": "no", "anticoagulant": "unsure", "trauma": "minor"},
    )

    profile = PatientProfile.objects.get(user=eve)
    assert profile.history == {"cancer_history": True, "osteoporosis": False, "trauma": "minor"}
    assert profile.history_unsure == ["anticoagulant"]


def test_no_to_the_rest_answers_only_what_was_left_open(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)

    eve_client.post(
        "/welcome/history/usual", {"bladder_longstanding": "yes", "bowel_longstanding": "unsure", "rest": "no"}
    )

    profile = PatientProfile.objects.get(user=eve)
    assert profile.history["bladder_longstanding"] is True
    assert profile.history["numbness_longstanding"] is False
    assert "bowel_longstanding" not in profile.history


def test_what_must_have_an_answer_comes_again_before_set_up_goes_on(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)
    for page in history.PAGES:
        eve_client.post(f"/welcome/history/{page.slug}", {"cancer_history": "yes", "trauma": "none"})
    assert where(eve_client) == "/welcome/history/open"

    shown = eve_client.get("/welcome/history/open").content.decode()

    assert "weak bones" in shown
    assert "Have you ever had cancer?" not in shown
    assert PatientProfile.objects.get(user=eve).history_asked_at is None


def test_an_open_question_is_not_taken_for_a_no(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)
    for page in history.PAGES:
        eve_client.post(f"/welcome/history/{page.slug}", {})

    refused = eve_client.post("/welcome/history/open", {"osteoporosis": "no"}).content.decode()

    assert "Choose an answer. Not sure is an answer too." in refused
    assert where(eve_client) == "/welcome/history/open"


def test_not_sure_is_an_answer_and_ends_this_part_of_set_up(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)
    for page in history.PAGES:
        eve_client.post(f"/welcome/history/{page.slug}", {})

    eve_client.post("/welcome/history/open", dict.fromkeys(history.NEEDED, "unsure"))

    profile = PatientProfile.objects.get(user=eve)
    assert where(eve_client) == "/set-up/episode"
    assert (profile.history, set(profile.history_unsure)) == ({}, history.NEEDED)


def test_each_question_that_needs_an_answer_is_asked_somewhere() -> None:
    assert history.NEEDED <= history.KEYS


def test_taking_an_answer_back_makes_it_not_answered(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)
    eve_client.post("/welcome/history/health", {"cancer_history": "yes"})

    eve_client.post("/settings/history/health", {})

    assert PatientProfile.objects.get(user=eve).history == {}


def test_intimate_questions_are_asked_only_with_consent(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)
    with_consent = eve_client.get("/welcome/history/usual").content.decode()
    consents.withdraw(eve, "intimate", now=timezone.now())

    without = eve_client.get("/welcome/history/usual").content.decode()

    assert "sexual_longstanding" in with_consent
    assert "sexual_longstanding" not in without


@pytest.mark.parametrize(("sex", "asked"), [("female", True), ("", True), ("male", False)])
def test_pregnancy_is_asked_unless_it_cannot_be(sex: str, asked: bool) -> None:
    page = history.page("back")

    keys = {question.key for question in history.asked_of(page, sex=sex, intimate=False)}

    assert ("pregnant_weeks" in keys) is asked


def test_weeks_are_numbers_and_empty_means_not_answered(eve_client: Client, eve: User) -> None:
    up_to_history(eve_client)

    eve_client.post("/welcome/history/back", {"pregnant_weeks": "20", "postpartum_weeks": "", "new_medicine": "none"})

    assert PatientProfile.objects.get(user=eve).history == {"pregnant_weeks": 20}


@pytest.mark.parametrize(
    ("key", "said", "days_later", "holds"),
    [
        ("pregnant_weeks", 20, 0, 20),
        ("pregnant_weeks", 20, 6, 20),
        ("pregnant_weeks", 20, 7, 21),
        ("pregnant_weeks", 20, 7 * 23 + 6, 43),
        ("pregnant_weeks", 20, 7 * 24, None),
        ("pregnant_weeks", 20, -30, 20),
        ("postpartum_weeks", 27, 6, 27),
        ("postpartum_weeks", 27, 7, None),
    ],
)
def test_weeks_go_on_with_time(ada: User, key: str, said: int, days_later: int, holds: int | None) -> None:
    profile = profiles.answer_history(ada, keys={key}, answers={key: said}, unsure=set(), last=False, now=factories.NOW)

    known = profile.history_on(profile.local_date(factories.NOW) + timedelta(days=days_later))

    assert known.get(key) == holds


def test_weeks_that_are_left_alone_are_those_of_today(ada_client: Client, ada: User, real_now: datetime) -> None:
    # At noon: an hour before midnight, ten weeks may reach back over a clock change and into another day.
    ten_weeks_ago = factories.at_noon(real_now.date() - timedelta(weeks=10))
    profiles.answer_history(
        ada, keys={"pregnant_weeks"}, answers={"pregnant_weeks": 12}, unsure=set(), last=False, now=ten_weeks_ago
    )
    shown = ada_client.get("/settings/history/back").content.decode()
    assert 'value="22"' in shown

    ada_client.post("/settings/history/back", {"pregnant_weeks": "22"})

    profile = PatientProfile.objects.get(user=ada)
    assert profile.history_on(profile.local_date(real_now))["pregnant_weeks"] == 22


def test_a_page_of_questions_that_does_not_exist_is_not_found(ada_client: Client) -> None:
    assert ada_client.get("/settings/history/other").status_code == 404


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_a_changed_profile_is_audited_by_the_name_of_the_field_alone(ada_client: Client, ada: User) -> None:
    ada_client.post("/settings/profile", {**IN_BERLIN, "name": ada.name, "year_of_birth": "1988", "sex": "female"})

    events = AuditEvent.objects.filter(action="profile.changed").order_by("object_id")
    assert [event.object_id for event in events] == ["country", "time_zone"]
    assert PatientProfile.objects.get(user=ada).time_zone == "Europe/Berlin"


def test_moving_to_another_zone_moves_the_reminder(ada_client: Client, ada: User) -> None:
    Reminder.objects.create(user=ada, local_time="19:30", time_zone="Europe/London", next_at=factories.NOW)

    ada_client.post("/settings/profile", {**IN_BERLIN, "name": ada.name, "year_of_birth": "1988", "sex": "female"})

    assert Reminder.objects.get(user=ada).time_zone == "Europe/Berlin"


def test_changed_history_is_audited_without_the_answer(ada_client: Client) -> None:
    ada_client.post("/settings/history/health", {"cancer_history": "yes"})

    event = AuditEvent.objects.get(action="history.changed")
    assert event.object_id == "cancer_history"


def test_withdrawing_care_under_settings_shuts_the_clinic_out_at_once(ada_client: Client, ada: User, ben: User) -> None:
    ada_client.post("/settings/sharing", {"purpose": "care", "answer": "no"})

    assert not ben.has_perm("diary.view_diary", ada)


def test_an_unknown_purpose_is_not_found(ada_client: Client) -> None:
    assert ada_client.post("/settings/sharing", {"purpose": "other", "answer": "yes"}).status_code == 404


@pytest.mark.parametrize(("days", "due"), [(83, False), (84, True)])
def test_health_is_asked_about_again_after_12_weeks(ada: User, days: int, due: bool) -> None:
    ada.patient.history_asked_at = factories.NOW

    assert ada.patient.history_is_due(factories.NOW + timedelta(days=days)) is due


def test_nothing_has_changed_is_one_tap_and_kept(ada_client: Client, ada: User, real_now: datetime) -> None:
    PatientProfile.objects.filter(user=ada).update(
        history={"cancer_history": True}, history_asked_at=real_now - timedelta(weeks=13)
    )

    ada_client.post("/settings/history/same")

    profile = PatientProfile.objects.get(user=ada)
    assert not profile.history_is_due(real_now)
    assert profile.history == {"cancer_history": True}
    assert AuditEvent.objects.filter(action="history.confirmed", patient_id=ada.pk).count() == 1


def test_a_pregnancy_that_is_over_is_asked_about_once(ada: User, real_now: datetime) -> None:
    four_weeks_ago = factories.at_noon(real_now.date() - timedelta(weeks=4))
    profiles.answer_history(
        ada,
        keys={"pregnant_weeks"},
        answers={"pregnant_weeks": 40},
        unsure=set(),
        last=False,
        now=four_weeks_ago,
    )
    PatientProfile.objects.filter(user=ada).update(history_asked_at=four_weeks_ago)
    assert PatientProfile.objects.get(user=ada).history_is_due(real_now)

    profiles.nothing_has_changed(ada, now=real_now)

    assert not PatientProfile.objects.get(user=ada).history_is_due(real_now)


def test_what_a_clinician_knows_of_becomes_what_is_normal(ada: User) -> None:
    ada.patient.history_unsure = ["bladder_longstanding"]
    ada.patient.save(update_fields=["history_unsure"])

    profiles.keep_longstanding(ada.patient, ["bladder", "both_legs"], now=factories.NOW)

    stored = PatientProfile.objects.get(user=ada)
    assert stored.history == {"bladder_longstanding": True, "bilateral_legs_longstanding": True}
    assert stored.history_unsure == []
    assert {event.object_id for event in AuditEvent.objects.filter(action="history.changed")} == set(stored.history)


@pytest.mark.parametrize("address", ["/settings/profile", "/settings/history", "/settings/sharing"])
def test_settings_are_for_oneself(client: Client, ada: User, address: str) -> None:
    assert client.get(address).url.startswith("/account/login/")


def test_the_clinic_of_a_patient_is_named_under_sharing(ada_client: Client, harbour: Clinic) -> None:
    assert "Harbour Clinic" in ada_client.get("/settings/sharing").content.decode()
