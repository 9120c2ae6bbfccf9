"""Forms with their names: the cases of a nominal, and the passive and second person of a verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

from ifeval_fi.languages.fi.inflection import harmonies, stems, strengthen_closed
from ifeval_fi.languages.fi.lexicon import Lexeme, dictionary_words, headword, inflect, is_first_part, possessed_words
from ifeval_fi.languages.fi.verbs import Verb, verbs

Case = Literal[
    "nominatiivi", "genetiivi", "partitiivi", "essiivi", "translatiivi", "inessiivi", "elatiivi", "illatiivi",
    "adessiivi", "ablatiivi", "allatiivi", "abessiivi", "komitatiivi", "instruktiivi",
]  # fmt: skip
Number = Literal["yksikkö", "monikko"]
_ENDINGS = {
    "translatiivi": "ksi", "inessiivi": "ssA", "elatiivi": "stA", "adessiivi": "llA", "ablatiivi": "ltA",
    "allatiivi": "lle", "abessiivi": "ttA",
}  # fmt: skip
_NOMINAL, _UNINFLECTED, _LONGEST = 50, 99, 40
# What nominals end in, and what participles and infinitives do, whose verbs have no other forms like these.
_CASE_ENDINGS = {
    "essiivi": (("na", "nä"), ("eena", "eenä", "vana", "vänä", "tuna", "tynä", "mina", "minä", "vina", "vinä")),
    "translatiivi": (("ksi",), ("eeksi", "vaksi", "väksi", "tuksi", "tyksi", "viksi")),
    "abessiivi": (("tta", "ttä"), ("matta", "mättä")),
}
# How every form of a case ends, with a possessive suffix or not: lapsena, lapsenani, lapsenaan; perheineen.
_LOOKS = {
    case: re.compile(rf"(?:{plain}|{host}(?:ni|si|ns[aä]|mme|nne|[aäe]n))$")
    for case, plain, host in (
        ("essiivi", "n[aä]", "n[aä]"),
        ("translatiivi", "ksi", "kse"),
        ("abessiivi", "tt[aä]", "tt[aä]"),
        ("komitatiivi", "ne", "ne"),
    )
}
# What a compound does not end in though it may be listed as a word.
_ENDINGS_ALONE = frozenset(
    "kin kaan kään han hän ssa ssä sta stä lla llä lta ltä lle tta ttä ksi ina inä ini nsa nsä mme nne ista iin "
    "een oon aan ään itä ita ien jen jaan teen seen uni ani".split()
)
_PREFIXES = frozenset("ala ali bio eko epä esi etä info itse kanta lähi muovi nyky perus sala yli ylä".split())
# "Helsingissä", of names that are not listed
_INFLECTED_NAME = re.compile(r".{3,}(?:ss[aä]|st[aä]|ll[aä]|lt[aä]|lle)")
# Genitives of names, not "hei" with a clitic
_NAMES_IN_KIN = frozenset("heikin erkin mikin".split())
CLITICS = ("kin", "kaan", "kään", "han", "hän", "pa", "pä", "ko", "kö")
# Pronouns and verbs with -kin or -pa that are also rare forms of nouns.
_NO_WORDS_BUT_HOSTS = frozenset("sekin nekin hänkin tekin mekin hekin onpa olipa tuopa".split())
_GROWN = frozenset(("esimerkiksi", "aleksi"))
# Far oftener the verb than the plural noun.
_RATHER_VERBS = frozenset("voit tulet pidät teet näet".split())
_RATHER_IMPERATIVES = frozenset("ota pidä tule katso laita käy maksa".split())
# "striimataan", "googlattiin", but no illative of a noun ends so
_PASSIVE_LOOKS = ("ataan", "ätään", "etaan", "etään", "otaan", "itaan", "itään", "attiin", "ättiin", "oitiin", "öitiin")
_POSSESSIVES = ("ni", "si", "nsA", "mme", "nne")


@lru_cache(maxsize=512)
def case_forms(word: str, case: Case, number: Number) -> frozenset[str]:
    """The word's forms in this case and number, with and without a possessive suffix; empty for no listed nominal."""
    found: set[str] = set()
    for lexeme in headword(word):
        if lexeme.kind <= _NOMINAL:
            found |= _case_forms(lexeme, case, number)
    return frozenset(found)


def _case_forms(lexeme: Lexeme, case: Case, number: Number) -> set[str]:
    word, kind, grade, _, head = lexeme
    if head:
        return {head + form for form in _case_forms(Lexeme(word[len(head) :], kind, grade), case, number)}
    found: set[str] = set()
    for harmony in harmonies(word):
        for each_word, each_kind, each_grade in _declensions(word, kind, grade):
            bare, hosts = _named(each_word, each_kind, each_grade, harmony, case, number)
            found.update(bare)
            for host in hosts:
                found.update(host + suffix.replace("A", harmony) for suffix in _POSSESSIVES)
                if host[-1] != host[-2:-1] and case not in ("nominatiivi", "genetiivi", "illatiivi"):
                    found.add(host + host[-1] + "n")  # kadullaan
    return found


