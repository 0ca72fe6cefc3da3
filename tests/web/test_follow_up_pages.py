"""Did you get seen? Asked once for everything, answered without a script, and honest about who has confirmed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from selfcare.accounts.models import CareRelationship, Clinic, User
from selfcare.diary.models import Episode
from selfcare.diary.recording import record_entry
from selfcare.triage import alerts, catalogue
from selfcare.triage.models import Alert
from tests import factories

pytestmark = pytest.mark.django_db

# Monday, half past six in the evening: the clinic is closed.
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
SEEN = {
    "answer": "seen",
    "details": "1",
    "where": "hospital",
    "seen_on": "2026-03-02",
    "outcome": "scan",
    "words": "A scan tonight.",
}
PAGE = "/today/follow-up"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as standing:
        yield standing


@pytest.fixture
def phone(ada: User, episode: Episode) -> Client:
    """Return Ada's browser."""
    return factories.log_in(Client(), ada, second_factor=False)


@pytest.fixture
def emergency(ada: User, episode: Episode, ben: User) -> Alert:
    """Return Ada's open emergency."""
    return _told(ada, bladder="new", bladder_since_days=1)


def _told(person: User, *, at: datetime = NOW, **observations: Any) -> Alert:
    body = {
        "occurred_on": at.date().isoformat(),
        "recorded_at": at.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": observations,
    }
    record_entry(person, uuid.uuid4(), body, now=at)
    return Alert.objects.filter(patient=person).latest("opened_at")


def _text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def _answer(client: Client, *rows: Alert, **fields: str) -> Any:
    return client.post(PAGE, {"alert": [str(row.pk) for row in rows], **fields}, follow=True)


# --- The question ----------------------------------------------------------------------------------------------------


def test_several_alerts_are_one_question(phone: Client, ada: User, emergency: Alert) -> None:
    _told(ada, saddle="new", saddle_since_days=0, at=NOW + timedelta(minutes=1))

    page = phone.get("/").content.decode()

    assert page.count("Did you get seen?") == 1
    assert page.count('name="alert"') == Alert.objects.count() >= 2


def test_without_anything_open_there_is_nothing_to_answer(phone: Client) -> None:
    assert "There is nothing to answer now." in _text(phone.get(PAGE))
    assert "Did you get seen?" not in _text(phone.get("/"))


def test_a_routine_review_is_not_asked_about(phone: Client, ada: User) -> None:
    _told(ada, weakness=1, weakness_since_days=5)

    assert "Did you get seen?" not in _text(phone.get("/"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [("going", "Do not drive yourself."), ("there", "Stay until somebody has examined you."), ("not_yet", "Go now")],
)
def test_a_tapped_answer_is_kept_and_met_with_what_to_do(
    phone: Client, emergency: Alert, answer: str, words: str
) -> None:
    page = _answer(phone, emergency, answer=answer)

    assert page.redirect_chain == [(PAGE, 302)]
    assert words in _text(page)
    assert "Your answer on 2 March, 18:30" in _text(page)
    assert emergency.events.get(kind="patient_said").data["answer"] == answer


def test_one_answer_is_kept_on_every_alert_of_the_page(phone: Client, ada: User, emergency: Alert) -> None:
    other = _told(ada, saddle="new", saddle_since_days=0, at=NOW + timedelta(minutes=1))
    assert other != emergency

    _answer(phone, emergency, other, answer="going")

    assert [row.events.filter(kind="patient_said").count() for row in (emergency, other)] == [1, 1]


def test_an_alert_that_came_after_the_page_is_not_answered_with_it(phone: Client, ada: User, emergency: Alert) -> None:
    later = _told(ada, saddle="new", saddle_since_days=0, at=NOW + timedelta(minutes=1))

    _answer(phone, emergency, **SEEN)

    later.refresh_from_db()
    assert later.assessed_at is None
    assert "Did you get seen?" in _text(phone.get("/"))


def test_seen_is_followed_by_where_when_and_what(phone: Client, emergency: Alert, episode: Episode) -> None:
    asked = _answer(phone, emergency, answer="seen")
    kept = _answer(phone, emergency, **SEEN)

    emergency.refresh_from_db()
    episode.refresh_from_db()
    event = emergency.events.get(kind="patient_said")
    assert "Where were you seen?" in _text(asked)
    assert "Were you sent home, and is it worse now? Go back." in _text(kept)
    assert (event.data["where"], event.data["outcome"], event.note) == ("hospital", "scan", "A scan tonight.")
    assert (emergency.status, emergency.assessed_at, emergency.next_follow_up_at) == ("open", NOW, None)
    assert episode.assessed_on == date(2026, 3, 2)


def test_who_was_not_examined_is_asked_again_and_the_episode_does_not_know_of_it(
    phone: Client, emergency: Alert, episode: Episode
) -> None:
    _answer(phone, emergency, **SEEN | {"outcome": "not_examined"})

    emergency.refresh_from_db()
    episode.refresh_from_db()
    assert emergency.next_follow_up_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert (emergency.assessed_at, episode.assessed_on) == (None, None)


def test_an_earlier_examination_of_the_episode_stays(phone: Client, emergency: Alert, episode: Episode) -> None:
    Episode.objects.filter(pk=episode.pk).update(assessed_on=date(2026, 2, 20))

    _answer(phone, emergency, **SEEN)

    episode.refresh_from_db()
    assert episode.assessed_on == date(2026, 2, 20)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"where": ""}, "Choose where you were seen."),
        ({"outcome": ""}, "Choose what came of it."),
        ({"seen_on": ""}, "Enter the day you were seen."),
        ({"seen_on": "soon"}, "Enter the day you were seen."),
        ({"seen_on": "2026-03-01"}, "Enter a day from when you told us until today."),
        ({"seen_on": "2026-03-03"}, "Enter a day from when you told us until today."),
        ({"words": "x" * 2001}, "Write at most 2000 letters."),
    ],
)
def test_a_slip_is_told_and_nothing_typed_is_lost(
    phone: Client, emergency: Alert, wrong: dict[str, str], sentence: str
) -> None:
    page = _answer(phone, emergency, **SEEN | wrong)

    assert page.status_code == 422
    assert sentence in _text(page)
    assert (wrong.get("words") or "A scan tonight.") in page.content.decode()
    assert not emergency.events.filter(kind="patient_said").exists()


