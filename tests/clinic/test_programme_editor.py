"""The programme editor: every button without JavaScript, what is refused, and two people at one programme."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from exercises import catalogue as catalogues
from exercises import prescribing, versions
from exercises.answers import PrescriptionBody
from exercises.models import Practice, Programme, Version
from notifications.models import Message
from selfcare.accounts.models import AuditEvent, Clinic, User
from selfcare.clinic import prescription_words as words
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("all_is_running")

TODAY = date(2026, 3, 2)
NOTE = "The surgeon cleared it on 1 March."


@pytest.fixture
def mia_client(harbour: Clinic) -> Client:
    """Return a browser in which Mia is logged in, a colleague of Ben's."""
    return factories.log_in(Client(), factories.member(of=harbour, email="mia@example.org", name="Mia"))


def _address(ada: User, path: str = "edit/") -> str:
    return f"/clinic/patients/{ada.id}/programme/{path}"


def _typed(page: str) -> dict[str, Any]:
    """Return what a browser would post of the sheet on a page, without pressing a button."""
    form = page[page.index('class="sheet"') :]
    posted: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or (kind and kind[1] == "checkbox" and "checked" not in tag):
            continue
        posted.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)
        posted[name] = [chosen[0]]
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        posted[name] = [unescape(text).strip()]
    posted.pop("csrfmiddlewaretoken", None)
    return posted


def _press(client: Client, ada: User, sheet: dict[str, Any], do: str, *, status: int = 200) -> dict[str, Any]:
    """Return the sheet after a button."""
    answer = client.post(_address(ada), sheet | {"do": do})
    assert answer.status_code == status
    return _typed(answer.content.decode())


def _open(client: Client, ada: User) -> dict[str, Any]:
    return _typed(client.get(_address(ada)).content.decode())


def _exercises(sheet: dict[str, Any]) -> list[str]:
    return [sheet[f"r{number}-exercise"][0] for number in range(int(sheet["count"][0]))]


def _cells(page: str, name: str) -> list[str]:
    """Return what a comparison says about an exercise."""
    row = page[page.index(f'role="rowheader">{name}') :]
    return re.findall(r'<td role="cell"[^>]*>(.*?)</td>', row[: row.index("</tr>")])


def _published(ada: User, ben: User, *ids: str) -> Version:
    wanted = [PrescriptionBody(exercise=id_) for id_ in ids]
    prescribing.prescribe(ada, wanted, by=ben, about=factories.about(), now=NOW)
    return prescribing.publish(ada, by=ben, about=factories.about(), now=NOW)


def _with_history(ada: User, **history: Any) -> None:
    ada.patient.history = history
    ada.patient.save()


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_a_default_plan_is_saved_compared_and_published_without_javascript(
    ada: User, ben: User, ben_client: Client
) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada) | {"plan": "deep_gluteal"}, "plan")
    saved = ben_client.post(_address(ada), sheet | {"do": "save"})
    assert saved.url == _address(ada, "publish/")
    comparison = ben_client.get(saved.url).content.decode()
    tokens = {name: re.search(rf'name="{name}" value="([^"]+)"', comparison)[1] for name in ("draft", "published")}

    answer = ben_client.post(_address(ada, "publish/"), tokens)

    assert answer.url == _address(ada, "")
    version = Version.objects.get(state="published")
    wanted = [one["exercise"] for one in catalogues.current().plans["deep_gluteal"].exercises]
    assert [one.exercise for one in version.prescriptions.all()] == wanted
    assert (version.pattern, version.published_by) == ("deep_gluteal", ben)
    assert [event.action for event in AuditEvent.objects.filter(patient_id=ada.id).order_by("id")] == [
        "programme.drafted",
        "programme.viewed",
        "programme.published",
    ]
    assert Message.objects.filter(recipient=ada, kind="review", cause=f"programme:{version.pk}").count() == 1


def test_no_button_but_save_writes_anything(ada: User, ben_client: Client) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada) | {"plan": "back"}, "plan")

    _press(ben_client, ada, sheet | {"add": "EX-14"}, "add")

    assert not Version.objects.exists()


