"""The questions whose answers make an entry.json: what people type is understood, and what is wrong said in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from jsonschema import Draft202012Validator
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from ifeval_fi.files import read_text
from ifeval_fi.jsonl import Row
from ifeval_fi.languages.names import english_name
from ifeval_fi.leaderboard.entry import (
    ENTRY_SCHEMA,
    SubmissionError,
    date_problem,
    id_problem,
    name_problem,
    strict_json,
)
from ifeval_fi.leaderboard.texts import LANGUAGES, texts
from ifeval_fi.leaderboard.verify import license_problem
from ifeval_fi.resources import resource

BACK = "<"
UNKNOWN = "ORGANISATION/"

_YES = {"yes": True, "y": True, "kyllä": True, "joo": True, "ja": True, "jah": True, "k": True}
_NO = {"no": False, "n": False, "ei": False, "nej": False, "nei": False, "e": False}
# ISO 3166-1 alpha-2.
_COUNTRIES = frozenset(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split()
)
_EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
_COUNTRY_NAMES = {
    name: code
    for code, names in {
        "AE": "united arab emirates/arabiemiraatit", "AT": "austria/itävalta/österreich", "AU": "australia",
        "BE": "belgium/belgia", "CA": "canada/kanada", "CH": "switzerland/sveitsi/schweiz", "CN": "china/kiina",
        "CZ": "czechia/tšekki", "DE": "germany/saksa/deutschland/tyskland", "DK": "denmark/tanska/danmark",
        "EE": "estonia/viro/eesti/estland", "ES": "spain/espanja/spanien", "FI": "finland/suomi",
        "FR": "france/ranska/frankrike", "GB": "united kingdom/uk/great britain/iso-britannia", "GR": "greece/kreikka",
        "HU": "hungary/unkari", "IE": "ireland/irlanti", "IL": "israel", "IN": "india/intia",
        "IS": "iceland/islanti/ísland", "IT": "italy/italia", "JP": "japan/japani",
        "KR": "south korea/korea/etelä-korea",
        "LT": "lithuania/liettua", "LV": "latvia", "NL": "netherlands/the netherlands/alankomaat/hollanti",
        "NO": "norway/norja/norge", "PL": "poland/puola", "PT": "portugal/portugali", "RU": "russia/venäjä",
        "SA": "saudi arabia", "SE": "sweden/ruotsi/sverige", "SG": "singapore", "UA": "ukraine/ukraina",
        "US": "united states/usa/united states of america/yhdysvallat",
    }.items()
    for name in names.split("/")
}  # fmt: skip


def _languages() -> dict[str, str]:
    """Names of languages, in English and in the site's languages, with their codes."""
    named = {english_name(code): code for code in map("".join, product(ascii_lowercase, repeat=2))}
    named |= {texts(site)[f"in_{code}"]: code for site in LANGUAGES for code in LANGUAGES}
    return {name.lower(): code for name, code in named.items()}


def _yes(text: str) -> bool:
    answers = _YES | _NO
    if text.lower() not in answers:
        raise ValueError("answer yes or no")
    return answers[text.lower()]


def _number(text: str) -> float | None:
    if not text:
        return None
    # "8", "8,5", "70B", "350M", "1.5 T"
    found = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([MBT]?)(?:rd|ld)?", text.strip(), re.IGNORECASE)
    if not found:
        raise ValueError("write a number such as 8 or 8,5; 70B and 350M are understood too")
    scale = {"M": 1e-3, "B": 1.0, "T": 1e3, "": 1.0}[found[2].upper()]
    return float(f"{float(found[1].replace(',', '.')) * scale:.6g}")


def _speed(text: str) -> float | None:
    # "41", "41,5", "about 41.5 tok/s"
    found = re.search(r"\d+(?:[.,]\d+)?", text)
    if text and not found:
        raise ValueError("write a number such as 41,5")
    return float(found[0].replace(",", ".")) if found else None


