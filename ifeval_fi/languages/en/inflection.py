"""English inflection: the forms of a word, and the words a form may belong to.

Regular forms follow spelling rules; what does not is listed in `irregular.txt`. A form of two words belongs to both:
*leaves* is *leaf* and *leave*, since a keyword's prompt does not say which is meant.
"""

from __future__ import annotations

import re
from functools import cache

from ifeval_fi.resources import resource

VOWELS = "aeiou"
# "stop" → stopped, "plan" → planning, "begin" → beginning: one vowel before one consonant, but not w, x or y.
_CLOSED = re.compile(r"(?:.*(?:[^aeiou]|qu))?[aeiouy][^aeiouwxy]")
# one in "stay", two in "study" and "kayak"
_SYLLABLE = re.compile(r"[aeiou]+|(?<![aeiou])y")
# "retell" is conjugated like "tell", "overeat" like "eat".
_PREFIXED = re.compile(r"(?:under|inter|over|fore|mis|out|re|un|up)(?=..)")
_KEPT_E = {"age": ("ageing",), "queue": ("queueing",), "cue": ("cueing",), "singe": ("singeing",)}
_SIBILANT = ("s", "x", "z", "ch", "sh")


@cache
def _irregular() -> dict[str, dict[str, tuple[str, ...]]]:
    """The sections of irregular.txt: by dictionary word, its forms that no rule gives."""
    sections: dict[str, dict[str, tuple[str, ...]]] = {}
    text = resource("languages", "en", "irregular.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            for word, *forms in map(str.split, line.split(",")):
                section[word] = tuple(form for each in forms for form in each.split("/"))
    return sections


def listed(section: str) -> dict[str, tuple[str, ...]]:
    """A section of irregular.txt: by word, what is said of it."""
    return _irregular()[section]


@cache
def _words_of() -> dict[str, tuple[str, ...]]:
    """By irregular form, the dictionary words it belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ("verbs", "nouns", "comparison"):
        for word, forms in _irregular()[name].items():
            for form in forms:
                found[form] = (*found.get(form, ()), word)
    return found


def forms(word: str) -> frozenset[str]:
    """Every form of a dictionary word in small letters, itself included, whatever its word class may be."""
    if word in _irregular()["uninflected"]:
        return frozenset({word})
    verbal = () if word in _irregular()["nouns only"] else _verb_forms(word)
    return frozenset({word, *_plurals(word), *verbal, *_comparison(word)})


def dictionary_words(form: str) -> tuple[str, ...]:
    """The dictionary words the form may stand for as a keyword, likeliest first.

    A participle that a dictionary lists by itself (*disgusting*, *building*) stands for itself.
    """
    if form in _irregular()["entries"]:
        return (form,)
    known = any(form in _irregular()[name] for name in ("verbs", "nouns", "comparison"))
    regular = () if known else tuple(base for base in _bases(form) if form in forms(base))
    return (form, *dict.fromkeys(each for each in (*_irregular_bases(form), *regular) if each != form))


def _irregular_bases(form: str) -> tuple[str, ...]:
    """The words of which this is an irregular form, also inside another one: "retold", "bookshelves", "hypotheses"."""
    found = list(_words_of().get(form, ()))
    prefix = _PREFIXED.match(form)
    if prefix:
        found += [
            prefix[0] + verb for verb in _words_of().get(form[prefix.end() :], ()) if verb in _irregular()["verbs"]
        ]
    for head in _irregular()["heads"]:
        for plural in _irregular()["nouns"][head]:
            if form.endswith(plural) and form != plural:
                found.append(form.removesuffix(plural) + head)
    if form.endswith("ses"):
        found.append(form[:-2] + "is")
    return tuple(base for base in found if form in forms(base))


def _plurals(word: str) -> tuple[str, ...]:
    listed = _irregular()["nouns"].get(word)
    if listed is not None:
        return listed
    if word not in _irregular()["no heads"]:
        for head in _irregular()["heads"]:
            if word.endswith(head):
                return tuple(word.removesuffix(head) + plural for plural in _irregular()["nouns"][head])
    if word.endswith("sis"):
        return (word[:-2] + "es",)
    # zeros and zeroes
    return (word + "s", word + "es") if word in _irregular()["oes"] else (_with_s(word),)


def _with_s(word: str) -> str:
    if word.endswith(_SIBILANT):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ies"
    return word + "es" if word in _irregular()["oes"] else word + "s"


def _verb_forms(word: str) -> tuple[str, ...]:
    """-s, -ing, -ed; of an irregular verb its past forms instead of -ed. Nouns get them too: to google, to friend."""
    listed = _irregular()["verbs"].get(word)
    if not listed and (prefix := _PREFIXED.match(word)):
        listed = tuple(prefix[0] + form for form in _irregular()["verbs"].get(word[prefix.end() :], ()))
    stems = _stems(word)
    past = listed or tuple(map(_with_ed, stems))
    return (_with_s(word), *past, *(_with_ing(word, stem) for stem in stems), *_KEPT_E.get(word, ()))


def _stems(word: str) -> tuple[str, ...]:
    """The word, with its last consonant doubled where it is; both for words like travel and focus."""
    if word in ("fuel", "refuel", "equal", "initial", "dial", "duel", "bias", "bus"):
        return (word, word + word[-1])
    if word.endswith("c") or not _CLOSED.fullmatch(word):
        return (word,)
    doubled = word + word[-1]
    if len(_SYLLABLE.findall(word)) == 1:
        return (doubled,)
    return (word, doubled)


def _with_ed(stem: str) -> str:
    if stem.endswith("e"):
        return stem + "d"
    if stem.endswith("y") and stem[-2:-1] not in VOWELS:
        return stem[:-1] + "ied"
    return stem + ("ked" if stem.endswith("ic") else "ed")


def _with_ing(word: str, stem: str) -> str:
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not word.endswith(("ee", "ye", "oe")) and len(word) > 2:
        return word[:-1] + "ing"
    return stem + ("king" if stem.endswith("ic") else "ing")


def _comparison(word: str) -> tuple[str, ...]:
    """-er and -est of an adjective that is known to have them, so that *sing* has no *singer*."""
    listed = _irregular()["comparison"].get(word)
    if listed:
        return listed
    if word not in _irregular()["adjectives"]:
        return ()
    if word.endswith("e"):
        return (word + "r", word + "st")
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return (word[:-1] + "ier", word[:-1] + "iest")
    stem = word + word[-1] if len(_SYLLABLE.findall(word)) == 1 and _CLOSED.fullmatch(word) else word
    return (stem + "er", stem + "est")


def _bases(form: str) -> tuple[str, ...]:
    """What may be left of the form without an ending; the caller asks which of them has the form."""
    found: list[str] = []
    for ending, replacements in _ENDINGS:
        if form.endswith(("ss", "us", "is")) and ending in ("s", "es"):
            continue
        if form.endswith(ending) and len(form) - len(ending) >= 2:
            rest = form.removesuffix(ending)
            if not _SYLLABLE.search(rest):
                continue
            found += [rest + each for each in replacements]
            if ending in ("ed", "ing", "er", "est") and rest[-1:] == rest[-2:-1]:
                found.append(rest[:-1])
    return tuple(found)


_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ies", ("y", "ie")),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ying", ("ie", "y")),
    ("ing", ("", "e")),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("er", ("", "e")),
    ("est", ("", "e")),
)