def _declensions(word: str, kind: int, grade: str) -> list[tuple[str, int, str]]:
    """A nominal of type 49 (kyynel) inflects two ways."""
    if kind != 49:
        return [(word, kind, grade)]
    base = word.removesuffix("e")
    strong = strengthen_closed(base, grade) if grade else base
    return [(base, 32, grade), (strong + "e", 48, "")]


def _named(word: str, kind: int, grade: str, harmony: str, case: Case, number: Number) -> tuple[list[str], list[str]]:
    """The case's forms without a possessive suffix, and what a suffix may be added to."""
    of = stems(word, kind, grade, harmony)
    one = number == "yksikkö"
    weak, strong = ([of.singular], [of.essive]) if one else (of.plurals, of.plural_essives)
    if case == "nominatiivi":
        return ([word] if one else [of.singular + "t"]), [of.essive]
    if case == "genetiivi":
        return ([of.singular + "n"], [of.essive]) if one else (of.genitives, [each[:-1] for each in of.genitives])
    if case == "partitiivi":
        return (of.partitive, of.partitive) if one else (of.partitives, of.partitives)
    if case == "illatiivi":
        found = of.illative if one else of.illatives
        return found, [each[:-1] for each in found]
    if case == "essiivi":
        found = [each + "n" + harmony for each in strong]
        return found, found
    if case == "komitatiivi":
        found = [each + "ne" for each in of.plural_essives]
        return found, found  # an adjective has no suffix: suurine puutarhoineen
    if case == "instruktiivi":
        return ([] if one else [each + "n" for each in of.plurals]), []
    found = [each + _ENDINGS[case].replace("A", harmony) for each in weak]
    hosts = [each[:-1] + "e" for each in found] if case == "translatiivi" else found
    return found, hosts


@lru_cache(maxsize=20_000)
def listed_readings(form: str) -> tuple[Lexeme, ...]:
    """The listed words that a form in small letters can be of, its own dictionary form included."""
    if not 0 < len(form) <= _LONGEST:
        return ()
    return (*headword(form), *dictionary_words(form), *(each for each in _verbs_losing_h() if _is_of(each, form)))


@cache
def _verbs_losing_h() -> tuple[Lexeme, ...]:
    """Verbs whose forms (teen, näen) are far from the dictionary form's letters."""
    return (*headword("tehdä"), *headword("nähdä"))


def _is_of(lexeme: Lexeme, form: str) -> bool:
    return form[:2] == lexeme.word[:2] and form != lexeme.word and form in inflect(lexeme).plain


@lru_cache(maxsize=20_000)
def readings(form: str) -> tuple[Lexeme, ...]:
    """The words that a form in small letters can be of; compounds of listed parts are words too (mökkirannalla)."""
    return listed_readings(form) or tuple(
        lexeme._replace(word=head + lexeme.word, head=head + lexeme.head)
        for head, tail in _splits(form)
        for lexeme in listed_readings(tail)
        if lexeme.kind <= _NOMINAL
    )


def _splits(form: str) -> Iterator[tuple[str, str]]:
    """The form as a compound's first part and the rest, where the first can be one."""
    if len(form) > _LONGEST:
        return
    for end in range(3, len(form) - 2):
        head = form[:end]
        if form[end:] not in _ENDINGS_ALONE and (head in _PREFIXES or is_first_part(head)):
            yield head, form[end:]


def is_nominal(form: str) -> bool:
    """Whether the form can be of a noun, adjective, pronoun or numeral."""
    return any(lexeme.kind <= _NOMINAL for lexeme in readings(form))


@lru_cache(maxsize=20_000)
def in_case(form: str, case: Case) -> bool:
    """Whether the form can stand in this case, participles and the abessive of the infinitive (sanomatta) included."""
    if case == "essiivi" and form == "vuonna":
        return True  # beside vuotena
    endings = _CASE_ENDINGS.get(case)
    looks = _LOOKS.get(case)
    if looks and not looks.search(form):
        return False
    if endings and not form.endswith(endings[0]) and not has_possessive(form):
        return False
    if (endings and case != "abessiivi" and headword(form)) or form in _GROWN:
        return False  # grown to adverbs: kotona, onneksi; or words that only look so: porkkana
    if case == "abessiivi" and in_case(form, "partitiivi"):
        return False  # vuotta, kuutta
    words = {*readings(form), *(_possessed(form) if case == "komitatiivi" or endings else ())}
    numbers: tuple[Number, ...] = ("yksikkö", "monikko")
    if any(
        form in _case_forms(lexeme, case, number) for lexeme in words if lexeme.kind <= _NOMINAL for number in numbers
    ):
        return True
    return endings is not None and form.endswith(endings[1]) and any(51 < each.kind < 99 for each in words)


