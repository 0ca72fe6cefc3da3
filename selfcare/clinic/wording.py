"""The diary in the words of a clinician: labels and values of clinical.md 8.3 and 8.4.

A name or value that is not listed is shown as it is stored: a clinician must never see less than was reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.dateformat import format as day_in_words
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selfcare.diary import areas
from selfcare.triage.models import Hindrance, SeenAt, SeenOutcome

# In the order in which a clinician reads: what may cost function first, then the rest.
OBSERVATIONS = {
    "bladder": _("Bladder"),
    "bladder_detail": _("Bladder, kind"),
    "bladder_since_days": _("Bladder, days since it began"),
    "bowel": _("Bowel"),
    "bowel_detail": _("Bowel, kind"),
    "bowel_since_days": _("Bowel, days since it began"),
    "saddle": _("Saddle sensation"),
    "saddle_detail": _("Saddle sensation, in the patient's words"),
    "saddle_since_days": _("Saddle sensation, days since it changed"),
    "sexual": _("Sexual function"),
    "sexual_detail": _("Sexual function, in the patient's words"),
    "sexual_since_days": _("Sexual function, days since it changed"),
    "both_legs": _("Symptoms in both legs"),
    "known_to_clinician": _("Long-standing, and a clinician knows (the patient says)"),
    "both_legs_detail": _("Both legs, in the patient's words"),
    "both_legs_since_days": _("Both legs, days since it began"),
    "weakness": _("Leg weakness (0 to 4)"),
    "weakness_side": _("Weakness, side"),
    "weakness_since_days": _("Weakness, days since it began"),
    "numbness": _("Numbness (0 to 4)"),
    "numbness_area": _("Numbness, where"),
    "gait_unsteady": _("Newly unsteady, or legs give way"),
    "arm_or_face_symptoms": _("New arm, hand, face or speech symptoms"),
    "fever_c": _("Temperature (°C)"),
    "chills": _("Hot and shivery"),
    "very_unwell": _("Feels very ill"),
    "chest_pain": _("Chest pain"),
    "breathless": _("Breathless"),
    "collapse": _("Collapse"),
    "sudden_severe_belly_or_back": _("Sudden severe belly or back pain"),
    "cold_pale_leg": _("Cold, pale leg"),
    "leg_swelling_one_side": _("One leg swollen"),
    "trauma": _("Injury"),
    "cannot_bear_weight": _("Cannot bear weight"),
    "new_walking_aid": _("Newly needs a walking aid"),
    "low_mood_risk": _("Thoughts of self-harm"),
    "red_hot_swollen": _("Skin red, hot or swollen"),
    "redness_spreading": _("Redness is spreading"),
    "rash_blisters": _("Rash or blisters"),
    "lump_growing": _("New or growing lump"),
    "weight_loss": _("Unexplained weight loss"),
    "band_pain": _("Band-like pain around the trunk"),
    "red_painful_eye": _("Red, painful eye"),
    "blood_in_urine": _("Blood in urine"),
    "flank_pain": _("Pain in the flank"),
    "vaginal_bleeding_or_tightenings": _("Vaginal bleeding or tightenings"),
    "fluid_loss": _("Loss of fluid in pregnancy"),
    "deformity": _("Deformity"),
    "sudden_onset": _("Sudden onset"),
    "groin_pain_loading": _("Groin pain on loading"),
    "night_pain": _("Night pain"),
    "pain_avg": _("Pain, average (0 to 10)"),
    "pain_worst": _("Pain, worst (0 to 10)"),
    "pain_buttock": _("Buttock pain (0 to 10)"),
    "pain_leg": _("Leg pain (0 to 10)"),
    "pain_back": _("Back pain (0 to 10)"),
    "pain_side": _("Pain, side"),
    "pain_site": _("Pain, site"),
    "places": _("Marked areas"),
    "places_with_pain": _("Newly marked, with pain"),
    "places_with_tingling": _("Newly marked, with tingling"),
    "places_with_numbness": _("Newly marked, numb"),
    "interference": _("Pain got in the way (0 to 10)"),
    "tingling": _("Tingling"),
    "muscle_soreness": _("Muscle soreness after exercise"),
    "morning_stiffness_min": _("Morning stiffness (minutes)"),
    "better_moving": _("Better with moving"),
    "better_nsaid_48h": _("Better within 48 hours of an anti-inflammatory"),
    "walk_pain": _("Pain on walking"),
    "walk_distance_m": _("Walking distance (metres)"),
    "sitting_minutes": _("Sitting tolerance (minutes)"),
    "foot_rest_pain": _("Foot pain at rest"),
    "foot_ulcer": _("Foot ulcer"),
    "period_linked": _("Linked to periods"),
    "ex_pain_during": _("Pain during exercise (0 to 10)"),
    "ex_next_morning": _("Pain the morning after exercise (0 to 10)"),
    "ex_spread": _("Spread during exercise"),
    "global_change": _("Change since the start, in the patient's judgement"),
    "flare": _("Flare, says the patient"),
    "review_step": _("Booking of the review"),
    "confirmed_pain_free_days": _("Pain-free days, confirmed"),
    "new_episode_days": _("Days since a new episode began"),
    "event": _("Event"),
    "medicine_started": _("New medicine, says the patient"),
    "safety_seconds": _("Safety screens, seconds together"),
    "note": _("Note"),
    "failed": _("Rules that failed"),
}

# What the safety strip and the diary's safety column speak about.
SAFETY = tuple(OBSERVATIONS)[: tuple(OBSERVATIONS).index("night_pain")]
# The questions of the daily safety screens: "not asked" is worth saying about these, and only these.
ASKED_DAILY = ("bladder", "bowel", "saddle", "both_legs", "weakness", "numbness", "chills", "very_unwell")

VALUES = {
    "none": _("no change"),
    "new": _("new"),
    "worse": _("worse"),
    "same_as_always": _("unchanged, long-standing"),
    "unsure": _("not sure"),
    "not_applicable": _("does not apply"),
    "prefer_not_to_say": _("prefers not to say"),
    "hesitancy": _("hesitancy"),
    "weak_stream": _("weak stream"),
    "retention": _("cannot empty"),
    "leak": _("leak"),
    "urgency": _("urgency"),
    "reduced_feeling": _("reduced feeling"),
    "burning_only": _("burning only"),
    "cannot_hold": _("cannot hold"),
    "no_feeling": _("no feeling"),
    "constipation_only": _("constipation only"),
    "wakes_when_turning": _("wakes when turning"),
    "second_half": _("second half of the night"),
    "constant": _("constant, no position helps"),
    "eases_standing_still": _("eases on standing still"),
    "eases_bending_or_sitting": _("eases on bending or sitting"),
    "nothing_eases": _("nothing eases it"),
    "bladder": _("bladder"),
    "bowel": _("bowel"),
    "saddle": _("saddle sensation"),
    "sexual": _("sexual function"),
    "both_legs": _("both legs"),
    "closer_to_back": _("closer to the back"),
    "no_change": _("no change"),
    "further_down": _("further down"),
    "left": _("left"),
    "right": _("right"),
    "both": _("both"),
    "middle": _("middle"),
    "alternating": _("alternating"),
    "mixed": _("mixed"),
    "low_back": _("low back"),
    "buttock": _("buttock"),
    "thigh": _("thigh"),
    "leg_below_knee": _("leg below the knee"),
    "groin": _("groin"),
    "back_of_thigh": _("back of the thigh"),
    "outer_thigh": _("outer hip or thigh"),
    "front_of_thigh": _("front of the thigh"),
    "calf": _("calf"),
    "shin": _("shin"),
    "heel_or_sole": _("heel or sole"),
    "top_of_foot": _("top of the foot"),
    "sad": _("between the legs"),
    "second_reading": _("second reading"),
    "medicine_change": _("change of medicine"),
    "visit": _("visit to a clinician"),
    "injection": _("injection"),
    "fall": _("fall or injury"),
    "other": _("other"),
    "anticoagulant": _("blood thinner"),
    "immunosuppressed": _("weakens the immune system"),
    "much_better": _("much better"),
    "better": _("better"),
    "a_little_better": _("a little better"),
    "same": _("the same"),
    "a_little_worse": _("a little worse"),
    "much_worse": _("much worse"),
    "not_yet": _("not yet"),
    "booked": _("booked"),
    "seen": _("seen"),
    "minor": _("minor"),
    "major": _("major"),
    "opioid": _("opioid"),
    "recovered": _("recovered"),
    "adequate": _("adequate relief"),
    "improving": _("improving"),
    "not_improved": _("not improved"),
    "worsening": _("getting worse"),
    "insufficient": _("not enough entries"),
    "female": _("female"),
    "male": _("male"),
}

SIDES = {"l": "left", "r": "right"}
# ux.md 2.5: four safety screens answered sooner than this were hardly read; a clinician is told so, without blame.
VERY_FAST_S = 2

# clinical.md 1.3: what a grade means to an examiner.
GRADES = {
    "weakness": {
        1: _("tires early, self-tests done"),
        2: _("a self-test failed"),
        3: _("cannot lift foot or toes, or rise on toes, or knee buckles"),
        4: _("leg cannot hold or move"),
    },
    "numbness": {
        1: _("mild tingling or dull patch"),
        2: _("clearly less feeling"),
        3: _("no light touch"),
        4: _("no feeling at all"),
    },
}

HISTORY = {
    "age": _("Age"),
    "sex": _("Sex"),
    "onset_days_before": _("Days from onset to the diary"),
    "pain_site": _("Main site of the pain"),
    "pain_side": _("Side at the start"),
    "pain_regions": _("Marked areas"),
    "next_review_on": _("Review booked for"),
    "moved_further_days": _("Days since exercises moved pain further down twice"),
    "assessed_this_episode": _("This episode has been examined by a clinician"),
    "known_stenosis": _("Known spinal stenosis"),
    "bladder_longstanding": _("Bladder symptoms, long-standing and known"),
    "bowel_longstanding": _("Bowel symptoms, long-standing and known"),
    "saddle_longstanding": _("Saddle symptoms, long-standing and known"),
    "sexual_longstanding": _("Sexual symptoms, long-standing and known"),
    "bilateral_legs_longstanding": _("Symptoms in both legs, long-standing and known"),
    "weakness_longstanding": _("Leg weakness, long-standing and known"),
    "numbness_longstanding": _("Numbness, long-standing and known"),
    "trauma": _("Injury in the 14 days before the diary"),
    "cancer_history": _("Cancer, ever"),
    "osteoporosis": _("Osteoporosis or fragility fracture"),
    "steroids_long_term": _("Long-term steroids"),
    "immunosuppressed": _("Immunosuppressed"),
    "iv_drug_use": _("Injected drugs"),
    "recent_infection": _("Recent infection"),
    "recent_spinal_procedure": _("Recent spinal procedure"),
    "spine_operation_weeks": _("Operation on the spine (weeks ago)"),
    "anticoagulant": _("Anticoagulant"),
    "clot_risk": _("Risk of clots"),
    "diabetes": _("Diabetes"),
    "smoker": _("Smoker"),
    "hypertension": _("High blood pressure"),
    "heart_disease": _("Heart disease or stroke"),
    "high_cholesterol": _("High cholesterol"),
    "known_pad": _("Peripheral arterial disease"),
    "known_aaa": _("Abdominal aortic aneurysm"),
    "hip_replacement": _("Hip replacement"),
    "pregnant_weeks": _("Pregnant, weeks"),
    "postpartum_weeks": _("Weeks since birth"),
    "back_pain_before_45": _("Back pain began before 45"),
    "back_pain_before_35": _("Back pain began before 35"),
    "family_spa": _("Close family with spondyloarthritis"),
    "psoriasis": _("Psoriasis"),
    "arthritis_or_enthesitis": _("Arthritis or enthesitis"),
    "ibd": _("Inflammatory bowel disease"),
    "uveitis_history": _("Uveitis, ever"),
    "new_medicine": _("New medicine"),
    "exercise_mastered": _("Exercises cleared for home"),
}

# clinical.md section 0: what the app tells a patient at each tier.
TOLD = {
    "emergency": _("Go to an emergency department now."),
    "same_day": _("Speak to a clinician today."),
    "within_2_weeks": _("Book to be seen in the next two weeks."),
    "routine": _("Book a routine review."),
    "none": _("No warning signs in today's answers."),
}

ANSWERS = {
    "going": _("says: I am going"),
    "there": _("says: I am there"),
    "seen": _("says: I was seen"),
    "not_yet": _("says: not seen yet"),
    "could_not": _("says: I could not get there"),
}


def answer_details(data: Mapping[str, str]) -> str:
    """Return the coded details of a follow-up answer in the words that the patient chose, or nothing."""
    choices = (("where", SeenAt), ("outcome", SeenOutcome), ("why", Hindrance))
    told = [str(kind(data[name]).label) for name, kind in choices if data.get(name) in kind.values]
    if day := data.get("seen_on"):
        told.insert(1, day_in_words(date.fromisoformat(day), "j F Y"))
    return ", ".join(told)


# What a rule worked out from several days; the names are those of the triage room.
FACTS = {
    "status": _("Course"),
    "start level": _("Level at the start"),
    "decided on": _("Decided on"),
    "day of onset": _("Day since onset"),
    "day of review": _("Day of the review clock"),
    "days without an entry": _("Days without an entry"),
}
AVERAGES = (
    (re.compile(r"mean (\w+) before"), _("%(label)s: mean before")),
    (re.compile(r"mean (\w+)"), _("%(label)s: mean")),
    (re.compile(r"level (\w+)"), _("%(label)s: level")),
)


def label_of(name: str) -> str:
    """Return the clinical label of an observation, a history key or a fact that a rule worked out."""
    for pattern, words in AVERAGES:
        if found := pattern.fullmatch(name):
            return str(words) % {"label": label_of(found[1])}
    return str(OBSERVATIONS.get(name) or HISTORY.get(name) or FACTS.get(name) or name.replace("_", " "))


def value_of(name: str, value: Any) -> str:
    """Return one answer in words; a value without words is shown as stored."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(value_of(name, item) for item in value)
    if name in GRADES and isinstance(value, int) and value in GRADES[name]:
        return f"{value}, {GRADES[name][value]}"
    if name == "safety_seconds" and value < VERY_FAST_S:
        return gettext("%(seconds)s (answered very fast)") % {"seconds": f"{value:g}"}
    if isinstance(value, float):
        return f"{value:g}"
    if name.startswith("places") and isinstance(value, str):
        return area(value)
    return str(VALUES.get(value, value)) if isinstance(value, str) else str(value)


