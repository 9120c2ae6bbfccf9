"""Inflected forms of Swedish words: every form of a listed word, every plausible one of an unlisted word.

A noun's paradigm is named by its plural: n1 flickor, n2 bilar, n3 saker, n4 äpplen, n5 hus, n6 läkare,
n6n musiker, n7 bagerier, n8 museer, n9 professorer. A verb's is v1 kasta, v2a bygga, v2b läsa, v3 bo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_VOWELS = "aeiouyåäöé"


def with_genitive(forms: Iterator[str] | list[str] | set[str]) -> set[str]:
    """The forms and their genitives: bok, boks; a form that ends in a hissing sound is its own genitive."""
    return {each for form in forms for each in ((form,) if form.endswith(("s", "x", "z")) else (form, form + "s"))}


def _syncope(word: str) -> str:
    """The stem before an ending that begins with a vowel: nyckel, nyckl-; himmel, himl-; pojke, pojk-."""
    if len(word) > 3 and word[-2] == "e" and word[-1] in "lrn" and word[-3] not in _VOWELS:
        stem = word[:-2] + word[-1]
        if len(stem) > 3 and stem[-2] == stem[-3] and stem[-2] in "mn":  # himmel, himlar
            stem = stem[:-2] + stem[-1]
        return stem
    return word[:-1] if word[-1] in "ea" else word


def _doubled(word: str) -> str:
    """The word with its last m or n doubled, as in drömmen, vännen, rummet."""
    return word + word[-1] if word[-1] in "mn" and word[-2:-1] in _VOWELS and word[-2:-1] != "" else word


def _en(word: str) -> Iterator[str]:
    """The definite form of an en-word."""
    if word[-1] in _VOWELS:
        yield word + "n"
        if word[-1] == "i":  # biologin, biologien
            yield word + "en"
        return
    if word[-2:] in ("el", "er", "or") or word[-3:] == "are":
        yield word + "n"
    if word[-2:] == "en":
        yield word
    if _syncope(word) != word:
        yield _syncope(word) + "en"
    yield word + "en"
    if _doubled(word) != word:
        yield _doubled(word) + "en"


def _et(word: str) -> Iterator[str]:
    """The definite form of an ett-word."""
    if word[-1] in "eaäåöiouy":
        yield word + "t"
        if word[-1] in "äåöiouy":
            yield word + "et"
        return
    yield (word if _syncope(word) == word else _syncope(word)) + "et"
    if word[-2:] in ("er", "el", "en"):
        yield word + "et"
    if _doubled(word) != word:
        yield _doubled(word) + "et"


def _plural(word: str, ending: str) -> Iterator[str]:
    stems = {_syncope(word)}
    if _syncope(word) == word:
        stems = {word, _doubled(word)}
    for stem in stems:
        yield from (stem + ending, stem + ending + "na")


def _n1(word: str) -> Iterator[str]:
    yield from _en(word)
    yield from _plural(word, "or")


def _n2(word: str) -> Iterator[str]:
    yield from _en(word)
    yield from _plural(word, "ar")


def _n3(word: str) -> Iterator[str]:
    yield from _en(word)
    if word[-1] in _VOWELS and word[-1] != "e":
        yield from (word + "er", word + "erna")
        if word[-1] == "o":  # avokador
            yield from (word + "r", word + "rna")
    else:
        yield from _plural(word, "er")
        if word[-2:] in ("el", "er", "en"):
            yield from (word + "er", word + "erna")


def _n4(word: str) -> Iterator[str]:
    yield from _et(word)
    yield from (word + "n", word + "na", word + "en", word + "ena")[: 2 if word[-1] in _VOWELS else 4]


def _n5(word: str) -> Iterator[str]:
    yield from _et(word)
    yield from _et_plural(word)


def _et_plural(word: str) -> Iterator[str]:
    stem = _syncope(word) if word[-1] not in _VOWELS else word
    yield stem + "en"
    if _doubled(word) != word:
        yield _doubled(word) + "en"
    if word[-2:] == "er":
        yield word + "na"


def _n6(word: str) -> Iterator[str]:
    yield from (word + "n", word[:-1] + "n", word[:-1] + "na")


def _n6n(word: str) -> Iterator[str]:
    yield from (word + "n", word + "na")


def _n7(word: str) -> Iterator[str]:
    yield from (word + "et", word + "t", word + "er", word + "erna")


def _n8(word: str) -> Iterator[str]:
    stem = word.removesuffix("um")
    yield from (stem + "et", stem + "er", stem + "erna", word + "et", word, word + "en")


def _n9(word: str) -> Iterator[str]:
    yield from (word + "n", word + "er", word + "erna")


def _v1(word: str) -> Iterator[str]:
    yield from (word + ending for ending in ("r", "s", "de", "des", "t", "ts", "d", "nde", "ndes"))


def _weak(word: str, past: str) -> Iterator[str]:
    """bygga: bygger, byggde, byggt, byggd; känna: kände; möta: mötte; sända: sände; föra: för."""
    stem = word[:-1]
    yield from (word + "s", stem + "ande", stem + "es")
    short = stem[:-1] if stem[-2:] in ("mm", "nn") else stem
    yield from (short, *(() if stem.endswith(("r", "l")) and stem[-2] in _VOWELS else (stem + "er",)))
    yield stem + "s"
    if stem[-1] == "j" and stem[-2] not in _VOWELS:
        short = stem
    if stem.endswith(("nd", "ld", "rd")):
        past_stem, supine = stem[:-1] + "d", stem[:-1] + "t"
        yield from (past_stem + "e", past_stem + "es", past_stem, past_stem + "a", supine, supine + "s")
        return
    if stem.endswith("t") and past == "t":
        base = stem if stem[-2] in _VOWELS else stem[:-1]
        tail = base + "t"
        yield from (tail + "e", tail + "es", tail, tail + "a", tail + "s")
        return
    if stem.endswith("d") and stem[-2] in _VOWELS:
        base = stem[:-1]
        yield from (base + "dde", base + "ddes", base + "tt", base + "tts", base + "dd", base + "dda")
        return
    yield from (short + past + "e", short + past + "es", short + "t", short + "ts", short + past, short + past + "a")


def _v2a(word: str) -> Iterator[str]:
    return _weak(word, "d")


def _v2b(word: str) -> Iterator[str]:
    return _weak(word, "t")


def _v3(word: str) -> Iterator[str]:
    yield from (word + ending for ending in ("r", "s", "dde", "ddes", "tt", "tts", "dd", "dda", "ende"))


def _a(word: str) -> Iterator[str]:
    """Gender, number and comparison: snabb, snabbt, snabba, snabbe, snabbare, snabbast, snabbaste."""
    stem = word
    if word[-1] in _VOWELS:
        if word[-1] not in "ea":
            yield from (word + ending for ending in ("tt", "a", "e", "are", "ast", "aste"))
        return
    if word.endswith("ad") and len(word) > 4:
        yield from (word[:-1] + "t", word + "e", word + "es", word + "a")
        return
    if word[-2:] in ("el", "er", "en") and len(word) > 3 and word[-3] not in _VOWELS:
        stem = _syncope(word)
        yield word[:-1] + "t" if word[-1] == "n" else word + "t"
    elif word.endswith("nn"):
        yield word[:-1] + "t"
    elif word.endswith("d"):
        yield word[:-1] + ("tt" if word[-2] in _VOWELS else "t")
    elif word.endswith("t"):
        yield word + ("t" if word[-2] in _VOWELS else "")
    else:
        yield word + "t"
        stem = word + "m" if word.endswith("m") and word[-2] in _VOWELS else word
    yield from (stem + ending for ending in ("a", "e", "are", "ast", "aste"))
    if stem != word and word.endswith("m"):  # dum, dumma; but bekväm, bekväma
        yield from (word + ending for ending in ("a", "e", "are", "ast", "aste"))


_NOUNS: dict[str, Callable[[str], Iterator[str]]] = {
    "n1": _n1, "n2": _n2, "n3": _n3, "n4": _n4, "n5": _n5, "n6": _n6, "n6n": _n6n, "n7": _n7, "n8": _n8, "n9": _n9,
}  # fmt: skip
_VERBS: dict[str, Callable[[str], Iterator[str]]] = {"v1": _v1, "v2a": _v2a, "v2b": _v2b, "v3": _v3}


def paradigm(word: str, kind: str) -> frozenset[str]:
    """Every form of the word, itself included, under an inflection of `words.txt` (n1 … v3, a, x)."""
    if kind in _NOUNS:
        return frozenset(with_genitive({word, *_NOUNS[kind](word)}))
    if kind in _VERBS:
        return frozenset({word, *_VERBS[kind](word)})
    if kind == "a":
        return frozenset({word, *_with_a_genitive(_a(word))})
    return frozenset({word})


def _with_a_genitive(forms: Iterator[str]) -> Iterator[str]:
    """Adjectives stand as nouns in the definite form only: de rikas."""
    for form in forms:
        yield form
        if form.endswith(("a", "aste")):
            yield form + "s"


# The likeliest inflections of a word that is not listed, by its ending.
_BY_ENDING: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("skap",), ("n3", "n5")),
    (("het", "tion", "sion", "itet", "ist", "else", "ans", "ens", "ur", "ör", "log", "nom", "graf"), ("n3",)),
    (("are",), ("n6",)),
    (("iker",), ("n6n",)),
    (("ning", "ling", "dom"), ("n2",)),
    (("ium", "eum"), ("n8",)),
    (("tor",), ("n9", "n2")),
    (("eri",), ("n7", "n3")),
    (("ande", "ende"), ("n4",)),
    (("era",), ("v1",)),
    (("lig", "ig", "isk", "sam", "bar", "lös", "ad"), ("a",)),
    (("ell", "ativ", "ant", "ent", "iv", "är", "ös", "al"), ("a", "n3", "n5")),
)
# Endings that tell the inflection better than a listed word that the word happens to end in (tänkbar is no bar).
TELLING = ("het", "skap", "tion", "sion", "else", "ning", "lig", "bar", "isk", "sam", "itet")


def guesses(word: str) -> tuple[str, ...]:
    """The inflections that a word that is not listed may have."""
    for endings, kinds in _BY_ENDING:
        if word.endswith(endings) and len(word) > 4:
            return kinds
    if word.endswith("a"):
        return ("n1", "v1", "v2a", "v2b") if len(word) > 3 else ("n1",)
    if word.endswith("e"):
        return ("n2", "n3", "n4")
    if word[-1] in _VOWELS:
        return ("n2", "n3", "n4", "n7", "v3")
    return ("n2", "n3", "n5")
