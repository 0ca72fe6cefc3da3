"""One programme over days: from the gentle start to a dose that changes for a reason."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from edge.errors import Refused
from exercises import changes, planning, programmes, records, reviewing, sessions, today
from exercises.answers import SessionBody
from exercises.models import DoseChange, Practice, Programme
from selfcare.accounts.models import User
from tests import factories

MONDAY = date(2026, 3, 2)


def day(after: int) -> date:
    return MONDAY + timedelta(days=after)


def good(exercise: str = "EX-05") -> dict[str, Any]:
    return {"exercise": exercise, "before": 2, "during": 2, "spread": "no_change", "tingling_min": 0}


def bad(exercise: str = "EX-05") -> dict[str, Any]:
    return {"exercise": exercise, "before": 2, "during": 7, "spread": "no_change", "tingling_min": 0}


def train(ada: User, after: int, *results: dict[str, Any], morning: int | None = 1, **known: Any) -> list[DoseChange]:
    """Log a session on one day, answer the next morning, and let that day be looked at."""
    factories.exercise_session(patient=ada, on=day(after), results=list(results), **known)
    about = factories.about(as_of=day(after + 1))
    now = factories.at_noon(day(after + 1))
    programme = Programme.objects.get(patient=ada)
    changed = programmes.look(programme, about=about, now=now)
    return changed + sessions.note_morning(ada, on=day(after + 1), pain=morning, about=about, now=now)


def practice_of(ada: User, exercise: str) -> Practice:
    return Practice.objects.get(programme__patient=ada, exercise=exercise)


def dose_of(ada: User, exercise: str) -> tuple[int, int, int]:
    dose = practice_of(ada, exercise).dose
    return dose["sets"], dose["reps"], dose["hold_s"]


def test_the_gentle_start_opens_four_exercises_at_level_one(ada: User) -> None:
    programme = factories.programme(patient=ada)

    plan = today.day_of(programme, factories.about())

    assert [one.exercise for one in plan.todo] == ["EX-01", "EX-02", "EX-03", "EX-05"]
    assert {one.level for one in plan.todo} == {1}
    assert plan.minutes == 6


def test_nobody_starts_without_a_clear_safety_screen(ada: User) -> None:
    with pytest.raises(Refused, match="safety questions"):
        programmes.self_start(ada, about=factories.about(screen_clear=False), now=factories.NOW)

    assert not Programme.objects.exists()


def test_nobody_starts_while_something_pauses_exercises(ada: User) -> None:
    with pytest.raises(Refused, match="fever"):
        programmes.self_start(ada, about=factories.about(facts={"fever": True}), now=factories.NOW)


def test_a_second_start_is_refused_and_changes_nothing(ada: User) -> None:
    factories.programme(patient=ada)

    with pytest.raises(Refused, match="already"):
        factories.programme(patient=ada)

    assert Programme.objects.count() == 1


def test_three_green_days_raise_the_dose_for_a_reason_that_can_be_read(ada: User) -> None:
    factories.programme(patient=ada)
    before = dose_of(ada, "EX-02")
    practice = practice_of(ada, "EX-02")
    practice.shown_by_clinician = True
    practice.save()

    changed = [change for after in range(3) for change in train(ada, after, good("EX-02"))]

    assert before == (1, 8, 0)
    assert dose_of(ada, "EX-02") == (1, 10, 0)
    assert [change.rule for change in changed] == ["DX-01"]
    assert changes.why(changed[0])["patient"] == (
        "Belly breathing and tilt went well 3 times in a row. So you do a bit more."
    )


def test_who_was_shown_an_exercise_by_nobody_stays_at_level_one(ada: User) -> None:
    factories.programme(patient=ada)

    changed = [change for after in range(12) for change in train(ada, after, good("EX-02"))]

    assert changed == []
    assert practice_of(ada, "EX-02").level == 1


def test_a_red_session_rests_for_a_day_and_halves_level_one(ada: User) -> None:
    programme = factories.programme(patient=ada)

    factories.exercise_session(patient=ada, on=MONDAY, results=[bad()])

    assert dose_of(ada, "EX-05") == (1, 1, 20)
    programme.refresh_from_db()
    tuesday, wednesday = today.days_of(programme, factories.about(as_of=day(1)), ahead=2)
    assert [one.why for one in tuesday.left_out] == ["resting"]
    assert "EX-05" in [one.exercise for one in wednesday.todo]


def test_a_second_red_within_a_week_takes_the_exercise_out_and_sends_it_back_to_be_checked(ada: User) -> None:
    factories.programme(patient=ada)

    factories.exercise_session(patient=ada, on=MONDAY, results=[bad()])
    changed = factories.exercise_session(patient=ada, on=day(7), results=[bad()]).changes

    practice = practice_of(ada, "EX-05")
    assert [change.rule for change in changed] == ["DX-05"]
    assert changed[0].for_clinician
    assert (practice.status, practice.mastery) == ("removed", "taught")
    assert practice.mastery_events.order_by("-id").first().data == {"why": "two_reds"}


def test_red_on_two_exercises_makes_the_next_three_days_gentle_but_for_walking_and_breathing(ada: User) -> None:
    programme = factories.programme(patient=ada)

    factories.exercise_session(patient=ada, on=MONDAY, results=[bad("EX-03"), bad("EX-05")])

    programme.refresh_from_db()
    plan = {one.exercise: one.dose for one in today.days_of(programme, factories.about(), ahead=4)[3].todo}
    assert programme.eased_until_on == day(3)
    assert plan["EX-01"].hold_s == 300
    assert plan["EX-02"].reps == 8
    assert plan["EX-03"].reps == 1


def test_pain_further_down_twice_stops_the_direction(ada: User) -> None:
    factories.programme(patient=ada)
    further = {**good("EX-03"), "spread": "further_down"}

    factories.exercise_session(patient=ada, on=MONDAY, results=[further])
    logged = factories.exercise_session(patient=ada, on=day(3), results=[further])

    assert "DX-08" in [change.rule for change in logged.changes]
    assert practice_of(ada, "EX-03").status == "stopped"
    assert sessions.observations(ada, on=day(3)) == {"ex_pain_during": 2, "ex_spread": "further_down"}


def test_a_new_sign_in_the_player_stops_everything_until_the_screen_is_clear(ada: User) -> None:
    programme = factories.programme(patient=ada)

    logged = factories.exercise_session(patient=ada, on=MONDAY, results=[{"exercise": "EX-05", "new_signs": True}])

    programme.refresh_from_db()
    assert logged.stopped
    assert today.day_of(programme, factories.about()).todo == ()
    with pytest.raises(Refused, match="safety questions"):
        programmes.resume(programme, by=ada, about=factories.about(screen_clear=False), now=factories.NOW)
    programmes.resume(programme, by=ada, about=factories.about(), now=factories.NOW)
    assert today.day_of(programme, factories.about()).todo


def test_a_wish_to_pause_does_not_soften_a_stop_for_safety(ada: User) -> None:
    programme = factories.programme(patient=ada)
    programmes.pause(programme, by=ada, on=MONDAY, now=factories.NOW, why=programmes.SAFETY)

    programmes.pause(programme, by=ada, on=MONDAY, now=factories.NOW)

    programme.refresh_from_db()
    assert programme.paused_for == programmes.SAFETY


@pytest.mark.parametrize(
    ("facts", "rests", "allowed"),
    [
        ({"open_alert": "emergency"}, "open_emergency", []),
        ({"open_alert": "same_day"}, "open_same_day", []),
        ({"open_alert": "within_2_weeks"}, None, ["EX-01", "EX-02", "EX-03", "EX-05"]),
        ({"fever": True}, "fever", []),
        ({"new_trauma": True}, "new_trauma", []),
        ({"recent_surgery": True}, "recent_surgery", []),
        ({"leg_swelling_one_side": True}, "leg_swelling", []),
        ({"heart_symptoms": True}, "heart", []),
        ({"pain_at_rest": 7}, None, ["EX-01", "EX-02", "EX-03", "EX-05"]),
        ({"pain_at_rest": 8}, "pain_at_rest", ["EX-01", "EX-02"]),
        ({"pain_at_rest": 8, "fever": True}, "fever", []),
        ({"weakness": 1}, None, ["EX-01", "EX-02", "EX-03", "EX-05"]),
        ({"weakness": 2}, None, ["EX-01", "EX-02", "EX-03"]),
        ({"hip_replacement": True}, None, ["EX-01", "EX-02", "EX-03"]),
        ({"hip_replacement": True, "hip_surgeon_cleared": True}, None, ["EX-01", "EX-02", "EX-03", "EX-05"]),
    ],
)
def test_what_pauses_and_what_remains_allowed(
    ada: User, facts: dict[str, Any], rests: str | None, allowed: list[str]
) -> None:
    programme = factories.programme(patient=ada)

    plan = today.day_of(programme, factories.about(facts=facts))

    assert [one.exercise for one in plan.todo] == allowed
    assert (plan.rests or (None,))[0] == rests


def test_no_dose_rises_while_an_alert_is_open(ada: User) -> None:
    factories.programme(patient=ada)
    Practice.objects.update(shown_by_clinician=True)
    for after in range(2):
        train(ada, after, good("EX-02"))
    factories.exercise_session(patient=ada, on=day(2), results=[good("EX-02")])
    about, now = factories.about(as_of=day(3)), factories.at_noon(day(3))
    programme = Programme.objects.get(patient=ada)
    programmes.look(programme, about=about, now=now)
    alarmed = factories.about(as_of=day(3), facts={"open_alert": "same_day"})

    held = sessions.note_morning(ada, on=day(3), pain=1, about=alarmed, now=now)
    risen = reviewing.review(programme, about=about, now=now)

    assert held == []
    assert [change.rule for change in risen] == ["DX-01"]


@pytest.mark.parametrize(
    ("missed", "reason", "dose"),
    [(2, None, (2, 10, 0)), (3, "DX-09-two-thirds", (2, 6, 0)), (6, "DX-09-two-thirds", (2, 6, 0))],
)
def test_a_short_break_goes_on_with_two_thirds(
    ada: User, missed: int, reason: str | None, dose: tuple[int, int, int]
) -> None:
    factories.programme(patient=ada)
    Practice.objects.filter(exercise="EX-02").update(
        level=2, dose={"sets": 2, "reps": 10, "hold_s": 0, "times_a_day": 1, "days_a_week": 7}
    )
    factories.exercise_session(patient=ada, on=MONDAY, results=[good("EX-02")])

    _let_days_pass(ada, missed)

    assert dose_of(ada, "EX-02") == dose
    changed = DoseChange.objects.filter(practice__exercise="EX-02")
    assert [change.values["reason"] for change in changed] == ([reason] if reason else [])


def test_a_week_of_break_costs_a_level_and_four_weeks_ask_for_a_check(ada: User) -> None:
    factories.programme(patient=ada)
    Practice.objects.filter(exercise="EX-02").update(
        level=3, dose={"sets": 3, "reps": 10, "hold_s": 0, "times_a_day": 1, "days_a_week": 7}
    )
    factories.exercise_session(patient=ada, on=MONDAY, results=[good("EX-02")])

    _let_days_pass(ada, 7)
    after_a_week = practice_of(ada, "EX-02").level
    _let_days_pass(ada, 27)
    after_27 = practice_of(ada, "EX-02")
    _let_days_pass(ada, 28)
    after_28 = practice_of(ada, "EX-02")

    assert after_a_week == 2
    assert (after_27.level, after_27.mastery) == (2, "home")
    assert (after_28.level, after_28.mastery) == (1, "taught")


def test_a_pause_is_a_break_although_it_counts_as_done(ada: User) -> None:
    programme = factories.programme(patient=ada)
    factories.exercise_session(patient=ada, on=MONDAY, results=[good("EX-02")])
    programmes.pause(programme, by=ada, on=MONDAY, now=factories.NOW)

    _let_days_pass(ada, 28)

    assert practice_of(ada, "EX-02").mastery == "taught"


def _let_days_pass(ada: User, missed: int) -> None:
    """Look at the programme on each morning until so many days after Monday's session were missed."""
    for after in range(1, missed + 2):
        about = factories.about(as_of=day(after))
        programmes.look(Programme.objects.get(patient=ada), about=about, now=factories.at_noon(day(after)))


