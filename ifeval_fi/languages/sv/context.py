"""Which word a Swedish homograph is where it stands: noun or verb by its place, two nouns by what is said.

Only words within the sentence, at most `REACH` characters to each side, are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from ifeval_fi.languages.sv.lexicon import readings

REACH = 200
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")
_CLAUSE_END = re.compile(r"[,;:()–—\"”»«]|\b(?:men|eller|att|som|när|medan|eftersom|innan|så|om|fast|hur|varför|vad)\b")
_OPENER = re.compile(r"\b(som|att|när)\W*$")
_BEFORE_COMMA = re.compile(r"\b([^\W_]+),\s*$")
SUBJECTS = frozenset("jag du han hon hen vi ni man de dom det den detta som alla ingen någon vem".split())
_CLEAR_SUBJECTS = frozenset("jag du han hon hen vi ni man".split())
_BEFORE_NOUN = frozenset(
    """
    en ett den det de dessa denna detta min mitt mina din ditt dina sin sitt sina vår vårt våra er ert era hans
    hennes dess deras några någon något inga ingen inget många flera fler båda två tre fyra fem sex sju åtta nio
    tio alla allt varje vilken vilket vilka samma andra annan annat egen eget egna hela i på av med till från
    utan vid under över genom mellan mot hos bland efter inför kring runt per ur åt nya gamla stora små fina
    röda vackra bra tusen hundra
    """.split()
)
_OBJECTS = frozenset("mig mej dig dej honom henne oss er dem sig sej varandra".split())
_DIRECTIONS = frozenset(
    """
    höger vänster norr söder öster väster sidan sidorna hållet håll gången skogen vilket helvete
    """.split()
)
_COPULAS = frozenset("är var blev blir bli blivit vara varit bliva blivande".split())
_COMMON_VERBS = frozenset(
    """
    får lever ger tar vet kan ska skall vill måste bör går står gör ser kommer blir var är har hade
    """.split()
)
_PERSONS = frozenset(
    """
    son sonen sönerna dotter dottern döttrarna barn barnen barnet mamma pappa mor far mormor morfar farmor farfar bror
    brodern syster systern syskon syskonen vän vännen vänner vännerna granne grannen grannar grannarna gäst gästen
    gäster gästerna hund hunden hundar hundarna katt katten katter katterna häst hästen hästar hästarna fågel fågeln
    fåglar fåglarna elev eleven elever eleverna kund kunden kunder kunderna patient patienten patienter patienterna
    fru frun man mannen kvinnan flickan pojken bebis bebisen lärare läraren chef chefen kollega kollegan kolleger
    kollegor familj familjen kusin kusinen barnbarn barnbarnen moster faster morbror farbror resenärer resenärerna
    """.split()
)
_PREPOSITIONS = frozenset("i på av med till från för om åt mot hos".split())
_DEGREES = frozenset("så mycket lika väldigt ganska lite för alltför och".split())
_BEFORE_INFINITIVE = frozenset(
    "att ska skall skulle kan kunde vill ville måste bör borde får fick ville lär inte".split()
)
_PERFECT = frozenset("har hade ha haft".split())
_INFLECTED_VERB = re.compile(r"[^\W_]{2,}(?:ade|ades|erar|eras)")


@dataclass(frozen=True)
class Place:
    """Where a word stands: the words of its clause before and after it.

    `joined` when "och" comes right before, `relative` when "som" comes right after;
    `listed_after` is the word before a comma right before; `nearby` is the text around it.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    joined: bool
    relative: bool
    listed_after: str
    nearby: str


@lru_cache(maxsize=1024)
def place(left: str, right: str) -> Place:
    """Where a word stands that has this text, in small letters, to its left and right."""
    sentence_left, sentence_right = _SENTENCE_END.split(left)[-1], _SENTENCE_END.split(right, maxsplit=1)[0]
    before = _CLAUSE_END.split(sentence_left)[-1]
    after = _CLAUSE_END.split(sentence_right, maxsplit=1)[0]
    words = _WORD.findall(before)
    following = _WORD.findall(after)
    new = next((at for at, word in enumerate(following) if at and (word == "än" or word in _CLEAR_SUBJECTS)), None)
    joined = bool(words) and words[-1] == "och"
    if "och" in words and not joined:  # "… och sedan åt vi" is a clause of its own
        words = words[len(words) - words[::-1].index("och") :]
    if not words and (opener := _OPENER.search(sentence_left)):
        words = [opener[1]]
    listed = _BEFORE_COMMA.search(sentence_left)
    return Place(
        before=tuple(words),
        after=tuple(following[:new]),
        joined=joined,
        relative=right.lstrip().startswith("som "),
        listed_after=listed[1] if listed else "",
        nearby=f"{left} {right}",
    )


@lru_cache(maxsize=8192)
def _parts(word: str) -> frozenset[str]:
    return frozenset(lexeme.part for lexeme in readings(word))


@lru_cache(maxsize=8192)
def is_finite(word: str) -> bool:
    """Whether the word is a verb's present or past tense and nothing else."""
    parts = _parts(word)
    if word in _COMMON_VERBS:
        return True
    if not parts:
        return _INFLECTED_VERB.fullmatch(word) is not None
    return parts == {"v"} and not word.endswith(("a", "at", "it", "ts", "ad", "en", "nde", "tt"))