def test_could_not_asks_why_with_the_call_on_top(phone: Client, emergency: Alert, ben: User) -> None:
    asked = _answer(phone, emergency, answer="could_not").content.decode()
    kept = _answer(phone, emergency, answer="could_not", details="1", why="sent_home", words="They were full.")

    assert 'href="tel:999"' in asked
    assert asked.index('href="tel:999"') < asked.index("What stopped you?")
    assert "Were you sent home, and is it worse now? Go back." in _text(kept)
    assert emergency.events.get(kind="patient_said").data["why"] == "sent_home"


@pytest.mark.parametrize("posted", [{}, {"answer": "fine"}])
def test_an_answer_that_is_none_is_told(phone: Client, emergency: Alert, posted: dict[str, str]) -> None:
    page = _answer(phone, emergency, **posted)

    assert "Choose one of the answers." in _text(page)
    assert not emergency.events.filter(kind="patient_said").exists()


def test_an_answer_to_what_was_closed_meanwhile_is_told(phone: Client, emergency: Alert, ben: User) -> None:
    alerts.close(emergency.pk, by=ben, outcome="seen_emergency", note="Seen.", now=NOW)

    page = _answer(phone, emergency, answer="going")

    assert "Your care team has closed this." in _text(page)


# --- Nobody else -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["going", "seen", "could_not"])
def test_another_patient_finds_no_such_alert(emergency: Alert, answer: str) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee")
    factories.episode(patient=dee)
    client = factories.log_in(Client(), dee, second_factor=False)

    foreign = _answer(client, emergency, answer=answer)
    unknown = client.post(PAGE, {"alert": str(uuid.uuid4()), "answer": answer})

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert not emergency.events.filter(kind="patient_said").exists()


def test_no_answer_stands_in_an_address(phone: Client, emergency: Alert) -> None:
    answers = [_answer(phone, emergency, answer=answer) for answer in ("seen", "could_not", "going")]
    visited = [place for answer in answers for place, _ in answer.redirect_chain]

    assert set(visited) == {PAGE}


# --- Who has confirmed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", PAGE])
def test_it_says_plainly_that_nobody_has_confirmed(phone: Client, emergency: Alert, path: str) -> None:
    page = _text(phone.get(path))

    assert "Nobody has confirmed that they have seen this." in page
    assert "Do not wait for us. Go to A&amp;E now." in page