def test_a_patient_may_take_back_a_step_up_and_nothing_else(ada: User, ben: User) -> None:
    factories.programme(patient=ada)
    Practice.objects.update(shown_by_clinician=True)
    (risen,) = [change for after in range(3) for change in train(ada, after, good("EX-02"))]
    about = factories.about(as_of=day(4))

    undone = changes.undo(risen, by=ada, about=about, now=factories.at_noon(day(4)))
    again = changes.undo(risen, by=ada, about=about, now=factories.at_noon(day(4)))
    lowered = factories.exercise_session(patient=ada, on=day(5), results=[bad("EX-05")]).changes[0]

    assert dose_of(ada, "EX-02") == (1, 8, 0)
    assert undone == again
    with pytest.raises(Refused, match="Only your clinician"):
        changes.undo(lowered, by=ada, about=about, now=factories.at_noon(day(5)))
    changes.undo(lowered, by=ben, about=about, now=factories.at_noon(day(5)))
    assert dose_of(ada, "EX-05") == (1, 3, 20)


def test_a_programme_whose_look_fails_does_not_hold_up_the_others(
    ada: User, harbour: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee", of=harbour)
    hers = factories.programme(patient=ada)
    others = factories.programme(patient=dee)
    Programme.objects.update(next_look_at=factories.LONG_AGO)
    real = reviewing.look

    def breaks_for_ada(programme: Programme, **known: Any) -> list[DoseChange]:
        if programme.pk == hers.pk:
            raise ValueError("no")
        return real(programme, **known)

    monkeypatch.setattr(reviewing, "look", breaks_for_ada)

    looked = programmes.look_at_due(now=factories.NOW)

    hers.refresh_from_db()
    others.refresh_from_db()
    assert looked == 1
    assert hers.next_look_at == factories.NOW + programmes.AFTER_A_FAILURE
    assert others.next_look_at > factories.NOW


def test_keeping_well_is_offered_after_fourteen_low_days_and_holds_strength_and_walking(ada: User, ben: User) -> None:
    programme = factories.programme(patient=ada)
    thirteen = factories.about(m7=lambda: [None, *[2.0] * 13])
    fourteen = factories.about(m7=lambda: [2.0] * 14)

    with pytest.raises(Refused, match="two weeks"):
        programmes.maintenance(programme, by=ada, about=thirteen, now=factories.NOW)
    version = programmes.maintenance(programme, by=ada, about=fourteen, now=factories.NOW)

    assert [(one.exercise, one.days) for one in version.prescriptions.all()] == [("EX-01", "12345")]
    assert not programmes.maintenance_is_offered(programme, fourteen)


def test_a_rule_that_fails_costs_its_change_and_never_the_session(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = factories.programme(patient=ada)

    def fails(*args: Any, **known: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(reviewing.progression, "judge", fails)
        logged = factories.exercise_session(patient=ada, on=MONDAY, results=[bad()])
    later = programmes.look(programme, about=factories.about(as_of=day(1)), now=factories.at_noon(day(1)))

    assert (logged.created, logged.changes) == (True, [])
    assert [change.rule for change in later] == ["DX-04"]


def test_a_session_that_arrives_two_weeks_late_counts_for_its_own_day(ada: User) -> None:
    programme = factories.programme(patient=ada)
    for after in range(14):
        programmes.look(programme, about=factories.about(as_of=day(after)), now=factories.at_noon(day(after)))
    late = {"occurred_on": day(1), "recorded_zone": "Europe/London", "recorded_at": factories.at_noon(day(1))}
    sent = msgspec.convert({**late, "results": [{**good(), "done": True}]}, SessionBody)

    logged = sessions.log_session(
        ada, uuid.uuid4(), sent, about=factories.about(as_of=day(14)), now=factories.at_noon(day(14))
    )

    weeks = planning.adherence(records.read(programme, as_of=day(14)).kept)
    first = next(week for week in weeks if week.exercise == "EX-05" and week.begins_on == MONDAY)
    assert not logged.session.clock_suspect
    assert (first.planned, first.done) == (6, 1)
