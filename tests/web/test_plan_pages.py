"""Plan: the eight weeks count from the onset, and a review is an entry of the diary that never hides a warning."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from edge.sheets import CatalogueError
from selfcare.accounts.models import User
from selfcare.diary.models import Entry, Episode
from selfcare.triage import catalogue
from selfcare.web import course_words
from tests import factories, reading
from tests.clinic import rows
from tests.web.conftest import LONDON, QUIET

pytestmark = pytest.mark.django_db

ANSWERS = {"global_change": "better", "review_step": "booked"}


@pytest.fixture
def today() -> date:
    """Return Ada's day."""
    return timezone.localdate(timezone=LONDON)


@pytest.fixture
def phone(ada: User, client: Client) -> Client:
    """Return Ada's browser without a script."""
    return factories.log_in(client, ada)


def begun(ada: User, *, days: int, today: date) -> Episode:
    """Return Ada's episode that began so many days ago, with a quiet diary of ten days."""
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=days), regions=["bu-l"])
    for ago in range(10, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    return episode


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def here(html: str) -> str:
    found = re.search(r'aria-current="step".*?Week (\d+)', html, re.DOTALL)
    return found.group(1) if found else ""


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for path in ("/plan", "/plan/reviews/week-4"):
        assert client.get(path).headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize(("days", "week"), [(0, "1"), (6, "1"), (7, "2"), (55, "8"), (56, "")])
def test_the_week_is_counted_from_the_onset(phone: Client, ada: User, today: date, days: int, week: str) -> None:
    factories.episode(patient=ada, onset_on=today - timedelta(days=days))

    assert here(page(phone, "/plan")) == week


def test_after_eight_weeks_it_says_what_is_next(phone: Client, ada: User, today: date) -> None:
    begun(ada, days=56, today=today)

    assert "You have come to the end of the 8 weeks." in page(phone, "/plan")


def test_pain_that_came_back_starts_the_weeks_again(phone: Client, ada: User, today: date) -> None:
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=80))
    for ago in range(79, 75, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations={"pain_avg": 6})
    gone = {"pain_avg": 6, "confirmed_pain_free_days": 35, "new_episode_days": 9}
    factories.entry(episode=episode, on=today - timedelta(days=1), observations=gone)
    factories.entry(episode=episode, on=today, observations={"pain_avg": 6})

    shown = page(phone, "/plan")

    assert "The weeks count from the day it came back" in shown
    assert here(shown) == "2"


def test_a_week_is_there_for_everybody_and_names_nobody(client: Client, phone: Client) -> None:
    shown = page(phone, "/plan/weeks/4")

    assert shown == page(Client(), "/plan/weeks/4")
    assert "data-person" not in shown
    assert "If peeing, pooing or feeling between your legs changes, use Get help now." in shown
    assert Client().get("/plan/weeks/9").status_code == 404


def test_the_phone_keeps_the_weeks(client: Client) -> None:
    worker = client.get("/sw.js").content.decode()

    assert all(f'"/plan/weeks/{number}"' in worker for number in range(1, 9))


def test_a_second_answer_does_not_make_a_second_entry(phone: Client, ada: User, today: date) -> None:
    begun(ada, days=28, today=today)

    for _time in range(2):
        phone.post("/plan/reviews/week-4", {**ANSWERS, "entry": str(uuid.uuid4())})

    assert Entry.objects.filter(patient=ada, occurred_on=today).count() == 1


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [
        ("week-4", 27, "This opens on"),
        ("week-4", 28, "Have you booked a visit"),
        ("week-4", 35, "It is not too late."),
        ("week-4", 41, "It is not too late."),
        ("week-4", 42, "This review is over."),
        ("week-6", 41, "This opens on"),
        ("week-6", 42, "Have you booked a visit"),
        ("week-6", 57, "It is not too late."),
    ],
)
def test_a_review_opens_on_its_day(phone: Client, ada: User, today: date, name: str, days: int, says: str) -> None:
    begun(ada, days=days, today=today)

    assert says in page(phone, f"/plan/reviews/{name}")


@pytest.mark.parametrize("days", [28, 38])
def test_the_answers_of_a_review_become_one_entry(phone: Client, ada: User, today: date, days: int) -> None:
    begun(ada, days=days, today=today)
    form = {**ANSWERS, "entry": str(uuid.uuid4())}

    phone.post("/plan/reviews/week-4", form)
    shown = unescape(phone.post("/plan/reviews/week-4", form, follow=True).content.decode())

    stored = Entry.objects.filter(patient=ada, occurred_on=today)
    assert [entry.observations for entry in stored] == [ANSWERS]
    assert "You have booked a visit. Take your summary with you." in shown


