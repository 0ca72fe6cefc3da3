"""What a clinician may prescribe in spite of the history, and what nobody may."""

from __future__ import annotations

from typing import Any

import pytest

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import prescribing, today, versions
from exercises.answers import PrescriptionBody
from exercises.models import Programme, Version
from notifications.models import Message
from selfcare.accounts.models import User
from tests import factories

NOTE = "The surgeon cleared flexion and rotation on 1 March."


def _publish(ada: User, ben: User, *, facts: dict[str, Any], overrides: dict[str, str]) -> Version:
    wanted = [PrescriptionBody(exercise="EX-01"), PrescriptionBody(exercise="EX-05", overrides=overrides)]
    about = factories.about(facts=facts)
    prescribing.prescribe(ada, wanted, by=ben, about=about, now=factories.NOW)
    return prescribing.publish(ada, by=ben, about=about, now=factories.NOW)


def test_what_the_history_forbids_is_refused_without_a_note(ada: User, ben: User) -> None:
    with pytest.raises(Refused) as refused:
        _publish(ada, ben, facts={"hip_replacement": True}, overrides={})

    assert "not cleared by the surgeon" in refused.value.fields["EX-05"]


def test_with_a_note_it_is_prescribed_and_stands_in_the_day(ada: User, ben: User) -> None:
    version = _publish(ada, ben, facts={"hip_replacement": True}, overrides={"hip_replacement": NOTE})

    plan = today.day_of(version.programme, factories.about(facts={"hip_replacement": True}))
    assert [one.exercise for one in plan.todo] == ["EX-01", "EX-05"]
    assert version.prescriptions.get(exercise="EX-05").overrides == {"hip_replacement": NOTE}


def test_a_note_speaks_against_no_other_filter(ada: User, ben: User) -> None:
    version = _publish(ada, ben, facts={"hip_replacement": True}, overrides={"hip_replacement": NOTE})

    plan = today.day_of(version.programme, factories.about(facts={"hip_replacement": True, "weakness": 2}))
    assert [one.exercise for one in plan.todo] == ["EX-01"]


def test_an_acute_deficit_is_overridden_by_nobody(ada: User, ben: User) -> None:
    with pytest.raises(Refused) as refused:
        _publish(ada, ben, facts={"weakness": 2}, overrides={"weakness": NOTE})

    assert "in spite of" in refused.value.fields["EX-05"]


def test_a_note_for_a_filter_that_became_hard_since_counts_for_nothing(ada: User, ben: User) -> None:
    version = _publish(ada, ben, facts={}, overrides={})
    version.prescriptions.update(overrides={"weakness": NOTE})

    plan = today.day_of(version.programme, factories.about(facts={"weakness": 2}))
    assert [one.exercise for one in plan.todo] == ["EX-01"]


def test_the_note_does_not_go_over_to_the_easier_exercise(ada: User, ben: User) -> None:
    version = _publish(ada, ben, facts={"osteoporosis": True}, overrides={"osteoporosis": NOTE})
    programme = Programme.objects.get(patient=ada)

    swapped = versions.swap(programme, "EX-05", "EX-03", about=factories.about(), now=factories.NOW)

    assert version.prescriptions.get(exercise="EX-05").overrides == {"osteoporosis": NOTE}
    assert swapped is not None
    assert swapped.prescriptions.get(exercise="EX-03").overrides == {}


def test_only_filters_whose_fact_is_coarser_than_the_danger_may_be_overridden() -> None:
    overridable = {one.id for one in catalogues.current().filters if one.may_override}

    assert overridable == {"hip_replacement", "osteoporosis", "cancer", "stenosis", "spondylolisthesis"}


def test_publishing_tells_the_patient_once_and_says_nothing_of_health(ada: User, ben: User) -> None:
    version = _publish(ada, ben, facts={}, overrides={})

    told = Message.objects.get(recipient=ada)
    assert (told.cause, told.kind) == (f"programme:{version.pk}", "review")
