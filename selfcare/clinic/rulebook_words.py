"""What the page of rules calls groups, places, evidence and shared conditions.

Something that has no words here is shown by its own name in the catalogue.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from selfcare.triage.sign_off import Status

# In the order in which a clinician looks for them.
GROUPS = {
    "CES": _("Cauda equina"),
    "NEU": _("Nerve function"),
    "INF": _("Infection and inflammation"),
    "MAL": _("Cancer"),
    "FRX": _("Bone"),
    "VAS": _("Blood vessels, heart, lungs"),
    "SPA": _("Inflammatory back pain"),
    "PRE": _("Pregnancy"),
    "OTH": _("Other"),
    "PER": _("Persistence"),
}
TRANSPORTS = {
    "own_not_driving": _("must not drive"),
    "ambulance": _("by ambulance"),
    "any": _("any transport"),
}
# How soon somebody is seen stands beside the place, so "today" is left out of its name.
DESTINATIONS = {
    "clinician_today": _("a clinician"),
    "spinal_service_today": _("spinal service"),
    "gp_today": _("GP"),
    "gp_suspected_cancer": _("GP, suspected-cancer route"),
    "xray_clinic_today": _("X-ray clinic"),
    "orthopaedics_today": _("orthopaedics"),
    "gp_or_vascular_clinic_today": _("GP or vascular clinic"),
    "gp_or_pharmacist_today": _("GP or pharmacist"),
    "clot_clinic_today": _("clot clinic"),
    "pharmacist_or_gp": _("pharmacist or GP"),
    "gp_or_physiotherapist": _("GP or physiotherapist"),
    "gp_or_cancer_team": _("GP or cancer team"),
    "gp_or_vascular_clinic": _("GP or vascular clinic"),
    "gp_or_gynaecology": _("GP or gynaecology"),
    "rheumatology_through_gp": _("rheumatology through the GP"),
    "gp": _("GP"),
    "msk_clinic": _("MSK clinic"),
    "eye_emergency": _("emergency eye service"),
    "vascular_emergency": _("emergency department with vascular surgery"),
    "midwife_or_pelvic_health": _("midwife or pelvic health physiotherapist"),
    "treating_team": _("the patient's own team"),
}
RUNS = {
    "on_entry": _("Judged with each entry."),
    "daily": _("Judged every day, also without an entry."),
    "on_findings": _("Judged when other rules have found something."),
}
STATUSES = {
    Status.SUBMITTED: _("submitted"),
    Status.UNDER_REVIEW: _("under review"),
    Status.APPROVED: _("approved"),
}
EVIDENCE = {
    "guideline": _("guideline"),
    "systematic_review": _("systematic review"),
    "trial": _("trial"),
    "cohort": _("cohort"),
    "case_series": _("case series"),
    "expert_opinion": _("expert opinion"),
    "design_choice": _("design choice of this catalogue"),
    "high": _("high certainty"),
    "moderate": _("moderate certainty"),
    "low": _("low certainty"),
    "very_low": _("very low certainty"),
}
# Shared conditions whose name alone does not say enough.
CONDITIONS = {
    "any_ces_item": _("a CES item that is new, worse or not sure"),
    "positive_ces_item": _("a CES item that is new or worse"),
    "unsure_about_an_item": _("not sure about a CES item"),
    "bowel_item": _("bowel as a CES item"),
    "bowel_change_beyond_hard_stool": _("bowel change beyond hard stool"),
    "bladder_change_beyond_burning": _("bladder change beyond burning"),
    "burning_alone": _("burning is the only change of the bladder, and no other CES item"),
    "stable_over_14_days": _("exactly one CES item, new more than 14 days ago, not worse, never assessed"),
    "bladder_new_and_old": _("bladder: new, and began more than 14 days ago"),
    "bowel_new_and_old": _("bowel: new, and began more than 14 days ago"),
    "saddle_new_and_old": _("saddle: new, and began more than 14 days ago"),
    "sexual_new_and_old": _("sexual function: new, and began more than 14 days ago"),
    "both_legs_new_and_old": _("both legs: new, and began more than 14 days ago"),
    "bladder_new_and_recent": _("bladder: new within 14 days, or since when was not given"),
    "bowel_new_and_recent": _("bowel: new within 14 days, or since when was not given"),
    "saddle_new_and_recent": _("saddle: new within 14 days, or since when was not given"),
    "sexual_new_and_recent": _("sexual function: new within 14 days, or since when was not given"),
    "both_legs_new_and_recent": _("both legs: new within 14 days, or since when was not given"),
    "one_side_became_two": _("one-sided leg symptoms became two-sided"),
    "only_long_standing_two_leg_symptoms_worse": _("known stenosis whose two-leg symptoms got worse, and nothing else"),
    "weakness_counts": _("the weakness is not long-standing, or above the first answer"),
    "numbness_counts": _("the numbness is not long-standing, or above the first answer"),
    "weakness_rose_lately": _("weakness rose within 14 days"),
    "numbness_rose_lately": _("numbness rose to 2 or more within 14 days"),
    "first_weakness_not_yet_assessed": _("the first weakness answer of the diary, not yet assessed"),
    "red_skin_now": _("skin red, hot or swollen now, or at the answer before"),
    "pain_grew_in_a_week": _("pain 2 or more above the mean of 7 to 14 days ago"),
    "new_pain_of_4": _("new pain of 4 or more"),
    "eases_standing_still_twice": _("walking pain that eases on standing still, twice"),
    "axspa_ground": _("back pain that began before 45 and lasts 90 days or more"),
    "axspa_four_or_more": _("4 or more criteria of spondyloarthritis"),
    "axspa_three_or_more": _("3 or more criteria of spondyloarthritis"),
    "better_with_anti_inflammatory": _("better within 48 hours of an anti-inflammatory, ever"),
    "cauda_equina_emergency_item": _("a CES item that is an emergency"),
    "rash_lately": _("rash or blisters within 14 days"),
    "any_nerve_sign": _("any nerve sign"),
}