def area(value: str) -> str:
    """Return a marked area of the body map in words, such as "buttock, left"."""
    part, _hyphen, side = value.partition("-")
    known = VALUES.get(areas.NAMES.get(part, part), value)
    return f"{known}, {VALUES[SIDES[side]]}" if side in SIDES else str(known)


def is_positive(value: Any) -> bool:
    """Return whether an answer is more than "no", "none", 0 or "does not apply"."""
    return value not in (None, False, 0, "", "none", "not_applicable", [], "prefer_not_to_say")


def in_reading_order(names: Mapping[str, Any]) -> list[str]:
    """Return the names in the order in which a clinician reads them; unknown names come last, by name."""
    places = {name: place for place, name in enumerate(OBSERVATIONS)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def told(tier: str) -> str:
    """Return what the app tells a patient at a tier, in its own words; empty for a tier it does not know."""
    return str(TOLD.get(tier, ""))


def history_lines(history: Mapping[str, Any], unsure: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the history as (label, answer): what was confirmed first, then "not sure", then "no".

    A key that was not answered is not in it.
    """
    answers = {**dict.fromkeys(unsure, "unsure"), **history}
    places = {name: place for place, name in enumerate(HISTORY)}

    def rank(name: str) -> tuple[bool, bool, int, str]:
        positive = is_positive(answers[name])
        return (not positive, answers[name] == "unsure", places.get(name, len(places)), name)

    return [(label_of(name), value_of(name, answers[name])) for name in sorted(answers, key=rank)]
