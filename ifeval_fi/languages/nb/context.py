"""Which of its readings a homograph has where it stands: a small model of the words around it.

Each reading (see the tags in `lexicon`) gets points from its neighbours: an article speaks for a noun, a subject before
or an object behind it for a verb. Pairs of one kind (bønn, bønne) are told apart by what the text is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ifeval_fi.languages.nb.lexicon import Lexeme, analyses, inflect, strong_verbs

_SUBJECT = frozenset("jeg du han hun vi dere man hvem som de".split())
_PRONOUN = _SUBJECT | frozenset("meg deg seg oss dem henne ham den det dette disse ingen noen alle".split())
_OBJECT = frozenset("meg deg seg oss dem henne ham ikke aldri alltid jeg du han hun vi dere man".split())
_ARTICLE = frozenset(
    "en ei et ett én min mitt mi din ditt di sin sitt si hennes hans vår vårt deres dets hver hvert hvilken hvilket "
    "samme annen annet intet slik slikt ingen noe noen litt mye hvilke".split()
)
_OWNERS = frozenset("min mitt mi mine din ditt di dine sin sitt si sine hans hennes vår vårt våre deres dets".split())
_POINTER = frozenset("den det de denne dette disse hele selve begge alle".split())
_ALONE = frozenset(
    "ingen noen slikt noe annet alt intet mye mange flere få alle begge den det dette disse denne".split()
)
_MANY = frozenset(
    "to tre fire fem seks sju syv åtte ni ti elleve tolv tjue hundre tusen mange flere flest "
    "noen alle få færre ingen begge mine dine "
    "sine våre ulike hvilke par nok mer".split()
)
_PREPOSITION = frozenset(
    "i på av til med for fra om under over ved mot uten hos mellom gjennom etter før per blant rundt langs bak foran "
    "innen utenfor omkring ifølge opp ned inn ut".split()
)
_MODAL = frozenset(
    "kan vil skal må bør kunne ville skulle måtte burde får fikk la lar lot tør tørre torde pleier pleide prøver "
    "orker gidder ønsker slipper".split()
)
_FINITE = frozenset(
    "er var har hadde ble blir kan vil skal må bør kunne ville skulle måtte "
    "burde får fikk lar lot tør pleier pleide".split()
)
# Finite forms of strong verbs that are as likely something else.
_DOUBTFUL = frozenset(
    "går så for sang løp bar dør gir biter veier steg rev skar sprang led red "
    "stakk seg strøk drev grep brast hang kvad "
    "falt spør tør tenner stoler flyr lyder slipper driver ender fant løper høres svin skalv".split()
) - {"fant", "falt", "spør", "stakk", "hang"}
_PERFECT = frozenset("har hadde ha er var ble blir blitt bli vært være få fått fikk får".split())
_ADVERB = frozenset(
    "ikke aldri alltid nettopp også allerede alt jo nå da bare nesten ofte sjelden endelig lenge fortsatt snart helt "
    "godt kanskje visst vel likevel dessverre enda ennå så dermed derfor her der i_går".split()
)
_SUBORDINATORS = frozenset("at som hvis når da fordi mens om hvor hva hvem hvorfor hvordan siden".split())
_COPULA = frozenset("er var blir ble være bli virker så veldig svært ganske helt for altfor litt mer mest like".split())
_CONJUNCTION = frozenset("og eller men at som hvis når da fordi enn mens hvor hva".split())
_JOINS = frozenset("og eller samt".split())
_CLOSED = frozenset({"å"}.union(_PRONOUN, _ARTICLE, _POINTER, _MANY, _PREPOSITION, _CONJUNCTION, _ADVERB))
_ENDS = frozenset('.!?…\n:;–—«"”“(|#*•')
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*|\d[\d.,]*\d|\d|[.!?…\n:;,–—«\"”“(|#*•]")
_REACH = 120


@dataclass(frozen=True)
class Place:
    """The words before (nearest last) and after a homograph in its sentence; `named` says that a name is before it."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    named: bool

    def back(self, steps: int) -> str:
        """The word so many steps before, or nothing."""
        return self.before[-steps] if len(self.before) >= steps else ""

    def ahead(self, steps: int) -> str:
        """The word so many steps after, or nothing."""
        return self.after[steps - 1] if len(self.after) >= steps else ""