@pytest.mark.parametrize("days", [27, 42])
def test_answers_outside_the_days_of_a_review_are_not_stored(phone: Client, ada: User, today: date, days: int) -> None:
    begun(ada, days=days, today=today)

    phone.post("/plan/reviews/week-4", ANSWERS)

    assert not Entry.objects.filter(patient=ada, occurred_on=today).exists()


def test_a_review_without_an_answer_says_what_is_missing_and_keeps_the_rest(
    phone: Client, ada: User, today: date
) -> None:
    begun(ada, days=28, today=today)

    response = phone.post("/plan/reviews/week-4", {"global_change": "same", "review_step": "nonsense"})

    assert response.status_code == 422
    shown = unescape(response.content.decode())
    assert "Choose an answer: Have you booked a visit about this?" in shown
    assert 'value="same" checked' in shown
    assert not Entry.objects.filter(patient=ada, occurred_on=today).exists()


def test_a_review_waits_while_urgent_advice_is_open(phone: Client, ada: User, today: date) -> None:
    begun(ada, days=28, today=today)
    rows.alert(patient=ada, tier="emergency")

    shown = page(phone, "/plan/reviews/week-4")
    phone.post("/plan/reviews/week-4", ANSWERS)

    assert "You have advice from us that comes first." in shown
    assert "Have you booked a visit" not in shown
    assert not Entry.objects.filter(patient=ada, occurred_on=today).exists()


@pytest.mark.parametrize("said", ["a_little_worse", "worse", "much_worse"])
def test_who_says_worse_is_led_to_the_safety_questions(phone: Client, ada: User, today: date, said: str) -> None:
    begun(ada, days=28, today=today)

    shown = phone.post("/plan/reviews/week-4", {**ANSWERS, "global_change": said}, follow=True).content.decode()

    assert "First go through the safety questions again." in shown
    assert "Good news" not in shown


def test_who_says_the_same_is_not_told_good_news(phone: Client, ada: User, today: date) -> None:
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=28))
    for ago in range(28, 0, -1):
        factories.entry(
            episode=episode, on=today - timedelta(days=ago), observations={"pain_avg": 9 if ago > 14 else 5}
        )

    shown = phone.post("/plan/reviews/week-4", {**ANSWERS, "global_change": "same"}, follow=True).content.decode()

    assert "Please book a visit." in shown
    assert "Good news" not in shown
    assert "clearly better" not in shown
    assert "That does not mean harm." in shown


def test_who_is_no_better_reads_once_that_it_does_not_mean_harm(phone: Client, ada: User, today: date) -> None:
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=28))
    for ago in range(28, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations={"pain_avg": 6})

    shown = phone.post("/plan/reviews/week-4", {**ANSWERS, "global_change": "same"}, follow=True).content.decode()

    assert shown.count("That does not mean harm.") == 1
    assert "Your plan may need a change. Please book a visit." in shown


def test_today_offers_the_open_review_until_it_is_done(phone: Client, ada: User, today: date) -> None:
    begun(ada, days=28, today=today)
    assert 'href="/plan/reviews/week-4"' in page(phone, "/")

    phone.post("/plan/reviews/week-4", ANSWERS)

    assert 'href="/plan/reviews/week-4"' not in page(phone, "/")


def test_a_review_alone_is_no_check_in(phone: Client, ada: User, today: date) -> None:
    begun(ada, days=28, today=today)

    phone.post("/plan/reviews/week-4", ANSWERS)

    assert "All done for today." not in page(phone, "/")


def test_an_unknown_review_is_not_found(phone: Client, ada: User, today: date) -> None:
    begun(ada, days=28, today=today)

    assert phone.get("/plan/reviews/week-9").status_code == 404


@pytest.mark.parametrize("part", ["weeks", "reviews"])
def test_the_words_are_easy_to_read_and_short(part: str) -> None:
    for name, words in course_words.current()[part].items():
        sentences = [
            sentence
            for key, texts in words.items()
            if isinstance(texts, list) and key != "sources"
            for sentence in texts
        ]
        assert reading.grade("\n".join(sentences)) <= reading.HIGHEST, name
        assert [one for one in sentences if any(len(each.split()) > 20 for each in re.split(r"[.?!:]", one))] == []


def test_the_sheet_must_cite_known_sources() -> None:
    class Shelf:
        place = "here"

        def text(self, name: str) -> str:
            whole = (course_words.DIRECTORY / name).read_text(encoding="utf-8")
            return whole.replace("sources: [S9, S19]", "sources: [S9, S999]")

    with pytest.raises(CatalogueError, match="S999"):
        course_words.read(Shelf(), sources=catalogue.current().sources)
