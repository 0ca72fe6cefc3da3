"""The check-in as data: every step with its words, its answers and what each answer writes.

On a short day four questions each ask about a group of signs; a "yes, or not sure" opens the group's own steps. On a
long day each sign has its own step. "Something has changed" asks about every group of signs. What is asked less often
comes when it is due (``occasions.py``). The server and the phone read the same plan.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from selfcare.web import occasions, plan_events, plan_pain, words
from selfcare.web.flow import LONG, SHORT
from selfcare.web.occasions import daily, monthly, once, weekly
from selfcare.web.steps import ANY_TIME, DAYS_AGO, YES, answer, change, choice, grades, group, step, yes_no

Data = dict[str, Any]


def check_in() -> list[Data]:
    """Return the steps of a check-in in their order, in the language of the request."""
    return [
        *_first(), *plan_events.happened(), *_nerves(), *_body(), *_any_time(), *_bones(), *_weekly(), *_course(),
        *plan_pain.where(), *plan_pain.pain(), *plan_events.own_words(),
    ]  # fmt: skip


def for_phone() -> list[Data]:
    """Return what the phone needs to run the plan; the words are in the page already."""
    named = ("id", "kind", "modes", "when", "due", "needs", "card", "safety", "ces", "rise")
    parts = ("value", "writes", "keeps", "alarm", "extras", "wait", "confirm")
    return [
        {name: one[name] for name in named}
        | {"answers": [{part: said[part] for part in parts} for said in one["answers"]]}
        for one in check_in()
    ]


def _first() -> list[Data]:
    return [
        # Answered by the button that began this check-in.
        step("flare", safety=False, answers=[
            answer("yes", _("Yes"), writes={"flare": True}), answer("no", _("No"), writes={"flare": False}),
        ]),
        chest(),
    ]  # fmt: skip


def chest() -> Data:
    """Return the question that also stands on every emergency screen."""
    return step("chest", modes=list(ANY_TIME), safety=True, answers=[
        answer("no", _("No"), writes={"chest_pain": False, "breathless": False}),
        answer("chest_pain", _("Yes, chest pain"), alarm="now", writes={"chest_pain": True, "breathless": False}),
        answer("breathless", _("Yes, it is hard to breathe"), alarm="now",
               writes={"chest_pain": False, "breathless": True}),
        answer("both", _("Yes, both"), alarm="now", writes={"chest_pain": True, "breathless": True}),
    ])  # fmt: skip


def _nerves() -> list[Data]:
    wiping = [_("numb or tingling around your bottom or private parts"), _("paper feels odd when you wipe")]
    return [
        group("toilet", _("Any change in how you pee or poo?"), [
            _("hard to start, weak, or cannot go"), _("leaks"), _("cannot feel it"),
        ], writes={"bladder": "none", "bowel": "none"}),
        *change("bladder", "toilet", which="bladder_kinds", special=answer(
            "burning", _("It only burns or stings. Everything else about peeing is normal."),
            writes={"bladder": "new", "bladder_detail": ["burning_only"]}, alarm="today", wait=True,
        )),
        *change("bowel", "toilet", which="bowel_kinds", special=answer(
            "hard", _("Hard poo only. I can feel it and hold it."),
            writes={"bowel": "new", "bowel_detail": ["constipation_only"]},
        )),
        group("between", _("Does it feel different between your legs?"), wiping,
              writes={"saddle": "none"}, needs=["no_intimate"]),
        group("between_and_sex", _("Does it feel different between your legs?"),
              [*wiping, _("new loss of feeling in sex")],
              writes={"saddle": "none", "sexual": "none"}, needs=["intimate"]),
        *change("saddle", "between", also="between_and_sex", map_says=("marked_saddle", "numb_saddle")),
        *change("sexual", "between_and_sex", needs=["intimate"], special=answer(
            "not_for_me", _("This is not for me, or I would rather not say"),
            writes={"sexual": "prefer_not_to_say"},
        )),
        group("legs", _("Is a leg weaker or more numb, or are both legs affected?"), [
            _("foot drags, or knee gives way"), _("pain, tingling or numbness in both legs"),
        ], writes={"both_legs": "none"}, keeps=["weakness", "numbness"]),
        *change("both_legs", "legs"),
        step("weakness", modes=[LONG], when=[["legs", [YES]]], card="now", safety=True,
             due=[daily(when=occasions.NEW_WEAKNESS, modes=[SHORT])],
             fields=[_side_of_weakness()],
             answers=grades("weakness", "weakness_grades", alarms=("", "", "today", "now", "now"), extras=True)),
        step("weakness_since", heading=_("When did it start?"), when=[["weakness", ["2", "3", "4"]]],
             card="now", safety=True, answers=[
                 answer("days", _("Today or yesterday"), writes={"weakness_since_days": DAYS_AGO["days"]}),
                 answer("weeks", _("In the last 2 weeks"), writes={"weakness_since_days": DAYS_AGO["weeks"]}),
                 answer("longer", _("Longer ago"), writes={"weakness_since_days": DAYS_AGO["longer"]}),
             ]),
        # Its second question, "Where?", has no answer of its own here.
        step("numbness", hint="", modes=[LONG], when=[["legs", [YES]], ["map", ["numb", "numb_saddle"]]], card="now",
             safety=True, answers=grades("numbness", "numbness_grades", alarms=("", "", "today", "today", "today"))),
        yes_no("tingling", "tingling", safety=False, opened_by="numbness", by=["1", "2", "3", "4"],
               due=[monthly("tingling")]),
        yes_no("gait", "gait_unsteady", opened_by="legs", modes=[LONG], card="now", alarm="today",
               due=[daily(when=occasions.WOBBLY_COUNTS, modes=[SHORT])]),
    ]  # fmt: skip


def _body() -> list[Data]:
    return [
        group("body", _("Do you have a fever, feel very ill, or hurt all night?"), [
            _("hot and shivery"), _("38 or more"), _("pain all night that no position helps"),
        ], writes={"chills": False, "very_unwell": False}),
        yes_no("fever", "chills", opened_by="body", modes=[LONG], card="today", alarm="today", fields=[_degrees()]),
        yes_no("very_unwell", "very_unwell", opened_by="body", modes=[LONG], card="today", alarm="today"),
        choice("night_pain", "night_pain", "nights", modes=[LONG], when=[["body", [YES]]],
               due=[daily(when=occasions.NIGHTS_COUNT, modes=[SHORT])]),
    ]  # fmt: skip


def _any_time() -> list[Data]:
    return [
        step("sudden", modes=list(ANY_TIME), due=[once("sudden_severe_belly_or_back")], safety=True, answers=[
            answer("no", _("No"),
                   writes={"sudden_severe_belly_or_back": False, "sudden_onset": False, "collapse": False}),
            answer("pain", _("A very bad pain started all at once"), alarm="now",
                   writes={"sudden_severe_belly_or_back": True, "sudden_onset": True, "collapse": False}),
            answer("collapse", _("I fainted, or went cold and clammy"), alarm="now",
                   writes={"sudden_severe_belly_or_back": False, "sudden_onset": False, "collapse": True}),
            answer("both", _("Both of these"), alarm="now",
                   writes={"sudden_severe_belly_or_back": True, "sudden_onset": True, "collapse": True}),
        ]),
        group("vessels", _("Is one leg swollen, hot, cold or pale?"), [
            _("one leg more swollen, or one calf hot or sore"), _("a leg or foot cold, pale or blue"),
        ], writes={"leg_swelling_one_side": False, "cold_pale_leg": False}, modes=ANY_TIME,
           due=[weekly("cold_pale_leg")]),
        yes_no("cold", "cold_pale_leg", opened_by="vessels", alarm="now"),
        yes_no("swelling", "leg_swelling_one_side", opened_by="vessels", alarm="today"),
        step("foot", due=[weekly("foot_rest_pain", when=occasions.FOOT_COUNTS)], safety=True, answers=[
            answer("no", _("No"), writes={"foot_rest_pain": False, "foot_ulcer": False}),
            answer("night", _("It hurts at night in bed"), alarm="today",
                   writes={"foot_rest_pain": True, "foot_ulcer": False}),
            answer("sore", _("A sore that will not heal"), alarm="today",
                   writes={"foot_rest_pain": False, "foot_ulcer": True}),
            answer("both", _("Both of these"), alarm="today", writes={"foot_rest_pain": True, "foot_ulcer": True}),
        ]),
        group("elsewhere", _("Is something new in your arms, face, speech or back?"), [
            _("an arm, hand, face or speech that is weak, numb or odd"),
            _("a new shape of your back, less height, or a bruise over the spine"),
        ], writes={"arm_or_face_symptoms": False, "deformity": False}, modes=ANY_TIME,
           due=[monthly("arm_or_face_symptoms")]),
        yes_no("arm", "arm_or_face_symptoms", opened_by="elsewhere", alarm="now"),
        yes_no("shape", "deformity", opened_by="elsewhere", alarm="today"),
        step("pregnancy", needs=["pregnant"], modes=list(ANY_TIME), due=[weekly("fluid_loss")], safety=True, answers=[
            answer("no", _("No"), writes={"vaginal_bleeding_or_tightenings": False, "fluid_loss": False}),
            answer("bleeding", _("I bleed, or have tight pains"), alarm="now",
                   writes={"vaginal_bleeding_or_tightenings": True, "fluid_loss": False}),
            answer("water", _("I lose water"), alarm="now",
                   writes={"vaginal_bleeding_or_tightenings": False, "fluid_loss": True}),
            answer("both", _("Both of these"), alarm="now",
                   writes={"vaginal_bleeding_or_tightenings": True, "fluid_loss": True}),
        ]),
    ]  # fmt: skip


def _bones() -> list[Data]:
    return [
        step("injury", modes=list(ANY_TIME), when=[["event", ["fall"]]], safety=True, answers=[
            answer(value, label, writes={"trauma": value}, alarm={"major": "now"}.get(value, ""))
            for value, label in words.answer_labels("injuries").items()
        ]),
        group("load", _("Is it hard to stand, to walk or to land on your foot?"), [
            _("cannot take 4 steps"), _("you now need a stick or a hand to walk"),
            _("deep pain in the groin or bottom each time your foot lands"),
        ], writes={"cannot_bear_weight": False, "new_walking_aid": False, "groin_pain_loading": False}, modes=ANY_TIME,
           due=[once("cannot_bear_weight"), daily(when=occasions.BONE_RISK)]) | {"when": [["event", ["fall"]]]},
        yes_no("steps", "cannot_bear_weight", opened_by="load", alarm="today", turned=True),
        yes_no("aid", "new_walking_aid", opened_by="load", alarm="today"),
        yes_no("landing", "groin_pain_loading", opened_by="load", alarm="today"),
    ]  # fmt: skip


def _weekly() -> list[Data]:
    return [
        group("skin_signs", _("Is something new on your skin?"), [
            _("red, hot or swollen over the sore part"), _("a rash or blisters on your back, bottom or leg"),
        ], writes={"red_hot_swollen": False, "rash_blisters": False}, modes=ANY_TIME, due=[weekly("red_hot_swollen")]),
        yes_no("skin", "red_hot_swollen", opened_by="skin_signs", alarm="today"),
        yes_no("spreading", "redness_spreading", opened_by="skin", alarm="now"),
        yes_no("rash", "rash_blisters", opened_by="skin_signs", alarm="today"),
        group("general", _("Have you noticed one of these?"), [
            _("you lost weight and do not know why"), _("a lump that is new or grows"),
            _("blood in your pee, or pain in your side"),
        ], writes={"weight_loss": False, "lump_growing": False, "blood_in_urine": False, "flank_pain": False},
           modes=ANY_TIME, due=[weekly("lump_growing")]),
        yes_no("weight", "weight_loss", opened_by="general"),
        yes_no("lump", "lump_growing", opened_by="general"),
        yes_no("urine", "blood_in_urine", opened_by="general", alarm="today"),
        yes_no("flank", "flank_pain", opened_by="general"),
        yes_no("band", "band_pain", modes=list(ANY_TIME), alarm="today",
               due=[once("band_pain"), weekly("band_pain", when=occasions.CANCER)]),
        step("mood", modes=list(ANY_TIME), due=[weekly("low_mood_risk")], safety=True, answers=[
            answer("no", _("No"), writes={"low_mood_risk": False}),
            answer("yes", _("Yes"), writes={"low_mood_risk": True}, alarm="now"),
            answer("rather_not", _("I would rather not say"), writes={}),
        ]),
        step("walk", due=[weekly("walk_pain")], fields=[_metres()], answers=[
            answer(value, label, writes={"walk_pain": value}, extras=value != "none")
            for value, label in words.answer_labels("walks").items()
        ]),
        step("sitting", due=[monthly("sitting_minutes")], answers=[
            answer("240", _("As long as I like"), writes={"sitting_minutes": 240}),
            answer("60", _("One hour or more"), writes={"sitting_minutes": 60}),
            answer("30", _("Half an hour to one hour"), writes={"sitting_minutes": 30}),
            answer("10", _("Less than half an hour"), writes={"sitting_minutes": 10}),
        ]),
        step("stiff", due=[weekly("morning_stiffness_min")], answers=[
            answer("0", _("Not at all, or a few minutes"), writes={"morning_stiffness_min": 0}),
            answer("15", _("Less than half an hour"), writes={"morning_stiffness_min": 15}),
            answer("30", _("Half an hour to one hour"), writes={"morning_stiffness_min": 30}),
            answer("60", _("More than one hour"), writes={"morning_stiffness_min": 60}),
        ]),
        yes_no("moving", "better_moving", safety=False, opened_by="stiff", by=["15", "30", "60"],
               due=[daily(when=occasions.STIFF_BACK)]),
        yes_no("eye", "red_painful_eye", alarm="today", opened_by="stiff", by=["30", "60"],
               due=[weekly("red_painful_eye", when=occasions.EYE_COUNTS)]),
        yes_no("tablet", "better_nsaid_48h", safety=False,
               due=[monthly("better_nsaid_48h", when=occasions.EARLY_BACK_PAIN)]),
        choice("side", "pain_side", "sides_of_pain", needs=["sided"], late={"heading": _("Which side hurt yesterday?")},
               due=[weekly("pain_side"), occasions.after(3, "pain_side", when=occasions.SIDES_CHANGE)]),
        yes_no("period", "period_linked", safety=False, needs=["periods"], due=[monthly("period_linked")]),
    ]  # fmt: skip


def _course() -> list[Data]:
    return [
        # Of a range the fewest days count: what is not known to be pain-free is not.
        step("gone", due=[occasions.AWAY], answers=[
            answer("0", _("No, it was there"), writes={"confirmed_pain_free_days": 0}),
            answer("1", _("Yes, for less than a week"), writes={"confirmed_pain_free_days": 1}),
            answer("7", _("Yes, for 1 to 2 weeks"), writes={"confirmed_pain_free_days": 7}),
            answer("14", _("Yes, for 2 to 4 weeks"), writes={"confirmed_pain_free_days": 14}),
            answer("30", _("Yes, for 30 days or more"), writes={"confirmed_pain_free_days": 30}),
        ]),
        # Of a range the earliest day counts: prompts come sooner, never later (clinical.md 2.2).
        step("back_again", when=[["gone", ["30"]]], answers=[
            answer("no", _("No, it is still gone"), writes={}),
            answer("1", _("Since today or yesterday"), writes={"new_episode_days": 1}),
            answer("7", _("For up to a week"), writes={"new_episode_days": 7}),
            answer("14", _("For 1 to 2 weeks"), writes={"new_episode_days": 14}),
            answer("28", _("For 2 to 4 weeks"), writes={"new_episode_days": 28}),
        ]),
        choice("review", "review_step", "review_steps", needs=["review_open"],
               due=[occasions.after(28, "review_step"), occasions.after(7, "review_step", when=occasions.NOT_BOOKED)]),
    ]  # fmt: skip


def _side_of_weakness() -> Data:
    return {
        "name": "weakness_side",
        "kind": "one",
        "label": _("Which leg? You can leave this out."),
        "options": [list(option) for option in words.answer_labels("sides").items()],
        "error": _("Choose one of the sides, or none."),
    }


def _degrees() -> Data:
    return {
        "name": "fever_c",
        "kind": "number",
        "label": _("Your temperature in °C, if you took it. You can leave this out."),
        "min": 34,
        "max": 43,
        # A text: a page writes a number with the comma of its language, which no browser takes for a step.
        "step": "0.1",
        "error": _("Enter a temperature from 34 to 43, such as 38.2, or leave it empty."),
    }


def _metres() -> Data:
    return {
        "name": "walk_distance_m",
        "kind": "number",
        "label": _("How far can you walk before it hurts, in metres? You can leave this out."),
        "min": 0,
        "max": 20000,
        "step": 1,
        "error": _("Enter the metres as a number from 0 to 20000, or leave it empty."),
    }