def place(text: str, start: int, end: int) -> Place:
    """What stands around the word at text[start:end]."""
    before = _TOKEN.findall(text, max(0, start - _REACH), start)
    if start > _REACH and before and text[start - _REACH - 1].isalnum():
        before = before[1:]
    cut = next((len(before) - index for index in range(len(before)) if before[-1 - index] in _ENDS), 0)
    clause = before[cut:]
    after: list[str] = []
    for token in _TOKEN.findall(text, end, min(len(text), end + _REACH)):
        if token in _ENDS:
            break
        after.append(token)
    named = bool(clause) and clause[-1][0].isupper() and (len(clause) > 1 or not _common(clause[-1].casefold()))
    return Place(tuple(map(str.casefold, clause)), tuple(map(str.casefold, after)), named)


@lru_cache(maxsize=8192)
def _listed(word: str) -> str:
    """All tags that a word can have, closed classes aside."""
    if word in _CLOSED:
        return ""
    return "".join(dict.fromkeys("".join(inflect(lexeme)[word] for lexeme in analyses(word))))


def _common(word: str) -> bool:
    return word in _CLOSED or word in _FINITE or bool(_listed(word))


def _is(word: str, tags: str) -> bool:
    return any(tag in tags for tag in _listed(word))


def _only(word: str, tags: str) -> bool:
    return bool(found := _listed(word)) and all(tag in tags + "S" for tag in found)


def _finite(word: str) -> bool:
    return word in _PERFECT | _MODAL or (_is(word, "F") and _only(word, "FTIM"))


@lru_cache(maxsize=8192)
def may_be_finite(word: str) -> bool:
    """Whether the word is a finite verb and hardly anything else; the "går" of "i går" counts as none by its list."""
    return (
        word in _FINITE
        or (word in strong_verbs() and word not in _DOUBTFUL)
        or (_is(word, "F") and not _is(word, "NDAC"))
    )


def other_finite(words: tuple[str, ...]) -> bool:
    """Whether a finite verb or an opening imperative is among the words of a clause."""
    return any(map(may_be_finite, words)) or (bool(words) and _is(words[0], "M"))


def _adjective(word: str) -> bool:
    return bool(word) and _is(word, "A") and not _is(word, "FIC")


def points(tag: str, at: Place) -> float:
    """How well a reading with this tag goes with its neighbours; nought when they say nothing."""
    return _POINTS[tag](at) if tag in _POINTS else 0.0


def _noun(at: Place) -> float:
    one, two = at.back(1), at.back(2)
    score = 0.0
    if one == "å" or (one in _SUBJECT and one != "de"):
        score -= 3
    if one in _PREPOSITION and two != "å":
        score += 2
    if _adjective(one) and two not in _COPULA - {"for", "litt", "mer", "mest"}:
        score += 2
    if one.endswith("s") and (_is(one, "S") or at.named):
        score += 2
    if not one:
        score += 0.5
    if at.named and not one.endswith("s"):
        score -= 1
    if _finite(one) and one not in _MODAL:
        score += 1
    if _finite(at.ahead(1)) and at.ahead(1) not in _PREPOSITION and one != "som":
        score += 1.5
    if at.ahead(1) in ("som", "av", "til"):
        score += 0.5
    if at.ahead(1) in ("meg", "deg", "seg", "oss", "dem"):
        score -= 1.5
    if one == "," or one in ("og", "eller"):
        score += 0.2
    if _verb_before(at):
        score += 1
    return score


def _verb_before(at: Place) -> bool:
    """Whether the word before is likely the clause's verb: "han skar", "Ulven flekket"."""
    two = at.back(2)
    return _is(at.back(1), "F") and (two in _SUBJECT or (len(at.before) == 2 and _is(two, "D") and not _is(two, "F")))


def _owned(at: Place) -> bool:
    """Whether the word before is an owner behind its noun: "ordene hennes veier"."""
    return at.back(1) in _OWNERS and _is(at.back(2), "D")


