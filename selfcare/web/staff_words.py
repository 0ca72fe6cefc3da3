"""The words of "Show this to staff": what a patient told the app, as hospital staff say it.

The page itself is built on the phone (static/web/js/staff_summary.js), from what the phone keeps. A sign is shown as it
was answered and no further. Thoughts of self-harm are left out: their card leads to help of its own, and this page is
held out to whoever is at the desk.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from selfcare.triage import catalogue

# Asked each day by the four safety screens: of these the page says "not asked" too, of others only what was answered.
ASKED_DAILY = (
    "bladder", "bowel", "saddle", "sexual", "both_legs", "weakness", "numbness", "gait_unsteady", "chills",
    "very_unwell",
)  # fmt: skip
CAUDA_EQUINA = ("bladder", "bowel", "saddle", "sexual", "both_legs")
USUAL = {
    "bladder": "bladder_longstanding", "bowel": "bowel_longstanding", "saddle": "saddle_longstanding",
    "sexual": "sexual_longstanding", "both_legs": "bilateral_legs_longstanding", "weakness": "weakness_longstanding",
    "numbness": "numbness_longstanding",
}  # fmt: skip


def page() -> dict[str, Any]:
    """Return everything that the phone needs to fill the page in, in the language of the request."""
    return {
        "groups": _groups(),
        "daily": list(ASKED_DAILY),
        "ces": list(CAUDA_EQUINA),
        "signs": _signs(),
        "details": _details(),
        "spoken": catalogue.current().spoken["entry"],
        "usual": USUAL,
        "history": _history(),
        "medicines": _medicines(),
        "sides": {"left": _("left"), "right": _("right"), "both": _("both sides"), "middle": _("middle"),
                  "alternating": _("alternating sides")},
        "tiers": {"emergency": _("go to the emergency department or call an ambulance now"),
                  "same_day": _("get clinical advice the same day"),
                  "within_2_weeks": _("book an appointment within 2 weeks")},
        "texts": _texts(),
    }  # fmt: skip


def blank() -> list[str]:
    """Return the lines of the form that is filled in by hand when the phone has no answers."""
    return [
        _("Bladder: hesitancy, weak stream, retention, leak, reduced feeling"),
        _("Bowel: leak, loss of control, no feeling"),
        _("Saddle (perineal) numbness or altered sensation"),
        _("Sexual dysfunction, new"),
        _("Bilateral leg pain, weakness or numbness"),
        _("Leg weakness, foot drop"),
        _("Fever or rigors"),
    ]


def _groups() -> list[dict[str, Any]]:
    return [
        {"title": _("Bladder and bowel"), "names": ["bladder", "bowel"]},
        {"title": _("Saddle and sexual function"), "names": ["saddle", "sexual"]},
        {"title": _("Legs"), "names": [
            "both_legs", "weakness", "numbness", "gait_unsteady", "arm_or_face_symptoms", "cold_pale_leg",
            "leg_swelling_one_side", "cannot_bear_weight",
        ]},
        {"title": _("General"), "names": [
            "chills", "fever_c", "very_unwell", "chest_pain", "breathless", "collapse", "sudden_severe_belly_or_back",
            "trauma", "night_pain", "weight_loss", "band_pain", "deformity", "blood_in_urine", "red_hot_swollen",
            "rash_blisters", "vaginal_bleeding_or_tightenings", "fluid_loss",
        ]},
    ]  # fmt: skip


def _signs() -> dict[str, dict[str, Any]]:
    """Return per name its label, its kind and, for a choice, the words of the values that are signs."""
    change = {"new": _("NEW"), "worse": _("WORSE"), "unsure": _("patient unsure")}
    named = {
        "bladder": _("Bladder function"),
        "bowel": _("Bowel function"),
        "saddle": _("Saddle (perineal) sensation"),
        "sexual": _("Sexual function or sensation"),
        "both_legs": _("Bilateral leg symptoms"),
    }
    yes = {
        "gait_unsteady": _("Unsteady gait or legs giving way"),
        "arm_or_face_symptoms": _("Arm, hand, face or speech symptoms"),
        "cold_pale_leg": _("Cold, pale or blue leg or foot"),
        "leg_swelling_one_side": _("Unilateral leg swelling or calf pain"),
        "cannot_bear_weight": _("Cannot bear weight"),
        "chills": _("Fever or rigors"),
        "very_unwell": _("Feels very unwell"),
        "chest_pain": _("Chest pain"),
        "breathless": _("Breathlessness"),
        "collapse": _("Collapse, or cold and clammy"),
        "sudden_severe_belly_or_back": _("Sudden severe abdominal, back or buttock pain"),
        "weight_loss": _("Unexplained weight loss"),
        "band_pain": _("Band-like pain around chest or abdomen"),
        "deformity": _("New spinal deformity, loss of height or bruise"),
        "blood_in_urine": _("Haematuria"),
        "red_hot_swollen": _("Red, hot or swollen skin over the area"),
        "rash_blisters": _("New rash or blisters"),
        "vaginal_bleeding_or_tightenings": _("Vaginal bleeding or tightenings"),
        "fluid_loss": _("Fluid loss in pregnancy"),
    }
    return {
        **{name: {"label": label, "kind": "change", "values": change} for name, label in named.items()},
        **{name: {"label": label, "kind": "yes"} for name, label in yes.items()},
        "weakness": {"label": _("Leg weakness"), "kind": "grade", "least": 1, "value": _("self-test grade {n} of 4")},
        "numbness": {"label": _("Leg numbness"), "kind": "grade", "least": 1, "value": _("grade {n} of 4")},
        "fever_c": {"label": _("Temperature"), "kind": "grade", "least": 38, "value": _("{n} °C")},
        "trauma": {"label": _("Injury"), "kind": "choice",
                   "values": {"minor": _("minor fall or blow"), "major": _("major fall, crash or blow")}},
        "night_pain": {"label": _("Night pain"), "kind": "choice",
                       "values": {"constant": _("all night, no position helps")}},
    }  # fmt: skip


def _details() -> dict[str, dict[str, str]]:
    return {
        "bladder_detail": {
            "hesitancy": _("hesitancy"), "weak_stream": _("weak stream"),
            "retention": _("retention or incomplete emptying"), "leak": _("incontinence"),
            "urgency": _("urgency"), "reduced_feeling": _("reduced sensation"), "burning_only": _("burning only"),
        },
        "bowel_detail": {
            "leak": _("incontinence"), "cannot_hold": _("cannot hold stool"), "no_feeling": _("no sensation of need"),
            "constipation_only": _("constipation only"),
        },
    }  # fmt: skip


def _history() -> dict[str, str]:
    return {
        "cancer_history": _("cancer, ever"),
        "osteoporosis": _("osteoporosis or fragility fracture"),
        "immunosuppressed": _("immunosuppressed"),
        "recent_infection": _("serious infection within 3 months"),
        "recent_spinal_procedure": _("spinal needle or operation within 3 months"),
        "spine_operation_weeks": _("spinal operation {n} weeks ago"),
        "iv_drug_use": _("injected drugs"),
        "clot_risk": _("past clot or risk of clots"),
        "diabetes": _("diabetes"),
        "known_stenosis": _("spinal stenosis"),
        "known_aaa": _("abdominal aortic aneurysm"),
        "pregnant_weeks": _("pregnant, week {n}"),
        "postpartum_weeks": _("gave birth {n} weeks ago"),
    }


def _medicines() -> dict[str, str]:
    return {
        "anticoagulant": _("anticoagulant"),
        "steroids_long_term": _("steroids for 3 months or more"),
        "new_medicine": _("opioid started recently"),
    }


def _texts() -> dict[str, str]:
    return {
        "ces": _(
            "Cauda equina symptoms reported. Please assess now on your suspected cauda equina syndrome (CES) pathway."
        ),
        "ces_unsure": _("Possible cauda equina symptoms: the patient is not sure. Please assess."),
        "signs": _("Warning signs reported with back or leg pain. Please assess now."),
        "none": _("Back or leg pain. No new or worse sign in the answers on this phone."),
        "began": _("began about {on} ({n} days before the answer)"),
        "began_day": _("began about {on} (1 day before the answer)"),
        "began_same_day": _("began on {on}, the day of the answer"),
        "reported": _("reported {at}"),
        "reported_since": _("first reported {first}, last {at}"),
        "was": _("{then} on {at}"),
        "earlier": _("Later answer, {at}: no change."),
        "earlier_always": _("Later answer, {at}: as always."),
        "earlier_no": _("Later answer, {at}: no."),
        "patient_says": _("Patient's words: “{words}”"),
        "no_change": _("No change ({at}): {names}."),
        "as_always": _("As always ({at}): {names}."),
        "as_always_known": _("As always and known to a clinician ({at}): {names}."),
        "declined": _("Preferred not to say: {names}."),
        "not_asked": _("Not asked or not answered: {names}."),
        "yes": _("Yes: {names}."),
        "no": _("No: {names}."),
        "unknown": _("Not known: {names}."),
        "usual_yes": _("Long-standing for over 3 months, known to a clinician: {names}."),
        "usual_no": _("Nothing long-standing: {names}."),
        "onset": _("Began {on}."),
        "pain": _("{name} {n} of 10"),
        "pain_at": _("{at}: {list}."),
        "pain_range": _("Last 7 days: {low} to {high} ({days} days answered)."),
        "pain_level": _("Last 7 days: {low} ({days} days answered)."),
        "pain_avg": _("usual pain"),
        "pain_buttock": _("buttock"),
        "pain_leg": _("leg"),
        "pain_back": _("back"),
        "pain_side": _("Side: {side}."),
        "advised": _("{at}: {tier}."),
        "no_advice": _("No urgent advice is recorded on this phone."),
    }
