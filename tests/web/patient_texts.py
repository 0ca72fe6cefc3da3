"""Every text that a patient reads, by the place it stands in: templates, code, the clinical catalogue, exercises.

What clinicians and hospital staff read is left out: the show-to-staff page is written for them (ux.md 4.1).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from exercises import catalogue as exercise_catalogue
from selfcare.triage import catalogue
from selfcare.web import course_words

ROOT = Path(__file__).parents[2]
TEMPLATES = ("selfcare/web/templates", "selfcare/accounts/templates")
CODE = ("selfcare/web", "selfcare/accounts")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "N_"}
TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{%\s*blocktranslate\b[^%]*%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
# Read by staff, or the words of a country's clinics and lines, which are names.
FOR_STAFF = {"for_staff", "blank_for_staff"}
EMPTY: Mapping[str, Any] = {}

Texts = dict[str, list[str]]


def in_templates() -> Texts:
    """Return the translated texts of each template of the patient's pages."""
    found: Texts = {}
    for folder in TEMPLATES:
        for path in sorted((ROOT / folder).rglob("*.html")):
            source = path.read_text(encoding="utf-8")
            texts = [one or other for one, other in TRANSLATE.findall(source)]
            for body in BLOCK.findall(source):
                texts += [" ".join(part.split()) for part in PLURAL.split(body)]
            if texts:
                found[path.relative_to(ROOT).as_posix()] = texts
    return found


def in_code() -> Texts:
    """Return the texts that modules of the patient's pages hand to gettext."""
    found: Texts = {}
    for folder in CODE:
        for path in sorted((ROOT / folder).glob("*.py")):
            texts = list(_said(ast.parse(path.read_text(encoding="utf-8"))))
            if texts:
                found[path.relative_to(ROOT).as_posix()] = texts
    return found


def in_catalogue() -> Texts:
    """Return what the clinical catalogue says to patients, filled in with the fallback country's words."""
    content = catalogue.current()
    words = {**content.region("GB"), **content.guide.names("GB")}
    found: Texts = {}
    for name, card in content.advices.items():
        found[f"advice {name}"] = [card["title"], *card["do"], card["say"], *card["why"]]
    for name, card in content.follow_up["cards"].items():
        found[f"follow-up {name}"] = [card["title"], *card["do"], card["say"], *card["why"]]
    for name, question in content.questions.items():
        found[f"question {name}"] = [question["text"], question["why"]]
    for name, answers in content.answer_sets.items():
        found[f"answers {name}"] = list(answers.values())
    for rule in content.rules:
        found[f"rule {rule.id}"] = [rule.patient_sentence]
    for name, pattern in content.guide.patterns.items():
        found[f"pattern {name}"] = [
            pattern["title"], *pattern["looks_like"], pattern["sometimes"], *pattern["questions"],
        ]  # fmt: skip
    guide = {key: value for key, value in content.guide.texts.items() if key not in ("needs", "clinician_note")}
    found["guide"] = [line for value in guide.values() for line in ([value] if isinstance(value, str) else value)]
    return {place: [line.format_map(words) for line in lines if line] for place, lines in found.items()}


def in_learn(level: str) -> Texts:
    """Return the Learn cards in one reading level."""
    content = catalogue.current()
    words = {**content.region("GB"), **content.guide.names("GB")}
    found = {}
    for name, card in content.learn.items():
        lines = [card["title"], card["summary"], *(one["question"] for one in card["related"])]
        for part in card[level]:
            lines += [part["heading"], *part.get("points", ()), *part.get("text", ())]
        found[f"learn {name} ({level})"] = [line.format_map(words) for line in lines]
    return found


def in_exercises() -> Texts:
    """Return what the catalogue of exercises says to patients."""
    content = exercise_catalogue.current()
    found: Texts = {}
    for name, exercise in content.exercises.items():
        own = [exercise.name, *(level.patient for level in exercise.levels), *exercise.adapt.values()]
        found[f"exercise {name}"] = own + list(_strings(exercise.patient))
    for name, plan in content.plans.items():
        found[f"plan {name}"] = [plan.name, plan.patient]
    found["stop card"] = list(_strings(content.stop_card))
    found["this hurts more"] = list(_strings(content.hurts))
    found["rests"] = [words["patient"] for words in content.rests.values() if "patient" in words]
    found["reasons of doses"] = [words["patient"] for words in content.reasons.values()]
    return {place: [line for line in lines if line] for place, lines in found.items()}


def in_course() -> Texts:
    """Return what Progress and Plan say about the course, the weeks and the reviews."""
    sheet = course_words.current()
    kept = {key: value for key, value in sheet.items() if key not in ("state", "written_on")}
    found = {f"course {name}": list(_strings(kept[name])) for name in kept if name not in ("weeks", "reviews")}
    for part in ("weeks", "reviews"):
        for name, words in sheet[part].items():
            told = {key: value for key, value in words.items() if key != "sources"}
            found[f"course {part} {name}"] = list(_strings(told))
    return found


def everything() -> Texts:
    """Return every text of patients by its place."""
    return {
        **in_templates(), **in_code(), **in_catalogue(), **in_exercises(), **in_course(),
        **in_learn("plain"), **in_learn("detailed"),
    }  # fmt: skip


def sentences(text: str) -> list[str]:
    """Return the sentences of a text: they end in a mark that a space or the end follows, or in a line."""
    return [one.strip() for one in re.split(r"(?<=[.?!])[\"”']?(?:\s+|$)|\n|\s·\s", text) if re.search(r"\w", one)]


def _said(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and node.name in FOR_STAFF:
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
        yield from _said(node)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