def has_possessive(form: str) -> bool:
    """Whether the form has a possessive suffix (autoni, kadullaan) and is no plain form of another word."""
    ending = form.endswith(("ni", "si", "nsa", "nsä", "mme", "nne")) or (
        form[-1:] == "n" and form[-3:-2] == form[-2:-1]
    )
    if not ending or listed_readings(form):
        return False
    # vaimoni might be vai + moni too
    return bool(possessed_words(form)) or (not readings(form) and bool(_possessed(form)))


@lru_cache(maxsize=20_000)
def _possessed(form: str) -> tuple[Lexeme, ...]:
    """The words that the form is of with a possessive suffix, compounds of listed parts included."""
    if len(form) > _LONGEST:
        return ()
    return possessed_words(form) or tuple(
        lexeme._replace(word=head + lexeme.word, head=head + lexeme.head)
        for head, tail in _splits(form)
        if len(tail) > 4
        for lexeme in possessed_words(tail)
        if lexeme.kind <= _NOMINAL
    )


def host_of(form: str, clitics: tuple[str, ...]) -> str:
    """The word that one of the clitics ends (talokin: talo), itself with another clitic or not; "" for none.

    A form that is a word of its own (jokin, ainakin, mukaan) ends in no clitic.
    """
    if (
        not form.endswith(clitics)
        or form in _NAMES_IN_KIN
        or (listed_readings(form) and form not in _NO_WORDS_BUT_HOSTS)
    ):
        return ""
    for clitic in clitics:
        host = form.removesuffix(clitic)
        if host == form or len(host) < 2:
            continue
        if readings(host) or has_possessive(host) or host_of(host, CLITICS) or _INFLECTED_NAME.fullmatch(host):
            return host
    return ""


def _verbs_of(form: str) -> list[Verb]:
    return [
        verb
        for lexeme in listed_readings(form)
        if 51 < lexeme.kind < 99
        for verb in verbs(lexeme.word.removeprefix(lexeme.head), lexeme.kind, lexeme.grade)
    ]


def is_passive(form: str) -> bool:
    """Whether the form is a finite passive: tehdään, tehtiin, tehtäisiin, tehtäneen, tehtäköön."""
    if not form.endswith(("aan", "ään", "iin", "een", "oon", "öön")):
        return False
    for verb in _verbs_of(form):
        a = verb.infinitive[-1]
        o = "o" if a == "a" else "ö"
        past = verb.passive_past
        if form.endswith(
            (verb.passive + a + "n", past + "iin", past + a + "isiin", past + a + "neen", f"{past}{a}k{o}{o}n")
        ):
            return True
    # A verb that is not listed: striimataan, googlattiin; but no noun with a suffix: työtovereitaan
    looks = form.endswith(_PASSIVE_LOOKS) and not form.endswith("sataan")
    return looks and not readings(form) and not has_possessive(form)


def is_passive_participle(form: str) -> bool:
    """Whether the form is tehty, sanottu or the like, which with *olla* makes the perfect passive."""
    return (
        form.endswith(("tu", "ty"))
        and not headword(form)
        and any(
            form.endswith(verb.passive_past + ("u" if verb.infinitive[-1] == "a" else "y")) for verb in _verbs_of(form)
        )
    )


def is_connegative_passive(form: str) -> bool:
    """Whether *ei* before the form makes the negative passive: (ei) tehdä, sanota."""
    return form.endswith(("a", "ä")) and any(form.endswith(verb.passive) for verb in _verbs_of(form))


def second_person(form: str) -> Literal["te", "sinä"] | None:
    """The second person whose verb form this is (tulette, tulkaa; tulet, tulisit), unless it may be a nominal."""
    if form.endswith(("tte", "kaa", "kää")):
        for verb in _verbs_of(form):
            stems_ = (verb.weak, *verb.past_weak, *verb.conditional)
            if form.endswith(tuple(stem + "tte" for stem in stems_)) or form.endswith(
                verb.imperative + "k" + form[-1] * 2
            ):
                return "te"
    if form in _RATHER_VERBS:
        return "sinä"
    if form.endswith("t") and not is_nominal(form):
        for verb in _verbs_of(form):
            if form.endswith(tuple(stem + "t" for stem in (verb.weak, *verb.past_weak, *verb.conditional))):
                return "sinä"
    return None


def is_imperative(form: str) -> bool:
    """Whether the form, which begins a sentence, is a singular imperative (kirjoita, ota)."""
    if form in _RATHER_IMPERATIVES:
        return True
    if form.endswith(("tu", "ty")) or not all(51 < lexeme.kind < 99 for lexeme in readings(form)):
        return False
    return any(form.endswith(verb.weak) for verb in _verbs_of(form))
