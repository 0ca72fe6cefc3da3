"""What templates and code hand to gettext, read from the files themselves: for translators, and to find gaps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import engines
from django.template.base import Node, Template
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode

# A text, or its singular and its plural.
Said = tuple[str, ...]

GETTEXT = {"_", "gettext", "gettext_lazy", "pgettext", "N_"}
PLURAL = {"ngettext", "ngettext_lazy"}


def in_file(path: Path) -> Iterator[Said]:
    """Yield what a template or a module hands to gettext."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _in_code(ast.parse(source))
    else:
        yield from _in_nodes(engines["django"].from_string(source).template)


def _in_nodes(template: Template) -> Iterator[Said]:
    for node in _every_node(template.nodelist):
        if isinstance(node, TranslateNode) and isinstance(node.filter_expression.var.literal, str):
            yield (node.filter_expression.var.literal.replace("%", "%%"),)
        elif isinstance(node, BlockTranslateNode):
            one = node.render_token_list(node.singular)[0]
            yield (one, node.render_token_list(node.plural)[0]) if node.plural else (one,)


def _every_node(nodes: Any) -> Iterator[Node]:
    for node in nodes:
        # What stands between {% language %} and {% endlanguage %} is said in the clinic's language.
        if isinstance(node, LanguageNode):
            continue
        yield node
        for name in node.child_nodelists:
            yield from _every_node(getattr(node, name, None) or ())
        for _condition, inside in getattr(node, "conditions_nodelists", ()):
            yield from _every_node(inside)


def _in_code(tree: ast.AST) -> Iterator[Said]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT | PLURAL:
            texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if texts:
                yield tuple(texts[:2]) if node.func.id in PLURAL else (texts[-1],)
        yield from _in_code(node)