def _text(text: str) -> str | None:
    return text or None


def _id(text: str) -> str:
    if id_problem(text) or text.startswith(UNKNOWN):
        raise ValueError("write the organisation and the name with a slash between, e.g. LumiOpen/Poro-2-8B")
    return text


def _base(text: str) -> str | None:
    return _id(text) if text else None


def _license(text: str) -> str:
    if not text:
        raise ValueError("an answer is needed")
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        near = _licences_like(text)
    if len(near) == 1:
        return near[0]
    hint = f"; near it are {', '.join(near)}" if near else ""
    raise ValueError(f"{license_problem(text)}{hint}")


def _licences_like(text: str) -> list[str]:
    """Identifiers that a person may have meant: "apache 2" is Apache-2.0, "gpl 3" one of two, "mit license" is MIT."""
    from packaging.licenses._spdx import LICENSES

    known = {name: each["id"] for name, each in LICENSES.items() if not each["deprecated"]}
    spaced = re.sub(r"(?<=[a-z])(?=\d)", " ", re.sub(r"\b(?:licen[sc]e|version|the|v(?=\d))", " ", text.lower()))
    plain = "-".join(spaced.split())
    if plain in known:
        return [known[plain]]
    begun = [known[name] for name in sorted(known) if re.match(rf"{re.escape(plain)}(?![a-z\d])", name)]
    return begun[:5] if plain and begun else [known[name] for name in get_close_matches(plain, known, n=3, cutoff=0.7)]


def _country(text: str) -> str:
    code = _COUNTRY_NAMES.get(text.lower(), text.upper())
    if code not in _COUNTRIES:
        raise ValueError(f"no country is known as {text[:40]!r}; write its name in English or two letters, e.g. FI")
    return code


def _codes(text: str) -> list[str]:
    known = _languages()
    found = []
    for word in re.split(r"[\s,;]+", text.strip(" ,;")):
        code = known.get(word.lower(), word.lower())
        if not re.fullmatch("[a-z]{2,3}", code):
            raise ValueError(f"{word[:40]!r} is no language; write codes or names with commas between, e.g. fi, sv, en")
        found.append(code)
    return list(dict.fromkeys(found))


def _date(text: str) -> str:
    for form in ("%d.%m.%Y", "%d/%m/%Y"):
        try:
            text = datetime.strptime(text, form).strftime("%Y-%m-%d")
        except ValueError:
            continue
    if wrong := date_problem(text):
        raise ValueError(wrong)
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"answer {', '.join(words[:-1])} or {words[-1]}")
        return text.lower()

    return parse


def _run_name(text: str) -> str | None:
    if text and (wrong := name_problem(text)):
        raise ValueError(f"the run's name {wrong}")
    return text or None


QUESTIONS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("model.id", "Model, as organisation/name", _id),
    ("model.revision", "Revision of the weights (commit, tag or hash; date of use for a cloud model)", str),
    ("model.parameters_b", "Parameters in thousands of millions, e.g. 8.0 (empty: not published)", _number),
    ("model.base_model", "Base model, as organisation/name (empty: none)", _base),
    ("model.license", "Licence (SPDX identifier, e.g. Apache-2.0; LicenseRef-… for others)", _license),
    ("model.open_weights", "Are the weights open? yes/no", _yes),
    ("model.open_data", "Is the training data open? yes/no", _yes),
    ("model.open_code", "Is the training code open? yes/no", _yes),
    ("model.developer", "Developer", str),
    ("model.country", "Country of the developer, e.g. Finland or FI", _country),
    ("model.eu", "Made in the European Union? yes/no", _yes),
    ("model.languages", "Languages, e.g. fi, sv, en", _codes),
    ("model.released", "Released, e.g. 2025-01-31 or 31.1.2025", _date),
    ("model.trained_on_ifeval", "Trained on IFEval-like data? yes/no/unknown", _one_of("yes", "no", "unknown")),
    ("setup.quantisation", "Quantisation (empty: none)", _text),
    ("setup.server", "Server, e.g. vLLM", str),
    ("setup.server_version", "Its version", str),
    ("setup.hardware", "Hardware, e.g. 1 × H100 80 GB", str),
    ("setup.reasoning", "Reasoning: on/off/none", _one_of("on", "off", "none")),
    ("setup.tokens_per_second", "Tokens a second (empty: not measured)", _speed),
    ("contact", "Contact (name, e-mail or page)", str),
    ("note", "Note for readers (empty: none)", _text),
    ("supersedes", "Earlier run of this model that this one corrects (empty: none)", _run_name),
)
OPTIONAL = ("note", "supersedes")