def _is_verbal(word: str) -> bool:
    return is_finite(word) or _parts(word) == {"v"}


def part_here(where: Place, token: str, parts: frozenset[str]) -> str | None:
    """Which of the parts of speech (n, v, a, x) the token is here; None when the place does not tell."""
    if not where.before and not where.after:
        return None
    if "v" not in parts:
        return _small_word_or_noun(where, parts)
    other = next(part for part in "nax" if part in parts)
    previous, following = (where.before or ("",))[-1], (where.after or ("",))[0]
    if other == "n" and _is_participle(token):  # buren, slutet
        done_by = following == "av" and previous and previous not in _BEFORE_NOUN
        return "v" if previous in _COPULAS or done_by else "n"
    verb_before = bool(where.before) and _has_verb(where)
    if other == "x" and (following in _OBJECTS or following in _DIRECTIONS) and (verb_before or not where.before):
        return "x"
    if token in _COMMON_VERBS:
        counted = token != "var" and previous in _BEFORE_NOUN - SUBJECTS
        described = "a" in _parts(previous) and is_finite(following)  # svarta får hade
        return other if counted or described or _asks(where, following) else "v"
    if other == "a" and token.endswith(("t", "d", "de", "na", "da")):
        return None  # participles: förtvivlade
    if (other == "a" and token.endswith("s")) or (other in "na" and following in _OBJECTS):
        return "v"  # saltas, visa sig
    if _is_infinitive(token) and _takes_infinitive(where.before, other):
        return "v"
    if token.endswith("t") and _PERFECT & set(where.before[-4:]):
        return "v"  # har rest
    if token == "åt" and previous not in SUBJECTS and "n" in _parts(previous) and _PERSONS & set(where.after[:2]):
        return "x"  # och en hjälm åt sin son
    if other == "x" and token != "åt" and not {previous, following} & _CLEAR_SUBJECTS:
        return "x"  # för, om
    if not where.before:
        return _opening(where, other, following)
    if other == "n" and _is_infinitive(following) and _parts(following) == {"v"}:
        return "v"  # många vågar låna
    if where.joined:
        return _coordinated(where, token, other, verb_before)
    if other == "a":  # låg
        return "a" if previous in _BEFORE_NOUN | _COPULAS | _DEGREES else "v"
    if following in _CLEAR_SUBJECTS and (other == "x" or (previous not in _BEFORE_NOUN and not verb_before)):
        return "v"
    if previous in SUBJECTS and not verb_before:
        modifies = previous not in _CLEAR_SUBJECTS and previous != "som"
        relative = modifies and (where.relative or any(map(is_finite, where.after[:2])))
        return other if relative else "v"
    if previous in _BEFORE_NOUN or verb_before or _after_adjective(where):
        return other
    if _is_genitive(previous):
        return other  # svampens gifter angriper
    if _is_definite(previous):
        return "v"  # kvinnan drog upp nätet och räknade
    after = where.after[:4]
    if "och" in after and not readings(previous):  # a name, as in "Anna fiskar och sjunger"
        after = after[: after.index("och")]
    return other if any(map(is_finite, after)) else "v"


@lru_cache(maxsize=8192)
def _is_participle(token: str) -> bool:
    """Whether the word can be a strong verb's participle, beside which stands a supine: buren, burit; but not sken."""
    supine = f"{token[:-2]}it"
    return (
        len(token) > 3
        and token.endswith(("en", "et"))
        and any(each.part == "v" and supine in each.forms for each in readings(token))
    )


@lru_cache(maxsize=8192)
def _is_genitive(word: str) -> bool:
    """Whether the word is a noun's genitive and nothing else: svampens, barnens."""
    found = readings(word)
    return word.endswith("s") and bool(found) and all(each.part == "n" and each.word != word for each in found)


@lru_cache(maxsize=8192)
def _is_definite(word: str) -> bool:
    """Whether the word is a noun with its article and nothing else: kvinnan, taket, hundarna."""
    found = readings(word)
    return (
        word.endswith(("n", "t", "na"))
        and all(each.part == "n" and each.word != word for each in found)
        and bool(found)
    )


def _takes_infinitive(before: tuple[str, ...], other: str) -> bool:
    """Whether an infinitive may follow: ska få, kan jag få, försöker få."""
    earlier, previous = ("", "", *before)[-2:]
    if previous in _BEFORE_INFINITIVE or (previous in _CLEAR_SUBJECTS and earlier in _BEFORE_INFINITIVE):
        return True
    return other == "a" and previous not in _COPULAS and is_finite(previous)


def _asks(where: Place, following: str) -> bool:
    """ "Var bor du?", "var och en": no form of vara."""
    return (not where.before and is_finite(following)) or following == "och"