def test_out_of_hours_it_says_so_with_the_clinics_own_words_and_number(
    phone: Client, emergency: Alert, harbour: Clinic
) -> None:
    Clinic.objects.filter(pk=harbour.pk).update(out_of_hours_text="Call 111 at night.", phone="020 7946 0000")

    page = phone.get("/").content.decode()

    assert "Harbour Clinic is closed now." in page
    assert "Call 111 at night." in page
    assert 'href="tel:02079460000"' in page


def test_in_working_hours_nothing_is_said_of_a_closed_clinic(phone: Client, emergency: Alert, harbour: Clinic) -> None:
    Clinic.objects.filter(pk=harbour.pk).update(closes_at=time(20), out_of_hours_text="Call 111 at night.")

    assert "closed now" not in _text(phone.get("/"))


def test_once_she_was_seen_there_is_no_empty_word_of_the_team(
    phone: Client, emergency: Alert, clock: time_machine.Coordinates
) -> None:
    clock.move_to(datetime(2026, 3, 3, 10, tzinfo=UTC))

    _answer(phone, emergency, **SEEN)
    shown = phone.get(PAGE).content.decode()

    assert "You told us that you were seen" in shown
    assert 'id="confirmed"' not in shown


def test_once_taken_it_says_when_and_not_who_and_that_she_still_must_go(
    phone: Client, emergency: Alert, ben: User
) -> None:
    alerts.acknowledge(emergency.pk, by=ben, now=datetime(2026, 3, 2, 14, 5, tzinfo=UTC))

    page = _text(phone.get("/"))

    assert "Your care team has seen this at 14:05, 2 March." in page
    assert "They cannot examine you through the app." in page
    assert "Ben" not in page
    assert "Nobody has confirmed" not in page


def test_once_given_back_nobody_has_confirmed_again(phone: Client, emergency: Alert, ben: User) -> None:
    alerts.acknowledge(emergency.pk, by=ben, now=NOW)
    alerts.release(emergency.pk, by=ben, now=NOW)

    assert "Nobody has confirmed that they have seen this." in _text(phone.get("/"))


def test_one_of_two_taken_is_not_confirmed(phone: Client, ada: User, emergency: Alert, ben: User) -> None:
    _told(ada, saddle="new", saddle_since_days=0, at=NOW + timedelta(minutes=1))
    alerts.acknowledge(emergency.pk, by=ben, now=NOW)

    assert "Nobody has confirmed that they have seen this." in _text(phone.get("/"))


def test_without_a_clinic_nobody_has_confirmed_and_no_clinic_is_named(
    phone: Client, ada: User, emergency: Alert
) -> None:
    CareRelationship.objects.update(until_at=NOW)

    page = _text(phone.get("/"))

    assert "Nobody has confirmed that they have seen this." in page
    assert "Harbour" not in page
    assert "No care team sees it." in _text(_answer(phone, emergency, answer="going"))


# --- The words -------------------------------------------------------------------------------------------------------


def test_no_sentence_of_the_follow_up_is_longer_than_20_words() -> None:
    long = [sentence for sentence in _sentences() if len(sentence.split()) > 20]

    assert long == []


def test_no_word_of_the_follow_up_reassures_blames_or_promises_that_somebody_watches() -> None:
    banned = ("you are fine", "all clear", "don't worry", "red flag", "just ", "damage", "we are watching", "monitor")

    found = [(word, sentence) for sentence in _sentences() for word in banned if word in sentence.lower()]

    assert found == []


@pytest.mark.parametrize("country", ["GB", "US", "XX"])
def test_every_emergency_card_names_a_place_or_a_number_of_the_country(country: str) -> None:
    content = catalogue.current()
    region = content.region(country)
    cards = [content.follow_up_card(f"{name}_emergency", country) for name in ("ask", "unconfirmed", "could_not")]

    for card in cards:
        told = " ".join((card["title"], *card["do"]))
        assert region["emergency_place"] in told or region["emergency_number"] in told


def _sentences() -> list[str]:
    content = catalogue.current()
    cards = [content.follow_up_card(name, "GB") for name in content.follow_up["cards"]]
    lines = [line for card in cards for line in (card["title"], card["say"], *card["do"], *card["why"])]
    return [part for line in lines for part in re.split(r"(?<=[.?!]) ", line)]