Ask = Callable[[str, str], str]


def ask_entry(
    ask: Ask,
    say: Callable[[str], object],
    known: Row,
    answered: Row | None = None,
    keep: Callable[[Row], object] = lambda _: None,
) -> Row:
    """The metadata of an entry: `ask` gets a question and the answer that `known` suggests, `say` what is wrong.

    `answered` holds what was typed before an interruption, by question; `keep` gets the same after every answer.
    "<" goes back to the question before.
    """
    schema = json.loads(resource("schemas", ENTRY_SCHEMA).read_text("utf-8"))
    typed: Row = {place: text for place, text in (answered or {}).items() if isinstance(text, str)}
    values: Row = {}
    at = 0
    again = False
    while at < len(QUESTIONS):
        place, question, parse = QUESTIONS[at]
        if place in typed and not again:
            text = typed[place]
        else:
            text = ask(question, typed.get(place) or _suggested(place, known, values)).strip()
            if text == BACK:
                at, again = max(0, at - 1), True
                continue
        try:
            values[place] = _checked(schema, place, parse(text))
        except ValueError as problem:
            say(f"Not understood: {problem}")
            typed.pop(place, None)
            continue
        typed[place], again, at = text, False, at + 1
        keep(typed)
    entry: Row = {"schema": 1, "model": {}, "setup": {}}
    for place, value in values.items():
        group, _, name = place.rpartition(".")
        if place not in OPTIONAL or value is not None:
            (entry[group] if group else entry)[name] = value
    return entry


def _suggested(place: str, known: Row, values: Row) -> str:
    if place == "model.eu" and "model.country" in values:
        return "yes" if values["model.country"] in _EU else "no"
    return str(known.get(place, ""))


def _checked(schema: Row, place: str, value: Any) -> Any:
    """The value; ValueError in words when the schema does not allow it."""
    group, _, name = place.rpartition(".")
    rules = (schema["properties"][group] if group else schema)["properties"][name]
    if place in OPTIONAL and value is None:
        return None
    for problem in Draft202012Validator(rules).iter_errors(value):
        if problem.validator == "minLength":
            raise ValueError("an answer is needed")
        if problem.validator == "maxLength":
            raise ValueError(f"at most {problem.validator_value} characters")
        raise ValueError("this cannot be: too small, too large or too many")
    return value


def known_of_run(run: Path) -> Row:
    """Suggested answers from what a run folder knows of its server and model."""
    try:
        settings = strict_json(read_text(run / "run.json", SubmissionError))
        identity, server = settings["identity"], settings["server"]
        engine = identity["engine"] or {}
        known = {
            "model.id": identity["model"] if "/" in identity["model"] else UNKNOWN + identity["model"],
            "model.revision": engine.get("model_sha256", "")[:12],
            "setup.server": engine.get("name") or server["engine"],
            "setup.server_version": engine.get("version") or server["version"],
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SubmissionError(f"{run / 'run.json'}: is not what `ifeval-fi run` writes") from None
    if known["model.id"].startswith(UNKNOWN) and id_problem(known["model.id"]):
        del known["model.id"]
    return {place: value for place, value in known.items() if value}
