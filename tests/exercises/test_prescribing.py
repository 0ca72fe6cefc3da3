"""What a clinician sets: what is refused, what publishing changes, what must be unlocked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from edge.errors import Refused
from exercises import changes, prescribing, sessions, today
from exercises.answers import PrescriptionBody
from exercises.facts import About
from exercises.models import DoseChange, PlannedExercise, Practice, Programme, Version
from selfcare.accounts.models import User
from tests import factories

MONDAY = date(2026, 3, 2)
NOW = factories.NOW


def wanted(*exercises: str, **fields: Any) -> list[PrescriptionBody]:
    return [PrescriptionBody(exercise=exercise, **fields) for exercise in exercises]


def set_up(ada: User, ben: User, exercises: list[PrescriptionBody], about: About | None = None) -> Version:
    about = about or factories.about()
    prescribing.prescribe(ada, exercises, by=ben, about=about, now=NOW)
    return prescribing.publish(ada, by=ben, about=about, now=NOW)


def refused(ada: User, ben: User, exercises: list[PrescriptionBody], **facts: Any) -> dict[str, str]:
    with pytest.raises(Refused) as error:
        set_up(ada, ben, exercises, factories.about(facts=facts))
    return error.value.fields


def all_home(ada: User) -> None:
    Practice.objects.filter(programme__patient=ada).update(mastery="home", shown_by_clinician=True)


def test_a_draft_changes_nothing_until_it_is_published(ada: User, ben: User) -> None:
    programme = factories.programme(patient=ada)

    prescribing.prescribe(ada, wanted("EX-16"), by=ben, about=factories.about(), now=NOW)
    before = today.day_of(programme, factories.about())
    difference = prescribing.difference(programme)
    prescribing.publish(ada, by=ben, about=factories.about(), now=NOW)
    all_home(ada)
    after = today.day_of(programme, factories.about())

    assert len(before.todo) == 4
    assert difference == {"added": ["EX-16"], "removed": ["EX-01", "EX-02", "EX-03", "EX-05"], "changed": {}}
    assert [one.exercise for one in after.todo] == ["EX-16"]


def test_the_difference_names_what_changed_within_an_exercise(ada: User, ben: User) -> None:
    version = set_up(ada, ben, wanted("EX-16", "EX-17"))
    again = [*wanted("EX-16", days="135", level=2), *wanted("EX-17")]

    prescribing.prescribe(ada, again, by=ben, about=factories.about(), now=NOW)

    assert prescribing.difference(version.programme)["changed"] == {
        "EX-16": {"level": [1, 2], "days": ["1234567", "135"]}
    }


def test_publishing_without_a_draft_is_refused(ada: User, ben: User) -> None:
    with pytest.raises(Refused, match="no draft") as error:
        prescribing.publish(ada, by=ben, about=factories.about(), now=NOW)

    assert error.value.status_code == 409


@pytest.mark.parametrize(
    ("exercises", "facts", "place", "said"),
    [
        (wanted("EX-99"), {}, "EX-99", "not known"),
        (wanted("EX-04"), {}, "EX-04", "Add EX-06"),
        (wanted("EX-16", "EX-16"), {}, "exercises", "stands twice"),
        ([], {}, "exercises", "at least one"),
        (wanted("EX-01", "EX-02", "EX-03", "EX-05", "EX-16", "EX-17"), {}, "days", "more than 5"),
        (wanted("EX-13"), {}, "EX-13", "day of rest"),
        (wanted("EX-11", days="135"), {}, "EX-11", "locked"),
        (wanted("EX-10"), {}, "EX-10", "Needs 7 green days on EX-08 first. There are 0."),
        (wanted("EX-12"), {"anticoagulant": True}, "EX-12", "Anticoagulant"),
        (wanted("EX-12"), {"numbness": 1}, "EX-12", "Numb skin"),
        (wanted("EX-13", days="135"), {"clot_risk": True}, "EX-13", "Clot"),
        (wanted("EX-08"), {"weakness": 2}, "EX-08", "Acute deficit"),
        (wanted("EX-05"), {"weakness": 2}, "EX-05", "Acute deficit"),
        (wanted("EX-18"), {"known_stenosis": True}, "EX-18", "stenosis"),
        (wanted("EX-18"), {"pregnant_weeks": 1}, "EX-18", "no prone lying"),
        (wanted("EX-07"), {"pregnant_weeks": 17}, "EX-07", "16 weeks"),
        (wanted("EX-16"), {"osteoporosis": True}, "EX-16", "At most 3 days"),
        (wanted("EX-06", "EX-04"), {"hip_replacement": True}, "EX-06", "Hip replacement"),
        (wanted("EX-16", flare={"exercise": "EX-02"}), {}, "EX-16", "another exercise of this programme"),
        (wanted("EX-16", flare={"level": "one"}), {}, "EX-16", "level from 1 to 3"),
        (wanted("EX-16", flare={"level": 4}), {}, "EX-16", "level from 1 to 3"),
        (wanted("EX-16", flare={"level": 1, "exercise": "EX-16"}), {}, "EX-16", "or a level"),
    ],
)
def test_what_may_not_stand_in_a_programme_is_refused_with_a_sentence(
    ada: User, ben: User, exercises: list[PrescriptionBody], facts: dict[str, Any], place: str, said: str
) -> None:
    assert said in refused(ada, ben, exercises, **facts)[place]


@pytest.mark.parametrize(
    ("exercises", "facts"),
    [
        (wanted("EX-04", "EX-06"), {}),
        (wanted("EX-04", "EX-06"), {"hip_replacement": True, "hip_surgeon_cleared": True}),
        (wanted("EX-07"), {"pregnant_weeks": 16}),
        (wanted("EX-02", "EX-16"), {"pregnant_weeks": 30}),
        (wanted("EX-16", days="135"), {"osteoporosis": True}),
        (wanted("EX-13", days="135"), {}),
        (wanted("EX-08"), {"weakness": 1}),
    ],
)
def test_what_the_specification_allows_is_taken(
    ada: User, ben: User, exercises: list[PrescriptionBody], facts: dict[str, Any]
) -> None:
    assert set_up(ada, ben, exercises, factories.about(facts=facts)).state == "published"


@pytest.mark.parametrize(
    ("facts", "exercises"),
    [
        ({}, "01 02 05 04 06 12 14 16"),
        ({"hip_replacement": True}, "01 02 12 14 16"),
        ({"anticoagulant": True}, "01 02 05 04 06 14 16"),
        ({"pregnant_weeks": 20}, "01 02 05 12 14 16"),
        ({"weakness": 2}, "01 02 12 14 16"),
    ],
)
def test_a_default_plan_leaves_out_what_the_history_forbids(
    ada: User, ben: User, facts: dict[str, Any], exercises: str
) -> None:
    about = factories.about(facts=facts)

    plan = prescribing.from_plan("deep_gluteal", about=about)

    assert [one.exercise for one in plan] == [f"EX-{number}" for number in exercises.split()]
    assert set_up(ada, ben, plan, about).state == "published"


@pytest.mark.parametrize(
    "facts", [{"known_stenosis": True}, {"pregnant_weeks": 20}, {"weakness": 2}, {"osteoporosis": True}]
)
@pytest.mark.parametrize("plan", ["deep_gluteal", "nerve_root", "back", "stenosis", "pregnancy"])
def test_every_default_plan_can_be_published_whatever_the_history(
    ada: User, ben: User, plan: str, facts: dict[str, Any]
) -> None:
    about = factories.about(facts=facts)

    assert set_up(ada, ben, prescribing.from_plan(plan, about=about), about).state == "published"


def test_progress_is_kept_where_the_clinician_left_the_dose_alone(ada: User, ben: User) -> None:
    set_up(ada, ben, wanted("EX-16", "EX-17"))
    climbed = {"sets": 2, "reps": 10, "hold_s": 0, "times_a_day": 1, "days_a_week": 7}
    Practice.objects.update(dose=climbed)

    set_up(ada, ben, [*wanted("EX-16"), *wanted("EX-17", level=2)])

    assert Practice.objects.get(exercise="EX-16").dose == climbed
    assert Practice.objects.get(exercise="EX-17").level == 2
    (change,) = DoseChange.objects.all()
    assert (change.kind, change.actor) == ("prescribed", ben)
    assert changes.why(change)["patient"] == "Your clinician set Bird dog for you."


def test_publishing_gives_back_what_a_rule_took_out(ada: User, ben: User) -> None:
    set_up(ada, ben, wanted("EX-16"))
    Practice.objects.update(status="removed", mastery="taught")

    set_up(ada, ben, wanted("EX-16"))

    practice = Practice.objects.get()
    assert (practice.status, practice.mastery) == ("active", "taught")


def test_days_until_yesterday_are_kept_by_the_plan_that_was_in_force(ada: User, ben: User) -> None:
    factories.programme(patient=ada)

    set_up(ada, ben, wanted("EX-16"), factories.about(as_of=MONDAY + timedelta(days=2)))

    tuesday = PlannedExercise.objects.filter(on=MONDAY + timedelta(days=1))
    assert sorted(tuesday.values_list("exercise", flat=True)) == ["EX-01", "EX-02", "EX-03", "EX-05"]


def test_a_flare_shows_what_the_clinician_wrote_down_for_it(ada: User, ben: User) -> None:
    version = set_up(
        ada,
        ben,
        [*wanted("EX-05", level=2, flare={"level": 1}), *wanted("EX-16", flare={"exercise": "EX-05"}, level=3)],
    )
    all_home(ada)
    programme = version.programme
    programme.eased_until_on = MONDAY
    programme.save()

    plan = today.day_of(programme, factories.about())

    assert [(one.exercise, one.level) for one in plan.todo] == [("EX-05", 1)]


# --- Unlocking ------------------------------------------------------------------------------------------------------


def ready(**changed: Any) -> About:
    return factories.about(**{"days_since_onset": 28, "facts": {"weakness": 0, "numbness": 0}} | changed)


def slide(ada: User, ben: User) -> None:
    """Bring Ada to a green session of the slump slider at home."""
    set_up(ada, ben, wanted("EX-08"))
    programme = Programme.objects.get(patient=ada)
    dose = {"sets": 1, "reps": 6, "hold_s": 0, "times_a_day": 1, "days_a_week": 7}
    Practice.objects.create(programme=programme, exercise="EX-10", level=1, dose=dose, started_on=MONDAY)
    all_home(ada)
    good = {"exercise": "EX-10", "before": 0, "during": 0, "spread": "no_change", "tingling_min": 0}
    factories.exercise_session(patient=ada, on=MONDAY - timedelta(days=1), results=[good])
    sessions.note_morning(ada, on=MONDAY, pain=0, about=factories.about(), now=NOW)


def test_a_tensioner_opens_when_everything_speaks_for_it(ada: User, ben: User) -> None:
    slide(ada, ben)

    practice = prescribing.unlock(ada, "EX-11", irritability="low", by=ben, about=ready(), now=NOW)

    assert (practice.unlocked_by, practice.mastery) == (ben, "locked")
    assert set_up(ada, ben, wanted("EX-11", days="135"), ready()).state == "published"


@pytest.mark.parametrize(
    ("about", "irritability", "place"),
    [
        (ready(days_since_onset=27), "low", "from_day"),
        (ready(days_since_onset=None), "low", "from_day"),
        (ready(), "moderate", "irritability"),
        (ready(facts={"weakness": 1, "numbness": 0}), "low", "weakness"),
        (ready(facts={"weakness": 0, "numbness": 1}), "low", "numbness"),
        (ready(facts={"weakness": 0}), "low", "numbness"),
    ],
)
def test_one_thing_against_it_keeps_a_tensioner_locked(
    ada: User, ben: User, about: About, irritability: str, place: str
) -> None:
    slide(ada, ben)

    with pytest.raises(Refused) as error:
        prescribing.unlock(ada, "EX-11", irritability=irritability, by=ben, about=about, now=NOW)

    assert list(error.value.fields) == [place]


def test_the_slider_comes_before_the_tensioner(ada: User, ben: User) -> None:
    slide(ada, ben)
    Practice.objects.filter(exercise="EX-10").update(mastery="taught")

    with pytest.raises(Refused) as error:
        prescribing.unlock(ada, "EX-11", irritability="low", by=ben, about=ready(), now=NOW)

    assert "EX-10" in error.value.fields["slider"]


def test_a_deficit_that_comes_later_rests_an_unlocked_tensioner(ada: User, ben: User) -> None:
    slide(ada, ben)
    prescribing.unlock(ada, "EX-11", irritability="low", by=ben, about=ready(), now=NOW)
    set_up(ada, ben, wanted("EX-11", days="135"), ready())
    all_home(ada)
    programme = Programme.objects.get(patient=ada)

    quiet = today.day_of(programme, ready())
    weak = today.day_of(programme, ready(facts={"weakness": 1, "numbness": 0}))

    assert [one.exercise for one in quiet.todo] == ["EX-11"]
    assert [one.exercise for one in weak.left_out] == ["EX-11"]


def test_the_first_amber_of_a_tensioner_goes_back_to_the_slider(ada: User, ben: User) -> None:
    slide(ada, ben)
    prescribing.unlock(ada, "EX-11", irritability="low", by=ben, about=ready(), now=NOW)
    set_up(ada, ben, wanted("EX-11", days="135"), ready())
    all_home(ada)
    prescribing.prescribe(ada, wanted("EX-16"), by=ben, about=ready(), now=NOW)
    amber = {"exercise": "EX-11", "before": 3, "during": 3, "spread": "no_change", "tingling_min": 0}

    factories.exercise_session(patient=ada, on=MONDAY, results=[amber])

    programme = Programme.objects.get(patient=ada)
    plan = today.day_of(programme, ready())
    drafts = programme.versions.filter(state="draft")
    assert [one.exercise for one in plan.todo] == ["EX-10"]
    assert [one.exercise for draft in drafts for one in draft.prescriptions.all()] == ["EX-16"]