def test_exercises_are_added_moved_and_taken_out_and_what_was_typed_stays(ada: User, ben_client: Client) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada) | {"add": "EX-01"}, "add")
    sheet = _press(ben_client, ada, sheet | {"add": "EX-16"}, "add")
    sheet |= {"r1-level": "3", "r1-sets": "eleven", "r1-days": ["1", "4"], "r1-start_on": "soon"}

    sheet = _press(ben_client, ada, sheet, "up:EX-16")
    assert _exercises(sheet) == ["EX-16", "EX-01"]
    assert (sheet["r0-level"], sheet["r0-sets"], sheet["r0-days"]) == (["3"], ["eleven"], ["1", "4"])
    assert sheet["r0-start_on"] == ["soon"]

    assert _exercises(_press(ben_client, ada, sheet, "down:EX-16")) == ["EX-01", "EX-16"]
    assert _exercises(_press(ben_client, ada, sheet, "remove:EX-16")) == ["EX-01"]


def test_the_editor_opens_with_the_present_programme_and_goes_on_with_a_draft(
    ada: User, ben: User, ben_client: Client
) -> None:
    _published(ada, ben, "EX-01", "EX-16")
    sheet = _open(ben_client, ada)
    assert _exercises(sheet) == ["EX-01", "EX-16"]

    ben_client.post(_address(ada), sheet | {"r1-level": "2", "do": "save"})

    assert _open(ben_client, ada)["r1-level"] == ["2"]


def test_what_a_rule_took_out_does_not_come_back_unless_it_is_added_again(
    ada: User, ben: User, ben_client: Client
) -> None:
    _published(ada, ben, "EX-01", "EX-16")
    Practice.objects.filter(exercise="EX-16").update(status="removed")
    sheet = _open(ben_client, ada)
    assert _exercises(sheet) == ["EX-01"]

    sheet = _press(ben_client, ada, sheet | {"add": "EX-16"}, "add")
    ben_client.post(_address(ada), sheet | {"do": "save"})

    page = ben_client.get(_address(ada, "publish/")).content.decode()
    assert _cells(page, "Bridge (EX-16)") == ["Comes back", "taken out", "level 1: 2 sets of 6"]


def test_an_own_dose_side_start_and_flare_are_kept_as_typed(ada: User, ben_client: Client) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada) | {"add": "EX-01"}, "add")
    sheet = _press(ben_client, ada, sheet | {"add": "EX-14"}, "add")
    sheet |= {
        "r1-sets": "3",
        "r1-reps": "12",
        "r1-hold_s": "2",
        "r1-times_a_day": "",
        "r1-side": "left",
        "r1-days": ["2", "4"],
        "r1-start_on": "2026-03-09",
        "r1-flare": "exercise:EX-01",
    }

    ben_client.post(_address(ada), sheet | {"do": "save"})

    clam = Version.objects.get(state="draft").prescriptions.get(exercise="EX-14")
    assert clam.dose == {"sets": 3, "reps": 12, "hold_s": 2, "times_a_day": 1, "days_a_week": 2}
    assert (clam.side, clam.days, clam.start_on) == ("left", "24", date(2026, 3, 9))
    assert clam.flare == {"exercise": "EX-01"}


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"r0-level": "4"}, "Choose level 1, 2 or 3."),
        ({"r0-level": ""}, "Choose level 1, 2 or 3."),
        ({"r0-days": []}, "Choose at least one day."),
        ({"r0-days": ["8"]}, "Choose at least one day."),
        ({"r0-start_on": ""}, "Choose the day of the start."),
        ({"r0-start_on": "soon"}, "Write the day like 2026-03-02."),
        ({"r0-side": "middle"}, "Choose the side."),
        ({"r0-flare": "exercise:EX-99"}, "Choose what is done in a flare"),
        ({"r0-sets": "3"}, "An own dose needs sets and repetitions"),
        ({"r0-hold_s": "5"}, "An own dose needs sets and repetitions"),
        ({"r0-sets": "0", "r0-reps": "5"}, "Enter a number from 1 to 10."),
        ({"r0-sets": "11", "r0-reps": "5"}, "Enter a number from 1 to 10."),
        ({"r0-sets": "2", "r0-reps": "51"}, "Enter a number from 1 to 50."),
        ({"r0-sets": "2", "r0-reps": "many"}, "Enter a number from 1 to 50."),
        ({"r0-sets": "2", "r0-reps": "5", "r0-hold_s": "-1"}, "Enter a number from 0 to 3600."),
    ],
)
def test_bad_input_is_told_beside_its_exercise(
    ada: User, ben_client: Client, typed: dict[str, Any], sentence: str
) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada) | {"add": "EX-14"}, "add")

    answer = ben_client.post(_address(ada), sheet | typed | {"do": "save"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in unescape(page)
    assert 'href="#row-EX-14"' in page
    assert not Version.objects.exists()


def test_after_a_refusal_everything_stands_as_it_was_typed(ada: User, ben_client: Client) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada), "add:EX-14")
    typed = {
        "r0-level": ["3"],
        "r0-reps": ["many"],
        "r0-days": ["2", "6"],
        "r0-start_on": ["soon"],
        "r0-side": ["left"],
    }

    again = _press(ben_client, ada, sheet | typed, "save", status=422)

    assert {name: again[name] for name in typed} == typed