def _has_verb(where: Place) -> bool:
    """Whether the clause has its verb before the word: a finite one, or a request that opens it (köp en …)."""
    *earlier, previous = where.before
    if any("v" in _parts(word) and _is_definite(subject) for subject, word in pairwise(earlier)):
        return True  # läraren tolkar dikten …
    if any(map(_is_verbal, earlier)) or (_is_verbal(previous) and not where.joined):
        return True
    if (
        len(earlier) > 0
        and "v" in _parts(previous)
        and _parts(earlier[-1]) <= {"n"}
        and earlier[-1] not in _BEFORE_NOUN
    ):
        return not where.joined  # verkstaden lagar …
    first, second = where.before[0], (*where.before, "")[1]
    return _is_imperative(first) or ("v" in _parts(first) and (second in _BEFORE_NOUN or "n" in _parts(second)))


def _coordinated(where: Place, token: str, other: str, verb_before: bool) -> str:
    """A word after "och": a verb beside a verb (äter och fiskar), a noun beside a noun (bollar och cyklar)."""
    beside, following = ("", *where.before)[-2], (where.after or ("",))[0]
    if other == "x" or is_finite(beside) or following in SUBJECTS | _OBJECTS:
        return "v"
    if not verb_before or not readings(beside):
        return other
    inflected = beside.endswith(("n", "t")) and all(lexeme.word != beside for lexeme in readings(beside))
    return "v" if "n" not in _parts(beside) or (inflected and token.endswith("r")) else other


def _after_adjective(where: Place) -> bool:
    """ "Ett varmt bad": an adjective between the article and the word."""
    return "a" in _parts(where.before[-1]) and where.before[-2:-1] != () and where.before[-2] in _BEFORE_NOUN


def _opening(where: Place, other: str, following: str) -> str | None:
    """A word that opens its clause: a subject before a verb, else a question or a request."""
    if where.listed_after and following == "och":
        return "v" if is_finite(where.listed_after) else other
    if any(map(is_finite, where.after[:2])) or (following == "och" and any(map(is_finite, where.after))):
        return other
    if following in SUBJECTS or following in _OBJECTS:
        return "v"
    if any(map(is_finite, where.after)) or following in _PREPOSITIONS:
        return None
    return "v"


@lru_cache(maxsize=8192)
def _is_infinitive(word: str) -> bool:
    return any(lexeme.part == "v" and lexeme.word == word for lexeme in readings(word))


@lru_cache(maxsize=8192)
def _is_imperative(word: str) -> bool:
    return "v" in _parts(word) and "n" not in _parts(word)


def _small_word_or_noun(where: Place, parts: frozenset[str]) -> str | None:
    if "x" not in parts:
        return None
    previous = (where.before or ("",))[-1]
    return min(parts - {"x"}) if previous in _BEFORE_NOUN else "x"


@cache
def _homographs() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """By form, the words it can belong to and a pattern of what is said near each (homographs.txt)."""
    found: dict[str, Mapping[str, re.Pattern[str]]] = {}
    text = files(__package__).joinpath("homographs.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n")[1:]:
        forms, *lines = block.strip().split("\n")
        meanings = {}
        for line in lines:
            word, _, said = line.partition(": ")
            cues = "|".join(re.escape(cue).replace(r"\$", r"\b") for cue in said.split())
            # At the beginning of a word or of a compound's last part: båt, segelbåt.
            meanings[word] = re.compile(rf"(?:\b|(?<=\w\w\w)(?=\w\w\w))(?:{cues})")
        found |= dict.fromkeys(forms.split(), meanings)
    return found


_NUMBERS = frozenset("alla båda två tre fyra fem sex sju åtta nio tio".split())
_INDEFINITE = frozenset("en min din sin vår er ingen någon varje mogen gul halv brun per".split())


def meant_here(where: Place, token: str, own: frozenset[str]) -> bool | None:
    """Whether a form that two words of one part of speech share belongs to one of `own` here; None when it is none."""
    if token == "satt":
        if own >= {"sitta", "sätta"} or not own & {"sitta", "sätta"}:
            return None
        previous = (where.before or ("",))[-1]
        done = _PERFECT & set(where.before[-4:]) or previous in _COPULAS
        return ("sätta" if done else "sitta") in own
    meanings = _homographs().get(token)
    if meanings is None or not own & meanings.keys() or own >= meanings.keys():
        return None
    return _likeliest(where, token, meanings) in own


def _likeliest(where: Place, token: str, meanings: Mapping[str, re.Pattern[str]]) -> str:
    previous = (where.before or ("",))[-1]
    scores = {word: len(cues.findall(where.nearby)) for word, cues in meanings.items()}
    first, second = meanings
    if token.startswith("stegen") and where.before:  # "den … stegen", "de tre stegen"
        if {"den", "denna"} & set(where.before[-2:]):
            return "stege"
        if {"de", "dessa"} & set(where.before[-3:]) or previous in _NUMBERS:
            return "steg"
    if token.startswith("banan"):
        if previous in _INDEFINITE or "en" in where.before[-3:]:
            return "banan"
        if scores[first] == scores[second]:
            return "bana" if previous in _BEFORE_NOUN - {"med"} or token == "banans" else "banan"
    if token.startswith("tomten") and previous in ("på", "hela", "runt", "över"):
        scores["tomt"] += 1
    return second if scores[second] > scores[first] else first
