"""Write ifeval_fi/languages/nb/words.tsv: how the words of Norsk Ordbank inflect, compounds left out.

python bench/build_norwegian_words.py nb_lemma_exc.json.gz   (from the package spacy-lookups-data 1.0.5)

Norsk Ordbank (Språkbanken, National Library of Norway) is CC BY 4.0. The source keeps one dictionary word a form and
part of speech, so a homograph's other word lacks the form: a word gets the commonest paradigm that holds all forms
it kept and only forms that there are. A compound that inflects as its last part is left out.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "ifeval_fi" / "languages" / "nb" / "words.tsv"
PLAIN = re.compile("[a-zæøåéèêòóôà]{2,24}")
Paradigm = tuple[str, ...]


def change(lemma: str, form: str) -> str:
    """How the form differs from the word: "2ler" is two letters less and "ler" more (sykkel: sykler)."""
    same = 0
    while same < min(len(lemma), len(form)) and lemma[same] == form[same]:
        same += 1
    return f"{len(lemma) - same or ''}{form[same:]}"


def applied(lemma: str, changes: Paradigm) -> list[str]:
    forms = []
    for each in changes:
        less = re.match(r"\d*", each)[0]  # type: ignore[index]
        forms.append(lemma[: len(lemma) - int(less or 0)] + each[len(less) :])
    return forms


def paradigms(forms_of: dict[str, set[str]], known: set[str]) -> dict[str, Paradigm]:
    own = {lemma: tuple(sorted(change(lemma, form) for form in forms)) for lemma, forms in forms_of.items()}
    counts = Counter(own.values())
    common = [paradigm for paradigm, count in counts.most_common() if count >= 20]
    chosen = {}
    for lemma, forms in forms_of.items():
        chosen[lemma] = own[lemma]
        for paradigm in common:
            made = applied(lemma, paradigm)
            if paradigm == own[lemma] or (forms <= set(made) and known.issuperset(made) and len(made) > 1):
                chosen[lemma] = paradigm
                break
    return chosen


def without_compounds(chosen: dict[str, Paradigm], forms: set[str], shortest: int = 3) -> dict[str, Paradigm]:
    """The words but compounds, kept where they are also forms of other words (forsøk, of forsøke)."""
    kept: dict[str, Paradigm] = {}
    for lemma in sorted(chosen, key=lambda word: (len(word), word)):
        ends = (lemma[start:] for start in range(2, len(lemma) - shortest + 1))
        if lemma in forms or chosen[lemma] != next((kept[end] for end in ends if end in kept), None):
            kept[lemma] = chosen[lemma]
    return kept


def weak_classes(lemma: str, forms: set[str]) -> str:
    """The past tenses of a weak verb: e (kastet), t (leste), d (levde), D (bodde)."""
    stem = lemma.removesuffix("e")
    short = stem[:-1] if stem[-2:-1] == stem[-1:] else stem
    found = "e" if {stem + "et", stem + "a"} & forms and lemma.endswith("e") else ""
    found += "t" if {stem + "te", short + "te"} & forms else ""
    found += "d" if {stem + "de", short + "de"} & forms and lemma.endswith("e") else ""
    return found + ("D" if {lemma + "dde", stem + "dde"} & forms else "")


def main() -> None:
    source = json.loads(gzip.decompress(Path(sys.argv[1]).read_bytes()))
    by_kind: dict[str, dict[str, set[str]]] = {}
    for kind, lemmas in source.items():
        by_kind[kind] = defaultdict(set)
        for form, (lemma, *_) in lemmas.items():
            if PLAIN.fullmatch(lemma) and PLAIN.fullmatch(form):
                by_kind[kind][lemma].add(form)
    verbs = by_kind["verb"]
    adjectives = {word: forms for word, forms in by_kind["adj"].items() if word not in verbs and word in forms}
    groups: dict[str, list[str]] = defaultdict(list)
    others = {form for lemmas in source.values() for form, (lemma, *_) in lemmas.items() if form != lemma}
    nouns = without_compounds(paradigms(by_kind["noun"], set(source["noun"])), others)
    for lemma, paradigm in nouns.items():
        groups["n " + " ".join(paradigm)].append(lemma)
    for lemma, paradigm in without_compounds(paradigms(adjectives, set(source["adj"])), others).items():
        groups["a " + " ".join(paradigm)].append(lemma)
    attested = source["verb"].keys() | source["adj"].keys()
    for lemma, forms in verbs.items():
        if lemma in forms or len(forms) > 2:
            classes = weak_classes(lemma, forms | by_kind["adj"].get(lemma, set()))
            groups["v " + (classes or weak_classes(lemma, attested))].append(lemma)
    groups["d"] = sorted(word for word in by_kind["adv"] if word not in by_kind["adj"])
    lines = [f"{name}\t{' '.join(sorted(words))}" for name, words in sorted(groups.items()) if words]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines), "paradigms", sum(map(len, groups.values())), "words", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
