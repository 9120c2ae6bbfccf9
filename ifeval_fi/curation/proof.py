"""What a program can prove of a prompt set: schema, arguments, satisfiability, language, typography, duplicates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ifeval_fi.curation.satisfy import conflict, satisfying_text
from ifeval_fi.detection import detect_language
from ifeval_fi.detection.word_languages import known_languages
from ifeval_fi.errors import PromptError
from ifeval_fi.jsonl import read_rows
from ifeval_fi.languages import Language, get_language
from ifeval_fi.prompts import Key, Prompt, bundled_folder, is_key, language_of, load_prompts, parse_prompt
from ifeval_fi.prompts.spoken import spoken_language
from ifeval_fi.rules import get_rules
from ifeval_fi.scoring import judge_response
from ifeval_fi.scoring.responses import Response, load_responses
from ifeval_fi.text import collapse, nfc

if TYPE_CHECKING:
    from importlib.abc import Traversable

LITERAL = ("word", "first_part", "prompt_to_repeat", "end_phrase", "first_word", "section_spliter", "postscript_marker")
WORDS = ("keyword", "keywords", "forbidden_words", "words")


# How a Finnish prompt says the choices that native instructions offer.
SAID = {
    "vowels": {"front": "etuvok", "back": "takavok"},
    "case": {
        name: name[:-1]
        for name in (
            "nominatiivi genetiivi partitiivi essiivi translatiivi inessiivi elatiivi illatiivi adessiivi ablatiivi "
            "allatiivi abessiivi komitatiivi instruktiivi"
        ).split()
    },
    "number": {"yksikkö": "yksikö|yksikk", "monikko": "monik"},
    "clitic": {"kin": r"-kin\b", "kaan": r"-kaan\b", "han": r"-han\b", "pa": r"-pa\b"},
    "style": {"teitittely": "teititt", "sinuttelu": "sinut"},
    "pattern": {
        "growing": "pitene|kasva|enemmän sanoja",
        "shrinking": "lyhene|vähemmän sanoja",
        "equal": "yhtä monta|yhtä pit|sama määrä",
    },
    "kinds": {"date": "päivä|päiväy|pvm", "time": "kello|klo", "decimal": "desimaali"},
    "unit": {"line": "rivi|rive|sä[ek]", "sentence": "virk"},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is known to be wrong with one row and stays; a finding of this kind in this row is no news."""

    key: Key
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one row, and what to do about it; `kind` is what a known fault is matched by."""

    key: Key | None
    problem: str
    advice: str
    kind: str = "row"


def check_prompts(source: str = "fi", *, language: str | None = None) -> tuple[int, list[Finding]]:
    """The number of rows and every finding that is no known fault, in the order of the rows.

    A row is shown to be satisfiable by its sample answer (samples.jsonl beside the prompts), else by a text
    built from its arguments. PromptError only when the file cannot be read at all.
    """
    path, code = _file(source, language)
    spoken = get_language(code)
    prompts, findings = _parse(path, code)
    if not findings:
        load_prompts(source, language=language)
    samples = _samples(path)
    seen: dict[str, Key] = {}
    for prompt in prompts:
        for kind, problem, advice in problems(prompt, spoken, samples):
            findings.append(Finding(prompt.key, problem, advice, kind))
        twin = seen.setdefault(collapse(prompt.text), prompt.key)
        if twin != prompt.key:
            findings.append(Finding(prompt.key, f"same text as {twin}", "reword or remove one of them", "duplicate"))
    return len(prompts), _unknown(findings, known_faults(source), {prompt.key for prompt in prompts})


def known_faults(source: str = "fi") -> list[Fault]:
    """The faults that the set keeps on purpose (faults.jsonl beside the prompts), e.g. those of what it must equal."""
    path = _file(source, None)[0]
    beside = path.parent / "faults.jsonl" if isinstance(path, Path) else None
    if beside is None or not beside.is_file():
        return []
    faults = []
    for number, row in read_rows(beside, PromptError):
        if set(row) != {"key", "kind", "what"}:
            raise PromptError(f"{beside}, line {number}: a known fault has key, kind and what, and nothing else")
        if not (is_key(row["key"]) and isinstance(row["kind"], str) and isinstance(row["what"], str)):
            raise PromptError(f"{beside}, line {number}: key is a row's key, kind and what are texts")
        faults.append(Fault(**row))
    return faults


def _unknown(findings: list[Finding], faults: list[Fault], keys: set[Key]) -> list[Finding]:
    """The findings that no known fault of the row foretells, and the known faults of rows that are not there."""
    known = {(fault.key, fault.kind) for fault in faults}
    gone = [Finding(fault.key, "a known fault of no row", "remove it from faults.jsonl") for fault in faults]
    return [each for each in findings if (each.key, each.kind) not in known] + [
        each for each in gone if each.key not in keys
    ]


def _file(source: str, language: str | None) -> tuple[Path | Traversable, str]:
    folder = None if Path(source).is_file() else bundled_folder(source)
    if folder is not None:
        return folder / "prompts.jsonl", language_of(folder.name)
    path = Path(source)
    if language is None:
        texts = [row["prompt"] for _, row in read_rows(path, PromptError) if isinstance(row.get("prompt"), str)]
        language = spoken_language(texts, file=str(path)) if texts else "fi"
    return path, language


def _parse(path: Path | Traversable, language: str) -> tuple[list[Prompt], list[Finding]]:
    prompts: dict[Key, Prompt] = {}
    findings = []
    for number, row in read_rows(path, PromptError):
        key = row["key"] if is_key(row.get("key")) else None
        try:
            prompt = parse_prompt(row, language)
        except PromptError as problem:
            findings.append(Finding(key, f"line {number}: {problem}", "mend the row's fields or arguments"))
            continue
        if prompt.key in prompts:
            findings.append(Finding(key, f"line {number}: the key is used twice", "give each row a key of its own"))
        prompts[prompt.key] = prompt
    return list(prompts.values()), findings


def _samples(path: Path | Traversable) -> dict[Key, str]:
    beside = path.parent / "samples.jsonl" if isinstance(path, Path) else None
    if beside is None or not beside.is_file():
        return {}
    return {each.key: each.text for each in load_responses(beside).responses}


Problem = tuple[str, str]


def problems(prompt: Prompt, language: Language, samples: Mapping[Key, str]) -> Iterator[tuple[str, str, str]]:
    """The kind of each problem, what it is and what to do about it."""
    found = {"argument": (_arguments, _numbers), "language": (_language,), "typography": (_typography,)}
    for kind, finders in found.items():
        for find in finders:
            yield from ((kind, *problem) for problem in find(prompt, language))
    yield from (("contradiction", *problem) for problem in _unsatisfied(prompt, language, samples))


def _unsatisfied(prompt: Prompt, language: Language, samples: Mapping[Key, str]) -> Iterator[Problem]:
    sample = samples.get(prompt.key)
    if sample is not None:
        rules = get_rules(language.own_rules, language)
        verdicts = judge_response(prompt, Response(prompt.key, sample), rules, language, langdetect=False)
        for instruction, followed, found in zip(prompt.instructions, verdicts.strict, verdicts.found, strict=True):
            if not followed:
                yield (
                    f"the sample answer fails {instruction.id}: {found}",
                    "mend the sample, or the row if none can pass",
                )
    elif satisfying_text(prompt) is None:
        names = " + ".join(instruction.id for instruction in conflict(prompt))
        yield f"no text was found that follows {names}", "change the arguments, or show with a sample that one can"


def _arguments(prompt: Prompt, language: Language) -> Iterator[Problem]:
    """Words, phrases and markers that the prompt does not say."""
    text = nfc(prompt.text)
    folded = collapse(text)
    for instruction in prompt.instructions:
        for name, value in instruction.kwargs.items():
            if name in WORDS:
                for word in value if isinstance(value, tuple) else (value,):
                    if not language.occurrences(text, word):
                        yield f"{instruction.id}: “{word}” is not in the prompt", "name it, or mend the argument"
            elif said := SAID.get(name):
                for choice in value if isinstance(value, tuple) else (value,):
                    if not re.search(said[choice], folded):
                        yield f"{instruction.id}: {name} {choice} is not in the prompt", "say it in the prompt"
            elif name == "letter" and not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.IGNORECASE):
                yield f"letter “{value}” is not named in the prompt", "name it on its own, e.g. kirjain ”ä”"
            elif name in LITERAL:
                literal = value in text if name not in ("first_word", "word") else collapse(value) in folded
                if not literal:
                    yield (
                        f"{name} “{value[:60]}” is not a part of the prompt",
                        "make prompt and argument agree to the letter",
                    )


def _numbers(prompt: Prompt, language: Language) -> Iterator[Problem]:
    """Numbers that the prompt does not say.

    "At least 11" may be said as "more than 10", "less than 11" as "at most 10" or as the end of a range.
    """
    ids = [instruction.id for instruction in prompt.instructions]
    folded = collapse(prompt.text)
    for instruction in prompt.instructions:
        relation = next((value for name, value in instruction.kwargs.items() if name.endswith("relation")), None)
        for name, value in instruction.kwargs.items():
            if isinstance(value, tuple) and isinstance(value[0], int):
                for number in value:
                    if not _says(prompt.text, number, language):
                        yield f"{instruction.id}: {name} {number} is not in the prompt", "say the number"
            if not isinstance(value, int):
                continue
            wordings = {"at least": language.more_than, "less than": language.at_most}.get(relation or "", ())
            beside = any(wording in folded for wording in wordings)
            beside |= relation == "less than" and ids.count(instruction.id) > 1
            accepted = (value, value - 1) if beside else (value,)
            if not any(_says(prompt.text, number, language) for number in accepted) and not _implied(value, relation):
                yield f"{instruction.id}: {name} {value} is not in the prompt", "say the number in digits or words"


def _implied(value: int, relation: str | None) -> bool:
    """ "Some" is "at least one", "none" is "less than one": no number need be said."""
    return value == 1 and relation in (None, "at least", "less than")


def _says(text: str, number: int, language: Language) -> bool:
    digits = f"{number:,}".replace(",", "[ \u00a0]?")
    if re.search(rf"(?<![\d,.]){digits}(?!\d)", text):
        return True
    return any(language.occurrences(text, word) for word in language.numerals.get(number, ()))


def _language(prompt: Prompt, language: Language) -> Iterator[Problem]:
    if language.code not in known_languages():
        return
    detected = detect_language(prompt.text)
    if not detected.is_in(language.code):
        yield f"the prompt is in {detected.language}, not {language.code}", "translate it"
        return
    foreign = {code: share for code, share in detected.shares.items() if code == "en" and share >= 0.25}
    if foreign and language.code != "en":
        yield f"{foreign['en']:.0%} of the words look English", "translate what is left over"


_TYPOGRAPHY: tuple[tuple[str, str, str], ...] = (
    (r"\S  +\S", "two spaces in a row", "keep one"),
    (r"\A\s|\s\Z", "white space at the start or end", "remove it"),
    (r"[ \t]\n", "white space at the end of a line", "remove it"),
    (r"\w [,;:!?](?=\s|$)", "a space before a punctuation mark", "remove it"),
    ("\u00a0\u00a0|\u200b|\ufeff|\ufffd", "an invisible or broken character", "remove it"),
)


def _typography(prompt: Prompt, language: Language) -> Iterator[Problem]:
    if not unicodedata.is_normalized("NFC", prompt.text):
        yield "not in Unicode normal form C", "save the text as NFC"
    for pattern, problem, advice in _TYPOGRAPHY + language.typography:
        if match := re.search(pattern, prompt.text):
            yield f"{problem}: “{prompt.text[max(0, match.start() - 10) : match.end() + 10]}”", advice
