"""How hard a text is to read: the grade of Flesch and Kincaid, with syllables counted by groups of vowels.

A home-made count, as rough as the formula: it stops long words and long sentences, it does not replace readers
(clinical.md 8.6, ux.md 4.1).
"""

from __future__ import annotations

import re

# clinical.md 8.6: what every question is written to.
HIGHEST = 5.8


def grade(text: str) -> float:
    """Return the school grade of a text; sentences end in a full stop, a question mark, a colon or a line."""
    sentences = [sentence for sentence in re.split(r"[.?!:\n]+", text) if re.search(r"[A-Za-z]", sentence)]
    words = re.findall(r"[A-Za-z']+", text)
    if not words:
        return 0.0
    per_sentence, per_word = len(words) / len(sentences), sum(map(syllables, words)) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def syllables(word: str) -> int:
    """Return about how many syllables a word has: its groups of vowels, without an ending that is not heard."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    heard = re.sub(r"(?<=[^aeiouylcsxzg])es$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$", "", letters)
    return max(1, len(re.findall(r"[aeiouy]+", heard)))
