"""The questions about what is normal for a person, under the baseline names of the diary's vocabulary.

A missing key means "not answered", never "no". A question may be left out on its page; the ones that make a warning
sign more urgent come again on a last page, where "not sure, or rather not say" is an answer too (clinical.md 8.3).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from selfcare.accounts.models import MOST_WEEKS

YES_NO, CHOICE, WEEKS = "yes_no", "choice", "weeks"
# The page with what was left open of the questions that must have an answer.
OPEN = "open"


@dataclass(frozen=True)
class Question:
    """One baseline key and the words in which a patient is asked."""

    key: str
    text: Any
    hint: Any = ""
    kind: str = YES_NO
    choices: tuple[tuple[str, Any], ...] = ()
    most: int = 0
    # The value that the vocabulary writes as a missing key.
    absent: str = ""
    # Asked only with the consent of this name, or only where pregnancy is possible.
    needs_consent: str = ""
    not_for: str = ""


@dataclass(frozen=True)
class Page:
    """Questions that are answered together."""

    slug: str
    title: Any
    intro: Any
    questions: tuple[Question, ...]
    why: Any = ""


_LONG = _("Say yes only if it has been there for over 3 months and has not changed. A doctor or nurse must know of it.")

PAGES: tuple[Page, ...] = (
    Page(
        slug="usual",
        title=_("What is normal for you"),
        intro=_LONG,
        why=_(
            "Some people already have problems with their bladder, bowel or sex life. Tell us what is normal for you. "
            "Then we can spot a change. The nerves that run to your legs also run to your bladder, bowel and private "
            "parts."
        ),
        questions=(
            Question("bladder_longstanding", _("Have you had trouble with peeing for a long time?")),
            Question("bowel_longstanding", _("Have you had trouble with pooing or holding it for a long time?")),
            Question(
                "saddle_longstanding",
                _("Has it felt numb or odd between your legs or around your bottom for a long time?"),
            ),
            Question(
                "sexual_longstanding",
                _("Have you had a loss of feeling or function in your sex life for a long time?"),
                needs_consent="intimate",
            ),
            Question("bilateral_legs_longstanding", _("Have both legs hurt, tingled or felt weak for a long time?")),
            Question("weakness_longstanding", _("Has a leg or foot been weak for a long time?")),
            Question("numbness_longstanding", _("Has a leg or foot been numb for a long time?")),
        ),
    ),
    Page(
        slug="health",
        title=_("Your health"),
        intro=_("Some illnesses and medicines change what we look out for."),
        questions=(
            Question("cancer_history", _("Have you ever had cancer?")),
            Question("osteoporosis", _("Do you have weak bones, or did you break a bone in a small fall?")),
            Question("steroids_long_term", _("Have you taken steroid tablets for 3 months or more?")),
            Question("immunosuppressed", _("Is your immune system weak, from an illness or a medicine?")),
            Question("recent_infection", _("Have you had a bad infection in the last 3 months?")),
            Question(
                "recent_spinal_procedure",
                _("Have you had a needle or an operation near your spine in the last 3 months?"),
            ),
            Question(
                "spine_operation_weeks",
                _("If you had an operation on your spine: how many weeks ago?"),
                _("Leave it empty if not. Zero means this week."),
                kind=WEEKS,
                most=MOST_WEEKS["spine_operation_weeks"],
            ),
            Question(
                "iv_drug_use",
                _("Have you injected drugs?"),
                _("Your care team sees this. It helps to find infections."),
            ),
            Question("anticoagulant", _("Do you take blood thinners?"), _("Like warfarin, apixaban or rivaroxaban.")),
            Question(
                "clot_risk",
                _("Have you had a blood clot, or lately a long journey, a plaster cast or hormone pills?"),
            ),
            Question(
                "trauma",
                _("Did you have a fall, a crash or a blow in the 2 weeks before this?"),
                _("Big means a crash, an attack, or a fall from above your head or down stairs."),
                kind=CHOICE,
                choices=(("none", _("No")), ("minor", _("Yes, a small one")), ("major", _("Yes, a big one"))),
            ),
        ),
    ),
    Page(
        slug="heart",
        title=_("Heart, blood and joints"),
        intro=_("These can also cause pain in the leg or bottom."),
        questions=(
            Question("diabetes", _("Do you have diabetes?")),
            Question("smoker", _("Do you smoke?")),
            Question("hypertension", _("Do you have high blood pressure?")),
            Question("heart_disease", _("Have you had heart disease or a stroke?")),
            Question("high_cholesterol", _("Do you have high cholesterol?")),
            Question("known_pad", _("Have you been told that arteries in your legs are blocked?")),
            Question(
                "known_aaa", _("Have you been told that the main artery in your belly is swollen?"), _("An aneurysm.")
            ),
            Question(
                "known_stenosis", _("Have you been told that your spine is too narrow for the nerves?"), _("Stenosis.")
            ),
            Question("hip_replacement", _("Do you have an artificial hip?")),
        ),
    ),
    Page(
        slug="back",
        title=_("Your back over the years"),
        intro=_("This helps to find back pain that comes from inflammation."),
        questions=(
            Question("back_pain_before_45", _("Did your back pain first start before you were 45?")),
            Question("back_pain_before_35", _("Did your back pain first start before you were 35?")),
            Question("family_spa", _("Does a parent, brother, sister or child have arthritis of the spine?")),
            Question("psoriasis", _("Do you have psoriasis?"), _("Red, scaly patches of skin.")),
            Question("arthritis_or_enthesitis", _("Have you had swollen joints or pain in the heel tendon?")),
            Question("ibd", _("Do you have bowel inflammation?"), _("Like Crohn's disease or ulcerative colitis.")),
            Question("uveitis_history", _("Have you had an inflamed eye?")),
            Question(
                "new_medicine",
                _("Did you start a strong painkiller in the last weeks?"),
                _("Like codeine, tramadol or morphine. They can change how you pee and poo."),
                kind=CHOICE,
                choices=(("none", _("No")), ("opioid", _("Yes"))),
                absent="none",
            ),
            Question(
                "pregnant_weeks",
                _("If you are pregnant: in which week?"),
                _("Leave it empty if you are not."),
                kind=WEEKS,
                most=MOST_WEEKS["pregnant_weeks"],
                not_for="male",
            ),
            Question(
                "postpartum_weeks",
                _("If you had a baby in the last 6 months: how many weeks ago?"),
                _("Leave it empty if not."),
                kind=WEEKS,
                most=MOST_WEEKS["postpartum_weeks"],
                not_for="male",
            ),
        ),
    ),
)

# Without an answer to these a rule could take a warning sign for less than it is, so set-up does not end before.
NEEDED = frozenset({
    "cancer_history", "osteoporosis", "steroids_long_term", "immunosuppressed", "recent_infection",
    "recent_spinal_procedure", "iv_drug_use", "anticoagulant", "clot_risk", "trauma", "diabetes", "smoker",
    "hypertension", "heart_disease", "high_cholesterol", "known_pad", "known_aaa", "uveitis_history",
})  # fmt: skip

KEYS = frozenset(question.key for page in PAGES for question in page.questions)


def page(slug: str) -> Page | None:
    """Return the page of this name, or None."""
    return next((page for page in PAGES if page.slug == slug), None)


def page_after(slug: str) -> Page | None:
    """Return the page that follows the one of this name, or None after the last."""
    slugs = [page.slug for page in PAGES]
    following = slugs.index(slug) + 1 if slug in slugs else len(PAGES)
    return PAGES[following] if following < len(PAGES) else None


def still_open(*, answered: Collection[str]) -> Page | None:
    """Return the page of the questions that need an answer and have none, or None when all have one."""
    open_ones = tuple(
        question
        for page in PAGES
        for question in page.questions
        if question.key in NEEDED and question.key not in answered
    )
    if not open_ones:
        return None
    return Page(
        slug=OPEN,
        title=_("A few questions are still open"),
        intro=_("Your answers here decide how soon a warning sign must be looked at. Not sure is an answer too."),
        questions=open_ones,
    )


def asked_of(page: Page, *, sex: str, intimate: bool) -> tuple[Question, ...]:
    """Return the questions of the page that this person is asked."""
    return tuple(
        question
        for question in page.questions
        if question.not_for != (sex or "?") and (intimate or question.needs_consent != "intimate")
    )