@pytest.mark.parametrize("count", ["", "-3", "many", "9999999"])
def test_a_torn_sheet_is_read_as_far_as_it_goes(ada: User, ben_client: Client, count: str) -> None:
    posted = {"count": count, "r0-exercise": "EX-14", "r1-exercise": "EX-99", "do": "look", "base": "none"}

    assert ben_client.post(_address(ada), posted).status_code == 200


def test_an_empty_sheet_is_refused(ada: User, ben_client: Client) -> None:
    answer = ben_client.post(_address(ada), _open(ben_client, ada) | {"do": "save"})

    assert answer.status_code == 422
    assert "Name at least one exercise." in answer.content.decode()


@pytest.mark.parametrize("plan", ["", "no-such-plan"])
def test_an_unknown_plan_is_refused_with_the_names_of_those_there_are(ada: User, ben_client: Client, plan: str) -> None:
    answer = ben_client.post(_address(ada), _open(ben_client, ada) | {"plan": plan, "do": "plan"})

    assert answer.status_code == 422
    assert "deep_gluteal" in answer.content.decode()


def test_a_sixth_exercise_of_a_day_is_refused_and_the_week_says_where(ada: User, ben_client: Client) -> None:
    sheet = _open(ben_client, ada)
    for id_ in ("EX-01", "EX-02", "EX-03", "EX-05", "EX-14", "EX-16"):
        sheet = _press(ben_client, ada, sheet | {"add": id_}, "add")

    answer = ben_client.post(_address(ada), sheet | {"do": "save"})

    assert answer.status_code == 422
    assert "holds more than 5 exercises. Spread them." in answer.content.decode()
    assert "<span>Mon</span> <strong>6</strong> <span>too many</span>" in answer.content.decode()


def test_the_stretch_asks_for_its_other_hip_position_and_adds_it_by_one_button(ada: User, ben_client: Client) -> None:
    answer = ben_client.post(_address(ada), _open(ben_client, ada) | {"do": "add:EX-04"})
    page = answer.content.decode()
    assert "The stretch needs both hip positions." in page

    sheet = _press(ben_client, ada, _typed(page), "add:EX-06")

    assert _exercises(sheet) == ["EX-04", "EX-06"]


def test_one_hip_position_alone_is_refused_beside_its_exercise(ada: User, ben_client: Client) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada), "add:EX-04")

    answer = ben_client.post(_address(ada), sheet | {"do": "save"})

    assert answer.status_code == 422
    assert "Add EX-06." in answer.content.decode()


# --- the history ------------------------------------------------------------------------------------------------------


def test_a_filter_warns_with_its_reason_and_needs_a_tick_and_a_note(ada: User, ben_client: Client) -> None:
    _with_history(ada, hip_replacement=True)
    sheet = _press(ben_client, ada, _open(ben_client, ada), "add:EX-05")

    bare = ben_client.post(_address(ada), sheet | {"do": "save"})
    ticked = ben_client.post(_address(ada), sheet | {"r0-in_spite": "on", "r0-note": " ", "do": "save"})
    noted = ben_client.post(_address(ada), sheet | {"r0-in_spite": "on", "r0-note": NOTE, "do": "save"})

    assert (bare.status_code, ticked.status_code, noted.status_code) == (422, 422, 302)
    assert "not cleared by the surgeon" in bare.content.decode()
    assert "tick this box and write why" in bare.content.decode()
    assert "Write why it is right for this person." in ticked.content.decode()
    assert Version.objects.get().prescriptions.get().overrides == {"hip_replacement": NOTE}


def test_a_note_without_the_tick_is_no_override(ada: User, ben_client: Client) -> None:
    _with_history(ada, hip_replacement=True)
    sheet = _press(ben_client, ada, _open(ben_client, ada), "add:EX-05")

    answer = ben_client.post(_address(ada), sheet | {"r0-note": NOTE, "do": "save"})

    assert answer.status_code == 422
    assert NOTE in answer.content.decode()
    assert not Version.objects.exists()


