"""Set-up after the first log-in, and the same pages later under Settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selfcare.accounts import consents, history, profiles, setup
from selfcare.accounts.forms import (
    YES,
    CheckQuestionForm,
    ConsentForm,
    HistoryForm,
    PersonForm,
    PlaceForm,
    history_initial,
)
from selfcare.accounts.models import CareRelationship, Consent, PatientProfile

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Go to the first page of set-up that is still open."""
    return redirect(setup.next_page(request.user, request.session))


@login_required
@never_cache
@get_or_post
def about(request: HttpRequest) -> HttpResponse:
    """Say what this is and is not, and ask the one question that shows whether it was understood."""
    form = CheckQuestionForm(_posted(request))
    if not form.is_valid():
        return render(request, "accounts/setup_about.html", {"form": form})
    request.session[setup.UNDERSTOOD] = True
    right = form.cleaned_data["answer"] != YES
    return render(request, "accounts/setup_about_answer.html", {"right": right})


@login_required
@never_cache
@get_or_post
def consent(request: HttpRequest) -> HttpResponse:
    """Ask for each consent by its purpose."""
    texts = setup.unanswered(request.user) or list(consents.texts().values())
    form = ConsentForm(_posted(request), texts=texts)
    if not form.is_valid():
        return render(request, "accounts/setup_consent.html", {"form": form})
    now = timezone.now()
    for purpose, answer in form.cleaned_data.items():
        (consents.give if answer == YES else consents.withdraw)(request.user, purpose, now=now)
    return redirect("setup")


@login_required
@never_cache
@get_or_post
def place(request: HttpRequest) -> HttpResponse:
    """Ask for the country and the time zone."""
    known = request.session.get(setup.PLACE) or setup.likely_place(request.user)
    form = PlaceForm(_posted(request), initial=known)
    if not form.is_valid():
        return render(request, "accounts/setup_place.html", {"form": form})
    request.session[setup.PLACE] = form.cleaned_data
    return redirect("setup")


@login_required
@never_cache
@get_or_post
def person(request: HttpRequest) -> HttpResponse:
    """Ask for name, year of birth and sex, and make the profile; nobody under 18 goes on."""
    where = request.session.get(setup.PLACE)
    if PatientProfile.objects.filter(user=request.user).exists() or not where:
        return redirect("setup")
    now = timezone.now()
    form = PersonForm(_posted(request), year=now.year, initial={"name": request.user.name})
    if not form.is_valid():
        return render(request, "accounts/setup_person.html", {"form": form})
    if form.too_young:
        return render(request, "accounts/too_young.html", status=403)
    profiles.save(request.user, now=now, language=get_language(), **where, **_about_the_person(form))
    return redirect("setup")


@login_required
@never_cache
@get_or_post
def setup_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask one page of what is normal for this person; what was left open and needs an answer comes last."""
    profile = PatientProfile.objects.filter(user=request.user).first()
    if profile is None:
        return redirect("setup")
    if slug == history.OPEN:
        page = history.still_open(answered={*profile.history, *profile.history_unsure}) or history.PAGES[-1]
    else:
        page = _page(slug)
    following = history.page_after(page.slug)
    response = _history(request, profile, page, last=following is None)
    if response is None:
        request.session[setup.HISTORY_PAGE] = following.slug if following else history.OPEN
        return redirect("setup")
    return response


@login_required
@never_cache
@get_or_post
def settings_profile(request: HttpRequest) -> HttpResponse:
    """Change country, time zone, name, year of birth and sex."""
    profile = get_object_or_404(PatientProfile, user=request.user)
    now = timezone.now()
    known = {field: getattr(profile, field) for field in profiles.ABOUT} | {"name": request.user.name, "adult": True}
    place_form = PlaceForm(_posted(request), initial=known)
    person_form = PersonForm(_posted(request), year=now.year, initial=known)
    if not (place_form.is_valid() and person_form.is_valid()):
        return render(request, "accounts/settings_profile.html", {"forms": [place_form, person_form]})
    if person_form.too_young:
        return render(request, "accounts/too_young.html", status=403)
    profiles.save(request.user, now=now, **place_form.cleaned_data, **_about_the_person(person_form))
    messages.success(request, _("Saved."))
    return redirect("settings-profile")


@login_required
@never_cache
def settings_history(request: HttpRequest) -> HttpResponse:
    """List the pages of history questions, and offer that nothing has changed when it is time to ask again."""
    profile = get_object_or_404(PatientProfile, user=request.user)
    due = profile.history_is_due(timezone.now())
    return render(request, "accounts/settings_history.html", {"pages": history.PAGES, "profile": profile, "due": due})


@login_required
@require_POST
def settings_history_same(request: HttpRequest) -> HttpResponse:
    """Keep that every answer about health still holds; the next time to ask is in 12 weeks."""
    get_object_or_404(PatientProfile, user=request.user)
    profiles.nothing_has_changed(request.user, now=timezone.now())
    messages.success(request, _("Thank you. We will ask again in 12 weeks."))
    return redirect("home")


@login_required
@never_cache
@get_or_post
def settings_history_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the answers of one page of history questions."""
    profile = get_object_or_404(PatientProfile, user=request.user)
    response = _history(request, profile, _page(slug), last=False)
    if response is None:
        messages.success(request, _("Saved."))
        return redirect("settings-history")
    return response


@login_required
@never_cache
@get_or_post
def settings_sharing(request: HttpRequest) -> HttpResponse:
    """Show who may see what, and change it: a withdrawn consent takes effect at once."""
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        if purpose not in Consent.Purpose.values:
            raise Http404
        change = consents.give if request.POST.get("answer") == YES else consents.withdraw
        change(request.user, purpose, now=timezone.now())
        messages.success(request, _("Saved. This counts from now on."))
        return redirect("settings-sharing")
    rows = [(text, consents.holds(request.user, text.purpose)) for text in consents.texts().values()]
    care = CareRelationship.objects.current(timezone.now()).filter(patient=request.user).select_related("clinic")
    return render(
        request, "accounts/settings_sharing.html", {"rows": rows, "care": care.order_by("clinic__name", "id")}
    )


def _history(request: HttpRequest, profile: PatientProfile, page: history.Page, *, last: bool) -> HttpResponse | None:
    """Return the page with its questions, or None once the answers are stored."""
    now = timezone.now()
    questions = history.asked_of(page, sex=profile.sex, intimate=consents.holds(request.user, "intimate"))
    known = history_initial(profile, today=profile.local_date(now))
    form = HistoryForm(_posted(request), questions=questions, all_needed=page.slug == history.OPEN, initial=known)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/history_page.html", {"form": form, "page": page})
    profiles.answer_history(
        request.user,
        keys={question.key for question in questions},
        answers=form.answers(rest="no" if request.POST.get("rest") == "no" else ""),
        unsure=form.unsure(),
        last=last,
        now=now,
    )
    return None


def _posted(request: HttpRequest) -> Any:
    """Return what was sent, also when every answer was left out; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def _page(slug: str) -> history.Page:
    found = history.page(slug)
    if found is None:
        raise Http404
    return found


def _about_the_person(form: PersonForm) -> dict[str, Any]:
    return {key: form.cleaned_data[key] for key in ("name", "year_of_birth", "sex")}
