"""Finnish conjugation: every form of a verb, given its inflection type (52-78)."""

from __future__ import annotations

from typing import NamedTuple

from .inflection import VOWELS, Forms, decline_with, strengthen_closed, weaken


def verb_roots(infinitive: str, kind: int, grade: str) -> tuple[str, ...]:
    """The beginnings that every form of a verb has one of."""
    stems: set[str] = set()
    for verb in verbs(infinitive, kind, grade, infinitive[-1]):
        stems.update((verb.infinitive, verb.strong, verb.weak, verb.imperative, verb.passive, *verb.past_strong))
        stems.update(stem[:-1] for stem in (verb.active, verb.potential, verb.passive_past))
    return tuple({stem.rstrip(VOWELS) or stem[:1] for stem in stems})


class Verb(NamedTuple):
    """The stems a verb is conjugated from, strong and weak grade where they differ."""

    infinitive: str
    strong: str
    weak: str
    third: str
    past_strong: tuple[str, ...]
    past_weak: tuple[str, ...]
    conditional: tuple[str, ...]
    imperative: str  # before -kaa
    active: str  # the past participle: sanonut
    potential: str
    passive: str  # before -aan
    passive_past: str  # ends in the t of -tiin


def conjugate(infinitive: str, kind: int, grade: str = "") -> Forms:
    """All forms of a verb: persons, tenses, moods, passive, infinitives, and participles in all cases."""
    harmony = infinitive[-1]
    forms = Forms()
    for verb in verbs(infinitive, kind, grade, harmony):
        _finite(verb, harmony, forms)
        _infinite(verb, harmony, forms)
    return forms


def verbs(infinitive: str, kind: int, grade: str = "", a: str = "") -> list[Verb]:
    """The stems of a verb; two sets where it is conjugated in two ways."""
    a = a or infinitive[-1]
    if kind == 68:
        return [*verbs(infinitive, 62, "", a), _consonant_verb(infinitive, 68, infinitive[:-2] + "tse", a)]
    if kind <= 61 or kind >= 76:
        return [_vowel_verb(infinitive, kind, grade, a)]
    return [_consonant_verb(infinitive, kind, _present_stem(infinitive, kind, grade, a), a)]


def _vowel_verb(infinitive: str, kind: int, grade: str, a: str) -> Verb:
    strong = infinitive[:-1]
    weak = weaken(strong, grade) if grade else strong
    o = "o" if a == "a" else "ö"
    pasts: list[tuple[str, str]] = []
    if kind in (52, 61):
        pasts = [(strong + "i", weak + "i") if kind == 52 else (strong, weak)]
    if kind in (53, 55, 58, 60, 77, 78):
        pasts = [(strong[:-1] + "i", weak[:-1] + "i")]
    if kind in (56, 57):
        pasts = [(strong[:-1] + o + "i", weak[:-1] + o + "i")]
    if kind in (54, 55, 57, 59, 76):
        pasts.append((strong[:-2] + "si", strong[:-2] + "si"))
    if kind == 60:
        pasts.append(("läksi", "läksi"))
    short = strong[:-1] if kind in (58, 59, 60, 61) else strong
    passive = (weak[:-1] + "e" if weak[-1] in "aä" else weak) + "t"
    third = strong + strong[-1]
    u = "u" if a == "a" else "y"
    return Verb(
        infinitive, strong, weak, third, tuple(p[0] for p in pasts), tuple(p[1] for p in pasts),
        (short + "isi",), strong, f"{strong}n{u}t", strong + "ne", passive + a, passive + "t",
    )  # fmt: skip


def _present_stem(infinitive: str, kind: int, grade: str, a: str) -> str:
    base = infinitive[:-2]
    strong = strengthen_closed(base, grade) if grade else base
    if kind in (66, 67):
        return strong + "e"
    if kind == 69:
        return base + "tse"
    if kind in (70, 71):
        return infinitive[:-3] + ("kse" if kind == 70 else "ke")
    if kind == 72:
        return strong + "ne"
    return strong + a if kind in (73, 74, 75) else base