def _indefinite(at: Place) -> float:
    one, two = at.back(1), at.back(2)
    score = _noun(at)
    if _owned(at):
        score -= 1
    elif one in _ARTICLE or (two in _ARTICLE and _is(one, "A")):
        score += 4
    elif one in _POINTER:
        score += 3 if at.ahead(1) == "som" else -1
    return score


def _plural(at: Place) -> float:
    one, two = at.back(1), at.back(2)
    score = _noun(at)
    if not _owned(at) and (one in _MANY or one[:1].isdigit() or (two in _MANY and _is(one, "A"))):
        score += 3.5
    elif one in ("de", "disse"):
        score += 3 if at.ahead(1) == "som" else -0.5
    elif one in ("en", "ei", "et", "den", "det"):
        score -= 3
    if one.endswith("e") and _is(one, "A"):
        score += 1 if _adjective(one) else 2
    return score


def _definite(at: Place) -> float:
    one, two = at.back(1), at.back(2)
    score = _noun(at)
    if one in _POINTER or (_adjective(one) and two in _POINTER):
        score += 2
    elif one in _ARTICLE:
        score -= 3
    if not one or _finite(one):
        score += 1
    if one in _JOINS:
        score += _joined_noun(at)
    if at.ahead(1) in ("min", "mitt", "mi", "din", "ditt", "sin", "sitt", "hans", "hennes", "vårt", "vår", "deres"):
        score += 2
    if one in _PERFECT and at.back(2) and not (at.back(2) in _CONJUNCTION | _ADVERB or at.back(2).startswith("hv")):
        score -= 2
    elif one in _PERFECT and (not two or two in _ADVERB or two.startswith("hv")):
        score += 2
    return score


def _joined_noun(at: Place) -> float:
    """What "og" before it says for a definite noun: "Kulden og regnet ødela turen", "stue, kjøkken og rommet"."""
    if at.back(2) == ",":
        return 1.5
    if not _only(at.back(2), "NPDA"):
        return 0.0
    return 1.5 if any(map(may_be_finite, at.before)) else 3.5


def _verb(at: Place) -> float:
    one, two = at.back(1), at.back(2)
    score = 0.0
    if one in _ARTICLE - _ALONE and not _owned(at):
        score -= 3
    if one in _PREPOSITION and two not in ("å",):
        score -= 1
    if _adjective(one) and two in _ARTICLE | _POINTER:
        score -= 2
    return score


def _infinitive(at: Place) -> float:
    one, two, three = at.back(1), at.back(2), at.back(3)
    if one == "å" or (two == "å" and one in _ADVERB):
        return 5
    if one in _MODAL or (two in _MODAL and one in _PRONOUN | _ADVERB):
        return 4
    if three in _MODAL and two in _PRONOUN | _ADVERB and one in _ADVERB | _PRONOUN:
        return 3.5
    if two in _MODAL and (at.named or _only(one, "DNPS")):
        return 2
    if one in ("og", "eller") and {"å", *_MODAL} & set(at.before[-7:]):
        return 2
    return -3


def _is_subject_noun(at: Place) -> bool:
    """Whether the word before is a name or a definite noun: "Babyen veier", "Jonas dør"."""
    one = at.back(1)
    if at.named:
        return not one.endswith("s") or _is(one, "D")
    return _is(one, "D") and "S" not in _listed(one) and (not at.back(2) or not _is(one, "F"))


