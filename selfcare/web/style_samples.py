"""Invented data for the living style page: every component of the patient's app in each of its states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from exercises import catalogue as exercises
from selfcare.accounts.models import Clinic, PatientProfile
from selfcare.diary import charts
from selfcare.triage import catalogue
from selfcare.triage.models import Alert
from selfcare.web import bodymap, course_words, plan, plan_weeks, programme, progress, week_ring, words
from selfcare.web.diary_month import Day
from selfcare.web.follow_up import Confirmed, Question
from selfcare.web.forms import GoalForm
from selfcare.web.forms_phone import LookForm
from selfcare.web.plan_weeks import Review, State, Week
from selfcare.web.progress_figures import Drawn, Figure, Table, figure
from selfcare.web.progress_where import Marked, Where

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TOOLS = ("menu", "add", "icon", "share", "bell", "gear", "lock", "switch", "window")


@dataclass(frozen=True)
class Sample:
    """One component in one state: its template, what it is given, and what a script would write into it."""

    group: str
    state: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    # By data-part: the words of a script.
    written: dict[str, str] = field(default_factory=dict)
    # Attributes that a tap or a script would set: the text before and after.
    tapped: tuple[str, str] = ("", "")
    # Hidden until a script shows it.
    revealed: bool = False
    # The class of the list in which it stands.
    listed: str = ""


def samples(region: dict[str, Any]) -> Iterator[Sample]:
    """Give every component in every state, group by group."""
    yield from _cards(region)
    yield from _today()
    yield from _kept()
    yield from _questions()
    yield from _forms()
    yield from _progress()
    yield from _plan()
    yield from _exercises()
    yield from _messages()
    yield from _reading()


def _cards(region: dict[str, Any]) -> Iterator[Sample]:
    cards = words.general_cards(region)
    for name in ("now", "today", "soon"):
        yield Sample("Care cards", name, "web/_care_card.html", {"card": cards[name], "heading": 3})
    yield Sample("Care cards", "a crisis", "web/_plain_card.html", {"card": cards["crisis"]})
    yield Sample("Care cards", "compact, now", "web/_compact_now.html")
    yield Sample("Care cards", "compact, today", "web/_compact_today.html")
    yield Sample("Care cards", "what only informs", "web/_information.html", {"information": [cards["soon"]]})
    yield Sample("Care cards", "pain in the chest, on the help page", "web/help/_chest.html", {"chest": plan.chest()})
    for tier in ("emergency", "same_day"):
        yield Sample("Care cards", f"under the card: {tier}", "web/checkin/_after_card.html",
                     {"tier": tier, "chest": plan.chest()}, revealed=True)  # fmt: skip
    for state in ("waiting", "confirmed", "answered", "seen"):
        yield Sample("Follow-up", state, "web/_follow_up.html",
                     {"question": _asked(region, state), "patient": _person()})  # fmt: skip


def _asked(region: dict[str, Any], state: str) -> Question:
    alert = Alert(
        rule_id="RF-CES-01", reason="bladder_change", tier="emergency", urgency=0, reported_at=NOW - DAY,
        inputs={"days": {"2026-03-01": {"bladder": "new"}}}, assessed_at=NOW if state == "seen" else None,
    )  # fmt: skip
    clinic = Clinic(name="Harbour Clinic", country="GB", phone="020 7946 0000", out_of_hours_text="Call 111.")
    said = {"answered": "not_yet", "seen": "seen"}.get(state)
    confirmed = state == "confirmed"
    return Question(
        alerts=(alert,),
        tier=alert.tier,
        ask=words.follow_up_card("ask_emergency", region),
        said=SimpleNamespace(at=NOW) if said else None,  # type: ignore[arg-type]
        said_label="Not yet" if said == "not_yet" else "",
        answer_card=words.follow_up_card(f"{said}_emergency", region) if said else None,
        confirmed=Confirmed(
            card=words.follow_up_card(f"{'confirmed' if confirmed else 'unconfirmed'}_emergency", region),
            at=NOW if confirmed else None,
            clinics=(clinic,),
            closed=() if confirmed else (clinic,),
        ),
    )


def _person(**more: Any) -> SimpleNamespace:
    profile = PatientProfile(time_zone="Europe/London", country="GB")
    return SimpleNamespace(**{"profile": profile, "today": TODAY, "unsure_again": True, "days_away": 8,
                              "history_due": True, **more})  # fmt: skip


def _today() -> Iterator[Sample]:
    done = {TODAY - n * DAY for n in (1, 2, 4)}
    monday = TODAY - 6 * DAY
    for name, days, most in (("usual", done, 7), ("more than planned", done | {TODAY}, 2), ("new", set[date](), 7)):
        ring = week_ring.ring(TODAY, days, begins=monday, most=most, since=monday)
        yield Sample("Week ring", name, "web/_week_ring.html", {"ring": ring, "week_number": 3, "last_week": 8})
    yield Sample("Today", "asked again, away, health", "web/_asked_now.html", {"patient": _person()})
    yield Sample("Today", "more to enter", "web/_more_entries.html", {"yesterday": True})
    yield Sample("Today", "fewer reminders", "web/settings/_slower.html", {"slower": 2, "pace": 1})
    for state in ("due", "done", "rest", "locked"):
        card = {"state": state, "moves": 3, "minutes": 9, "eased": True, "says": []}
        yield Sample("Today", f"exercises {state}", "web/programme/_today_card.html", {"exercises": card})
    yield Sample("Diary", "a day", "web/diary/_day.html", {"day": _day()})


def _day() -> Day:
    entry = {"id": UUID(int=1), "at": NOW, "pain": 4, "interference": 3, "late": True, "corrected": True}
    told = [{**entry, "told": told} for told in ("emergency", "same_day", "within_2_weeks")]
    safety = {**entry, "pain": None, "interference": None, "told": "", "late": False, "corrected": False}
    session = {"at": NOW, "moves": 3, "felt": "Fine"}
    return Day(on=TODAY, entries=(*told, safety), sessions=(session,), events=("A visit: GP.",), advised=True)


def _kept() -> Iterator[Sample]:
    yield Sample("Strips", "offline, new version, loading", "web/_strips.html", revealed=True)
    said = [_Said("success", "Saved."), _Said("error", "Choose a number from 0 to 10.")]
    yield Sample("Notices", "success and error", "web/_notices.html", {"messages": said})
    yield Sample("Notices", "signed out", "web/_signed_out.html", revealed=True)
    yield Sample("Unsent", "an answer waits", "web/_unsent.html", revealed=True)
    yield Sample("Unsent", "for more than a day", "web/_unsent.html", revealed=True,
                 tapped=('class="card"', 'class="card old"'))  # fmt: skip
    yield Sample("Asking first", "reminders", "web/_soft_ask.html", revealed=True)
    yield Sample("Asking first", "reminders that stopped", "web/_alerts_lost.html", revealed=True)
    yield Sample("Lock", "the PIN", "web/_lock.html", tapped=('class="lock"', 'class="card"'))
    yield Sample("Saved", "phone, sent, without a team, lost", "web/checkin/_receipt.html", revealed=True)
    yield Sample("Saved", "a bad day", "web/checkin/_bad_day.html")


class _Said(str):
    """A sentence of the server with its kind."""

    def __new__(cls, tags: str, text: str) -> _Said:
        said = super().__new__(cls, text)
        said.tags = tags
        return said

    tags: str


def _questions() -> Iterator[Sample]:
    steps = plan.check_in()
    kinds = {f"{one['kind']} {field['kind']}": one for one in reversed(steps) for field in one["fields"]}
    kinds |= {one["kind"]: one for one in reversed(steps)}
    common = {
        "back": "/", "count": "Question 2 of 7", "map_views": bodymap.views(), "outline": bodymap.OUTLINE,
        "compact": True, "had_grade": True, "places": "Left buttock", "known": ["bu-l"], "marked": ["bu-l", "th-l"],
    }  # fmt: skip
    for name, step in sorted(kinds.items()):
        yield Sample("Questions", name, "web/checkin/_step.html", {**common, "step": step})
        if step["answers"]:
            chosen = step["answers"][len(step["answers"]) // 2]
            yield Sample("Questions", f"{name}, chosen", "web/checkin/_step.html",
                         {**common, "step": step, "chosen": chosen["value"], "earlier": chosen["label"]})  # fmt: skip
        if step["fields"] and step["fields"][0]["kind"] in {"number", "text"}:
            wrong = {"field": f"{step['id']}-{step['fields'][0]['name']}", "sentence": step["fields"][0]["error"]}
            yield Sample("Questions", f"{name}, wrong", "web/checkin/_step.html",
                         {**common, "step": step, "error": wrong, "typed": "x"})  # fmt: skip
    yield Sample("Questions", "the chest", "web/checkin/_chest.html", {"chest": plan.chest(), "shell": True})
    score = {"name": "score", "low": "0 is no pain", "high": "10 is the worst pain you can imagine"}
    yield Sample("Score", "none chosen", "web/_nrs.html", score)
    yield Sample("Score", "4 chosen", "web/_nrs.html", {**score, "chosen": "4"})
    on_map = {**common, "name": "regions"}
    yield Sample("Body map", "nothing marked", "web/checkin/_map.html", {**on_map, "marked": []})
    yield Sample("Body map", "marked", "web/checkin/_map.html", on_map)
    yield Sample("Body map", "as a list", "web/checkin/_map.html", on_map, tapped=("data-ui", "checked"))
    yield Sample("Body map", "a warning sign", "web/checkin/_map.html", {**on_map, "marked": ["sad"]})


def _forms() -> Iterator[Sample]:
    empty, wrong = GoalForm(), GoalForm({"goal": "x" * 1000})
    for state, form in (("empty", empty), ("wrong", wrong)):
        yield Sample("Fields", state, "web/setup/_field.html", {"field": form["goal"]})
    yield Sample("Fields", "choices", "web/settings/_radios.html", {"field": LookForm()["theme"]})
    yield Sample("Error summary", "a form", "web/setup/_errors.html", {"form": wrong})
    yield Sample("Rows", "with a value", "web/settings/_row.html", {"href": "/", "name": "Reminders", "value": "On"},
                 listed="row-list")  # fmt: skip
    languages = {"en-gb": "English", "es": "Español"}
    yield Sample("Languages", "two", "web/_languages.html", {"languages": languages})
    for was_in_care in (True, False):
        yield Sample("What goes and stays", "with a clinic" if was_in_care else "without", "web/account/_stays.html",
                     {"was_in_care": was_in_care, "years": 8})  # fmt: skip
    for tool in TOOLS:
        yield Sample("Drawings", tool, "web/alerts/_figure.html", {"name": tool}, listed="steps")


def _chart(*, empty: bool = False) -> Figure:
    axis = charts.Axis(TODAY - 41 * DAY, TODAY)
    days = [(TODAY - n * DAY, 2.0 + n // 8, n == 5) for n in range(40, -1, -1) if not 12 < n < 19]
    line = [(on, value, False) for on, value, _late in days]
    bars = [(TODAY - (n + 1) * 7 * DAY + DAY, TODAY - n * 7 * DAY, 5.0 - n, 7.0) for n in range(4, -1, -1)]
    ticks = ((0, "0"), (5, "5"), (10, "10"))
    drawn = [
        Drawn.of_bars("Days pain did not stop you (0 to 3)", bars, highest=7, ticks=((0, "0"), (7, "7"))),
        *(Drawn.of_days(css.title(), css, days, line=line, highest=10, ticks=ticks)
          for css in ("buttock", "leg", "back", "function")),
        Drawn.of_days("Weakness", "nerves", days, highest=10, ticks=ticks),
    ]  # fmt: skip
    happened = [(TODAY - 20 * DAY, "A visit: GP."), (TODAY - 19 * DAY, "A flare.")]
    table = Table("Week by week", ("Week", "Average"), ((1, "5.0"), (2, "too few"), (3, "3.5")))
    return figure(
        "empty" if empty else "pain", title="Pain", says=["Your pain is less than at the start."],
        hint="Lower is better.", axis=axis, parts=[] if empty else drawn, tables=[table],
        happened=[] if empty else happened,
    )  # fmt: skip


def _progress() -> Iterator[Sample]:
    chart = _chart()
    yield Sample("Charts", "gap, late answer, events", "web/progress/_figure.html", {"figure": chart})
    yield Sample("Charts", "nothing to draw", "web/progress/_figure.html", {"figure": _chart(empty=True)})
    yield Sample("Charts", "the numbers", "web/progress/_table.html", {"table": chart.tables[0]})
    yield Sample("Charts", "what happened", "web/progress/_events.html", {"events": chart.events})
    marked = [_marked("At the start", "bu-l", "th-l", "ca-l"), _marked("Now", "bu-l", "ft-l")]
    where = Where("Not marked any more: Left calf.", marked[0], marked[1])
    yield Sample("Where it hurts", "then and now", "web/progress/_where.html",
                 {"where": where, "marked": marked, "outline": bodymap.OUTLINE})  # fmt: skip


def _marked(title: str, *areas: str) -> Marked:
    views = [{**view, "marked": [area for area in view["areas"] if area.id in areas]} for view in bodymap.views()]
    return Marked(title, TODAY, [view for view in views if view["marked"]], bodymap.words(list(areas)))


def _plan() -> Iterator[Sample]:
    week, read = _week(3, read=False), _week(2, read=True)
    careful = progress.careful()
    yield Sample("Eight weeks", "you are here", "web/plan/_line.html",
                 {"week": week, "here": True, "mark": True, "careful": careful}, listed="timeline")  # fmt: skip
    yield Sample("Eight weeks", "read", "web/plan/_line.html", {"week": read, "mark": True}, listed="timeline")
    yield Sample("Eight weeks", "the words of a week", "web/plan/_week.html", {"words": week.words, "careful": careful})
    review = course_words.shown()["reviews"]["week-4"]
    for key in course_words.CHANGES:
        path = {"key": key, "overall": [], "sentences": review[key]}
        yield Sample("Review", key, "web/plan/_path.html", {"path": path, "goal": "walk to the shop", "step": "booked"})


def _week(number: int, *, read: bool) -> Week:
    first = TODAY + 7 * (number - 3) * DAY
    sheet = course_words.shown()["reviews"]["week-4"]
    states = (State.DONE, State.OPEN, State.LATER)
    reviews = tuple(Review("week-4", sheet["title"], first, first, first, state, sheet) for state in states)
    said = course_words.shown()["weeks"][str(number)]
    return Week(number, first, first + plan_weeks.WEEK - DAY, said, ((first, "A visit: GP."),), reviews, read)


def _exercises() -> Iterator[Sample]:
    sheet = exercises.shown()
    move = programme.page_of(next(iter(sheet.exercises.values())))
    shown = {"exercise": move, "stop_card": sheet.stop_card, "exercises": [move], "hurts": sheet.hurts}
    yield Sample("Exercises", "a move", "web/programme/_move.html", shown)
    yield Sample("Exercises", "an hour after", "web/programme/_hour_after.html")
    yield Sample("Exercises", "skip", "web/programme/_skip.html")
    for phase, cue in (("ready", "Get ready."), ("hold", "Hold. Left side"), ("reps", "8 times."),
                       ("rest", "Rest."), ("switch", "Change sides. Left side"), ("paused", "Paused.")):  # fmt: skip
        yield Sample("Player", phase, "web/programme/_player.html", shown, revealed=True,
                     written={"count": "Move 1 of 3", "name": move["name"], "cue": cue, "clock": "20",
                              "pacer": "3", "detail": "Set 1 of 2"},
                     tapped=('class="player"', f'class="player" data-phase="{phase}"'))  # fmt: skip
    yield Sample("Player", "this hurts more", "web/programme/_hurts.html", shown, revealed=True)


def _messages() -> Iterator[Sample]:
    letter = SimpleNamespace(id=UUID(int=2), kind="message", text="May I swim with this?")
    visit = SimpleNamespace(id=UUID(int=3), kind="visit_request", text="I would like to come in.\nAny day will do.")
    for state, shown in (
        ("sent", {"message": letter, "own": True, "who": "You", "state": "Sent. Not read yet."}),
        ("a visit is asked for", {"message": visit, "own": True, "who": "You", "state": "Read by your team today."}),
        ("new", {"message": letter, "own": False, "who": "Ben, Harbour Clinic", "new": True}),
        ("read", {"message": letter, "own": False, "who": "Harbour Clinic", "new": False}),
    ):
        yield Sample("Messages", state, "web/messages/_letter.html", {"letter": {**shown, "when": "today at 10:00"}},
                     listed="letters")  # fmt: skip
    yield Sample("Messages", "not for emergencies", "web/messages/_banner.html")
    for error in ("", "Write something first."):
        form = {"kind": "message", "text": "", "error": error}
        yield Sample("Messages", f"field{', wrong' if error else ''}", "web/messages/_field.html",
                     {"form": form, "longest": 2000})  # fmt: skip
    for missing in ("no_consent", "no_clinic"):
        yield Sample("Messages", f"nobody: {missing}", "web/messages/_nobody.html", {"missing": missing})


def _reading() -> Iterator[Sample]:
    for level in ("plain", "detailed"):
        yield Sample("Reading", level, "web/learn/_level.html", {"level": level, "other_path": "/learn"})
    yield Sample("Reading", "the way there", "web/learn/_link.html")
    texts = catalogue.shown().guide.texts
    pattern = {
        "why": "You told us of pain in your buttock.", "sometimes": "This is sometimes called something else.",
        "people": ["a physio", "a GP"], "then": ["a spine clinic"], "title": "Buttock pain",
        "looks_like": ["Sitting makes it worse."], "questions": ["Does it go below the knee?"],
    }  # fmt: skip
    yield Sample("Reading", "a pattern", "web/guide/_pattern.html", {"pattern": pattern, "texts": texts})