def _consonant_verb(infinitive: str, kind: int, strong: str, a: str) -> Verb:
    base = infinitive[:-2]
    u = "u" if a == "a" else "y"
    weak = weaken(strong, "D") if kind == 71 else strong
    past = (_past(kind, strong),)
    past_weak = (weak[:-1] + "i",) if kind == 71 else past
    conditional = [past[0] + "si" if kind != 74 and kind != 75 and kind != 73 else strong[:-1] + "isi"]
    if kind in (74, 75):
        conditional = [strong + "isi", strong[:-1] + "isi"]
    long = strong[-2:-1] == strong[-1] or kind in (62, 63, 64, 65)
    third = strong if long else strong + strong[-1]
    if kind in (68, 69, 72, 73, 74, 75):
        imperative, active, potential, passive_past = base + "t", f"{base}nn{u}t", base + "nne", base + "tt"
        if kind == 68:
            imperative, active, potential, passive_past = base, f"{base}n{u}t", base + "ne", base + "t"
    elif kind in (66, 67, 70):
        double = base + base[-1]
        imperative, active, potential, passive_past = base, f"{double}{u}t", double + "e", base + "t"
    else:
        imperative, active, potential, passive_past = base, f"{base}n{u}t", base + "ne", base + "t"
    return Verb(
        infinitive, strong, weak, third, past, past_weak, tuple(conditional),
        imperative, active, potential, infinitive, passive_past,
    )  # fmt: skip


def _past(kind: int, strong: str) -> str:
    if kind == 62:
        return strong
    if kind == 64:
        return strong[:-2] + strong[-1] + "i"
    if kind == 65:
        return strong[:-1] + "vi"
    return strong[:-1] + ("si" if kind in (73, 74, 75) else "i")


def _finite(verb: Verb, a: str, forms: Forms) -> None:
    plain, o, personal = forms.plain, "o" if a == "a" else "ö", ("n", "t", "mme", "tte")
    vat = f"v{a}t"
    plain.update((verb.infinitive, verb.weak, verb.third, verb.strong + vat))
    plain.update(verb.weak + person for person in personal)
    for past_strong, past_weak in zip(verb.past_strong, verb.past_weak, strict=True):
        plain.update((past_strong, past_strong + vat))
        plain.update(past_weak + person for person in personal)
    for stem in verb.conditional:
        plain.update(stem + person for person in ("", *personal, vat))
    rare = {verb.potential + person for person in ("", "e", *personal, vat)} | {verb.imperative + "k" + o}
    forms.rare |= rare - plain
    plain |= rare
    plain.update(verb.imperative + "k" + end for end in (a * 2, a * 2 + "mme", a * 2 + "tte", o * 2 + "n", o * 2 + "t"))
    passive = verb.passive_past
    plain.update((verb.passive, verb.passive + a + "n", passive + "iin"))
    plain.update(passive + end for end in (f"{a}isiin", f"{a}isi", f"{a}neen", f"{a}ne", f"{a}k{o}{o}n", f"{a}k{o}"))


def _infinite(verb: Verb, a: str, forms: Forms) -> None:
    second = verb.infinitive[:-1]
    second = second[:-1] + "ie" if second[-1] == "e" else second + "e"
    forms.plain.update((second + "ss" + a, second + "n", verb.passive_past + a + "ess" + a))
    forms.possess([second], lengthened=False)
    hosts = (verb.infinitive + "kse", second + "ss" + a, f"{verb.strong}m{a}isill{a}")
    forms.possess(hosts, lengthened=True)
    agent = verb.strong + "m" + a
    participles = [
        (verb.strong + "v" + a, 10, ""),
        (verb.active, 47, ""),
        (verb.passive_past + a + "v" + a, 10, ""),
        (agent, 10, ""),
        (agent + "t" + ("on" if a == "a" else "ön"), 34, "C"),
        (verb.passive_past + ("u" if a == "a" else "y"), 1, _participle_grade(verb.passive_past)),
    ]
    for participle, kind, grade in participles:
        declined = decline_with(participle, kind, grade, a, False)
        # sanotukseen, sanomista: the first is not in use, the second is read as the noun sanominen.
        unused = ("kse", f"{agent[:-1]}ist{a}")
        declined.hosts = {host for host in declined.hosts if not host.endswith(unused)}
        declined.lengthened = {form for form in declined.lengthened if not form[:-2].endswith(unused)}
        declined.plain.discard(unused[1])
        forms.add(declined)
    forms.plain.update((agent + "n", verb.passive_past + a + "m" + a + "n"))


def _participle_grade(stem: str) -> str:
    """The gradation of the past passive participle (sanottu C, juotu F, tultu I, mentu J, purtu K)."""
    if stem[-2] in VOWELS + "h":
        return "F"
    return {"t": "C", "l": "I", "n": "J", "r": "K"}.get(stem[-2], "")