def _finite_verb(at: Place) -> float:
    one, two = at.back(1), at.back(2)
    score = _verb(at)
    if one in _SUBJECT:
        score += 3 if one != "de" else 2
    elif one in _ALONE or one in ("her", "der", "da", "nå") or _owned(at):
        score += 1.5
    elif one in _ADVERB:
        score += 1 if not two or _SUBORDINATORS & set(at.before) else -1
    elif _is_subject_noun(at):
        score += 2.5
    elif _is(one, "NP") and (not _is(one, "FA") or not two):
        score += 1.5
    elif one and one[:1].isdigit():
        score -= 2
    if at.ahead(1) in _OBJECT:
        score += 2.5
    elif at.ahead(1) in _POINTER | _ARTICLE:
        score += 1.5
    elif at.ahead(1)[:1].isdigit():
        score += 1
    elif at.ahead(1) in _PREPOSITION and at.ahead(1) not in ("for", "om"):
        score += 0.3
    around = (*at.before, *at.after)
    if not other_finite(around):
        lonely = at.before or at.ahead(1) in _OBJECT | _POINTER
        score += 0.5 if any(_is(word, "F") for word in around) else 3 if lonely else 0
    elif _clause_has_finite(at):
        score -= 2
    if at.before and at.before[0].startswith("hv") and not any(map(_finite, at.before)):
        score += 2.5
    if one == "å" or one in _MODAL:
        score -= 4
    if _verb_before(at):
        score -= 2
    if one == "," and "som" in at.before[-6:]:
        score += 0.5
    if one in ("og", "men") and any(map(may_be_finite, at.before)) and not _is(two, "NPD") and two != ",":
        score += 1.5
    if one in _JOINS and not any(_is(word, "F") or word in _FINITE for word in at.before):
        score -= 3
    if _finite(at.ahead(1)) and at.ahead(1) not in _PREPOSITION:
        score -= 2
    return score


def _clause_has_finite(at: Place) -> bool:
    """Whether the main clause that the word stands in has its finite verb: no conjunction or comma parts them."""
    for word in reversed(at.before):
        if word in _CONJUNCTION or word in (",", "som"):
            break
        if _finite(word):
            return True
    else:
        if at.before and _is(at.before[0], "M") and not _is(at.before[0], "NPDF"):
            return True
    for word in at.after:
        if word in _CONJUNCTION or word in (",", "som"):
            break
        if _finite(word) and word not in _PREPOSITION:
            return True
    return False


def _participle(at: Place) -> float:
    one, two, three = at.back(1), at.back(2), at.back(3)
    if one in _PERFECT:
        subject_follows = not two or two in _ADVERB or two.startswith("hv")
        return 2.0 if subject_follows else 4.0
    if two in _PERFECT and (one in _PRONOUN | _ADVERB or one.endswith("t") or at.named):
        return 3.5
    if three in _PERFECT and two in _PRONOUN | _ADVERB | _ARTICLE:
        return 3
    if two in _PERFECT and _is(one, "D"):
        return 2
    if one in ("og", "eller") and two != "," and _PERFECT & set(at.before[-6:]):
        return -1.0 if _only(two, "NPD") else 1.5
    if at.ahead(1) in ("av", "opp", "ut", "inn", "ned", "i", "på") and _is(one, "NPD") and not _is(one, "F"):
        return 1.5
    if (one in _ARTICLE | _POINTER or _adjective(one)) and _is(at.ahead(1), "NPD"):
        return 2.5
    return -2


def _imperative(at: Place) -> float:
    if at.before and at.back(1) not in (",", "og", "så", "bare"):
        return -4
    if at.ahead(1) in _OBJECT - _SUBJECT | _POINTER | _ARTICLE | {"ut", "opp", "inn", "ned", "på", "i", "med"}:
        return 2
    return 0.2 if not at.before else -0.5


def _adjectival(at: Place) -> float:
    one = at.back(1)
    if one in ("er", "var", "være", "vært", "virker", "virket"):
        return 4.2  # as likely as the participle there
    if one in _COPULA:
        return 3
    score = 1.5 if one in _POINTER | _ARTICLE or one.endswith("e") else 0.3
    if _is(at.ahead(1), "NPD") and not _finite(at.ahead(1)):
        score += 2
    return score


def _closed(at: Place) -> float:
    return 1.2 + (1 if at.ahead(1) and not _finite(at.ahead(1)) else 0)


_POINTS = {
    "N": _indefinite,
    "P": _plural,
    "D": _definite,
    "I": _infinitive,
    "F": _finite_verb,
    "T": _participle,
    "M": _imperative,
    "A": _adjectival,
    "C": _closed,
}


@lru_cache(maxsize=4096)
def likelihoods(form: str, readings: tuple[Lexeme, ...], at: Place) -> tuple[float, ...]:
    """For each dictionary word, the points of the likeliest reading of the form as it."""
    return tuple(max((points(tag, at) for tag in inflect(each)[form] if tag != "S"), default=0.0) for each in readings)