def test_an_acute_deficit_is_refused_whatever_is_ticked(ada: User, ben_client: Client) -> None:
    episode = factories.episode(patient=ada)
    factories.entry(episode=episode, on=TODAY, observations={"weakness": 2})

    added = ben_client.post(_address(ada), _open(ben_client, ada) | {"do": "add:EX-08"})
    sheet = {
        "base": "none",
        "count": "1",
        "r0-exercise": "EX-08",
        "r0-level": "1",
        "r0-side": "left",
        "r0-days": ["1"],
        "r0-start_on": "2026-03-02",
        "r0-in_spite": "on",
        "r0-note": NOTE,
    }
    saved = ben_client.post(_address(ada), sheet | {"do": "save"})

    assert (added.status_code, saved.status_code) == (422, 422)
    assert "Acute deficit" in added.content.decode()
    assert "Acute deficit" in saved.content.decode()
    assert not Version.objects.exists()


def test_a_plan_says_what_the_history_left_out_of_it(ada: User, ben_client: Client) -> None:
    _with_history(ada, anticoagulant=True)

    answer = ben_client.post(_address(ada), _open(ben_client, ada) | {"plan": "deep_gluteal", "do": "plan"})

    page = answer.content.decode()
    assert "Anticoagulant: no ball or friction massage." in page
    assert "EX-12" not in _exercises(_typed(page))


def test_the_locked_tensioner_is_saved_as_a_draft_but_not_published(ada: User, ben_client: Client) -> None:
    sheet = _press(ben_client, ada, _open(ben_client, ada), "add:EX-11") | {"r0-days": ["1", "3", "5"]}
    ben_client.post(_address(ada), sheet | {"do": "save"})

    page = ben_client.get(_address(ada, "publish/")).content.decode()
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    token = str(Version.objects.get(state="draft").pk)
    answer = ben_client.post(_address(ada, "publish/"), {"draft": token, "published": "none"})

    assert draft is None, "The button is offered although publishing would be refused."
    assert "This exercise is locked." in page
    assert answer.status_code == 422
    assert not Version.objects.filter(state="published").exists()


# --- two people -------------------------------------------------------------------------------------------------------


