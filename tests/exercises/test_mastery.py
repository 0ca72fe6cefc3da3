"""The mastery gate: every event from every state."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import mastery, prescribing, programmes, today
from exercises.answers import PrescriptionBody
from exercises.models import MasteryEvent, Practice, Programme
from selfcare.accounts.models import User
from tests import factories

STATES, KINDS = Practice.Mastery.values, MasteryEvent.Kind.values
ON = factories.NOW.date()


@pytest.fixture
def practice(ada: User) -> Practice:
    programme = factories.programme(patient=ada)
    return programme.practices.get(exercise="EX-05")


def checklist(exercise: str = "EX-05") -> dict[str, list[str]]:
    return {"checklist": list(catalogues.current().exercise(exercise).clinical["mastery"])}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_possible_only_where_the_table_says(practice: Practice, state: str, kind: str) -> None:
    Practice.objects.filter(pk=practice.pk).update(mastery=state)
    practice.refresh_from_db()
    before = practice.mastery_events.count()
    allowed, to = mastery.TRANSITIONS[kind]

    if state in allowed:
        mastery.move(practice, kind, on=ON, now=factories.NOW, data=checklist())
    else:
        with pytest.raises(Refused, match="not possible from there"):
            mastery.move(practice, kind, on=ON, now=factories.NOW, data=checklist())

    practice.refresh_from_db()
    assert practice.mastery == (to if state in allowed else state)
    assert practice.mastery_events.count() - before == (state in allowed)


def test_every_kind_of_event_has_its_row_in_the_table() -> None:
    assert set(mastery.TRANSITIONS) == set(KINDS)


def test_nobody_reaches_home_by_hand_without_taught_and_checked(ada: User, ben: User) -> None:
    about, now = factories.about(), factories.NOW
    prescribing.prescribe(ada, [PrescriptionBody(exercise="EX-14")], by=ben, about=about, now=now)
    prescribing.publish(ada, by=ben, about=about, now=now)

    with pytest.raises(Refused):
        prescribing.step(ada, "EX-14", "sent_home", by=ben, about=about, now=now, data={})
    prescribing.step(ada, "EX-14", "taught", by=ben, about=about, now=now, data={})
    prescribing.step(ada, "EX-14", "checked", by=ben, about=about, now=now, data=checklist("EX-14"))
    before = today.day_of(Programme.objects.get(patient=ada), about)
    prescribing.step(ada, "EX-14", "sent_home", by=ben, about=about, now=now, data={})
    after = today.day_of(Programme.objects.get(patient=ada), about)

    assert before.todo == ()
    assert [one.exercise for one in after.todo] == ["EX-14"]


def test_an_open_point_keeps_an_exercise_from_being_checked(practice: Practice) -> None:
    Practice.objects.filter(pk=practice.pk).update(mastery="taught")
    practice.refresh_from_db()
    points = checklist()["checklist"]

    with pytest.raises(Refused) as refused:
        mastery.move(practice, "checked", on=ON, now=factories.NOW, data={"checklist": points[:-1]})

    assert refused.value.fields == {"checklist": points[-1]}
    practice.refresh_from_db()
    assert not practice.shown_by_clinician


def test_only_the_starter_set_opens_without_anybody(ada: User) -> None:
    programme = factories.programme(patient=ada)
    dose = catalogues.current().exercise("EX-16").levels[0].dose.stored()
    other = Practice.objects.create(programme=programme, exercise="EX-16", level=1, dose=dose, started_on=ON)

    with pytest.raises(Refused, match="Only a clinician"):
        mastery.move(other, "gentle_start", on=ON, now=factories.NOW)


def test_a_long_break_closes_a_gentle_start_until_the_screen_is_clear_again(ada: User) -> None:
    programme = factories.programme(patient=ada)
    Practice.objects.filter(exercise="EX-05").update(mastery="taught")

    with pytest.raises(Refused, match="safety questions"):
        programmes.self_start(ada, about=factories.about(screen_clear=False), now=factories.NOW)
    closed = [one.exercise for one in programmes.to_reopen(programme)]
    programmes.self_start(ada, about=factories.about(), now=factories.NOW)

    assert closed == ["EX-05"]
    assert programmes.to_reopen(programme) == []


def test_what_two_reds_took_out_is_not_opened_by_a_clear_screen(ada: User) -> None:
    factories.programme(patient=ada)
    Practice.objects.filter(exercise="EX-05").update(mastery="taught", status="removed")

    with pytest.raises(Refused, match="already"):
        programmes.self_start(ada, about=factories.about(), now=factories.NOW)


def test_an_operation_sends_every_exercise_back_to_be_checked_once(ada: User) -> None:
    programme = factories.programme(patient=ada)
    Practice.objects.update(mastery="checked")
    operated = factories.about(facts={"recent_surgery": True})

    programmes.look(programme, about=operated, now=factories.NOW)
    first = set(programme.practices.values_list("mastery", flat=True))
    Practice.objects.update(mastery="home")
    programmes.look(programme, about=operated, now=factories.NOW + timedelta(minutes=5))

    assert first == {"taught"}
    assert set(programme.practices.values_list("mastery", flat=True)) == {"home"}