def test_the_second_to_save_is_told_who_was_first_and_loses_nothing(
    ada: User, ben: User, ben_client: Client, mia_client: Client
) -> None:
    _published(ada, ben, "EX-01", "EX-16")
    hers, his = _open(mia_client, ada), _open(ben_client, ada)
    mia_client.post(_address(ada), hers | {"r1-level": "2", "do": "save"})

    answer = ben_client.post(_address(ada), his | {"r1-level": "3", "do": "save"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mia was first" in page
    assert _cells(page, "Bridge (EX-16)") == [
        "Dose",
        "level 2: 2 sets of 10, held 3 s",
        "level 3: 3 sets of 10, held 3 s",
    ]
    assert _typed(page)["r1-level"] == ["3"]
    assert Version.objects.get(state="draft").prescriptions.get(exercise="EX-16").level == 2


def test_the_second_may_put_theirs_in_its_place_after_reading(
    ada: User, ben: User, ben_client: Client, mia_client: Client
) -> None:
    _published(ada, ben, "EX-01", "EX-16")
    hers, his = _open(mia_client, ada), _open(ben_client, ada)
    mia_client.post(_address(ada), hers | {"r1-level": "2", "do": "save"})
    his = _press(ben_client, ada, his | {"r1-level": "3"}, "save", status=409)

    answer = ben_client.post(_address(ada), his | {"do": "save"})

    assert answer.status_code == 302
    assert Version.objects.get(state="draft").prescriptions.get(exercise="EX-16").level == 3


def test_two_first_programmes_do_not_replace_each_other_unseen(
    ada: User, ben_client: Client, mia_client: Client
) -> None:
    hers, his = _open(mia_client, ada), _open(ben_client, ada)
    hers = _press(mia_client, ada, hers, "add:EX-01")
    his = _press(ben_client, ada, his, "add:EX-02")
    mia_client.post(_address(ada), hers | {"do": "save"})

    answer = ben_client.post(_address(ada), his | {"do": "save"})

    assert answer.status_code == 409
    assert "Mia was first" in answer.content.decode()
    assert [one.exercise for one in Version.objects.get().prescriptions.all()] == ["EX-01"]


def test_a_draft_that_changed_since_it_was_compared_is_not_published(
    ada: User, ben: User, ben_client: Client, mia_client: Client
) -> None:
    published = _published(ada, ben, "EX-01")
    prescribing.prescribe(ada, [PrescriptionBody(exercise="EX-02")], by=ben, about=factories.about(), now=NOW)
    seen = {"draft": str(Version.objects.get(state="draft").pk), "published": str(published.pk)}
    mia_client.post(_address(ada), _press(mia_client, ada, _open(mia_client, ada), "add:EX-03") | {"do": "save"})

    answer = ben_client.post(_address(ada, "publish/"), seen)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mia was first" in page
    assert "Cat-camel (EX-03)" in page
    assert Version.objects.get(state="published").pk == published.pk


def test_a_rule_that_swaps_an_exercise_after_the_comparison_stops_publishing(
    ada: User, ben: User, ben_client: Client
) -> None:
    published = _published(ada, ben, "EX-01", "EX-16")
    prescribing.prescribe(ada, [PrescriptionBody(exercise="EX-02")], by=ben, about=factories.about(), now=NOW)
    seen = {"draft": str(Version.objects.get(state="draft").pk), "published": str(published.pk)}
    versions.swap(Programme.objects.get(), "EX-16", "EX-03", about=factories.about(), now=NOW)

    assert ben_client.post(_address(ada, "publish/"), seen).status_code == 409


def test_publishing_twice_publishes_once(ada: User, ben: User, ben_client: Client) -> None:
    prescribing.prescribe(ada, [PrescriptionBody(exercise="EX-02")], by=ben, about=factories.about(), now=NOW)
    seen = {"draft": str(Version.objects.get(state="draft").pk), "published": "none"}

    first, second = (ben_client.post(_address(ada, "publish/"), seen) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "it was published already" in second.content.decode()
    assert Version.objects.count() == 1


def test_without_a_draft_the_comparison_says_so(ada: User, ben: User, ben_client: Client) -> None:
    _published(ada, ben, "EX-01")

    page = ben_client.get(_address(ada, "publish/")).content.decode()

    assert "There is no draft." in page
    assert "Publish and tell the patient" not in page


# --- the comparison in words ------------------------------------------------------------------------------------------


def _row(exercise: str, **fields: Any) -> dict[str, Any]:
    return {
        "exercise": exercise,
        "level": 1,
        "dose": None,
        "side": "",
        "days": "1234567",
        "start_on": TODAY,
        "flare": None,
        "overrides": {},
    } | fields


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"level": 1}, {"level": 2}, ("Dose", "level 1: 2 sets of 8", "level 2: 2 sets of 12")),
        (
            {},
            {"dose": {"sets": 1, "reps": 4, "hold_s": 20, "times_a_day": 2}},
            ("Dose", "level 1: 2 sets of 8", "level 1, own dose: 4 times 20 s, 2 times a day"),
        ),
        ({"side": "left"}, {"side": "both"}, ("Side", "left", "both")),
        ({"days": "135"}, {"days": "1234567"}, ("Days", "Mon, Wed, Fri", "every day")),
        ({}, {"start_on": date(2026, 3, 9)}, ("Start", "2 Mar 2026", "9 Mar 2026")),
        ({}, {"flare": {"level": 1}}, ("In a flare", "one level down", "level 1")),
        (
            {"flare": {"exercise": "EX-02"}},
            {},
            ("In a flare", "Diaphragmatic breathing and pelvic tilt (EX-02) instead", "one level down"),
        ),
        (
            {},
            {"overrides": {"cancer": "Skin, 1990."}},
            (
                "In spite of the history",
                "\N{EN DASH}",
                "Cancer in bone not excluded: no ball or friction massage. Skin, 1990.",
            ),
        ),
    ],
)
def test_each_difference_is_told_in_words(
    before: dict[str, Any], after: dict[str, Any], line: tuple[str, str, str]
) -> None:
    (found,) = words.differences([_row("EX-14", **before)], [_row("EX-14", **after)])

    assert (found.what, found.before, found.after) == line


def test_added_taken_out_and_another_order_are_told() -> None:
    before = [_row("EX-01"), _row("EX-02"), _row("EX-03")]
    after = [_row("EX-03"), _row("EX-01"), _row("EX-16", days="135")]

    found = words.differences(before, after)

    assert [(line.exercise, line.what) for line in found] == [
        ("EX-16", "Added"),
        ("EX-02", "Taken out"),
        ("", "Order"),
    ]
    assert found[0].after == "level 1: 2 sets of 6; Mon, Wed, Fri; from 2 Mar 2026; in a flare: one level down"
    assert (found[2].before, found[2].after) == ("EX-01, EX-03", "EX-03, EX-01")


def test_a_place_that_only_moved_up_is_no_difference() -> None:
    found = words.differences([_row("EX-01"), _row("EX-02")], [_row("EX-02")])

    assert [line.what for line in found] == ["Taken out"]


def test_the_same_programme_twice_has_no_difference() -> None:
    assert words.differences([_row("EX-01")], [_row("EX-01")]) == []
