"""Judges many texts in one of several ways and prints the verdicts as JSON; test_purity.py runs it in fresh processes.

python tests/purity.py alone|shuffled|deep|threads|workers [SEED]
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from case_files import case_files

from ifeval_fi import check, detect_language
from ifeval_fi.languages import languages
from ifeval_fi.rules.reference.engines import prepare

Question = tuple[str, str, str, dict[str, Any]]
"""Language, rules, instruction id and arguments; the id "" asks for the language of the text."""

TEXTS_A_LANGUAGE, TEXTS_BESIDE = 7, 100
CLITICS = "kin kaan kään ko kö han hän pa pä kos kös pas päs kohan köhän kinko kinkö kinhan kinhän".split()


def questions(code: str) -> list[Question]:
    """Each check of the language with the arguments of one of its cases, by both rules."""
    found: list[Question] = [(code, "", "", {})]
    # Cases of any language do: a Finnish keyword may stand in any prompt.
    for name, cases in (case_files("fi") | case_files(code)).items():
        native = name.startswith("fi:")
        if native and code != "fi":
            continue
        for rules in (languages()[code].own_rules, *([] if native else ["reference"])):
            found.append((code, rules, name, Random(f"{name} {rules}").choice(cases).kwargs))
    return [*found, (code, languages()[code].own_rules, "keywords:existence", {"keywords": ["hyvä"]})]


def hostile() -> list[str]:
    """Texts that fill memories and reach limits."""
    words = sorted({word for cases in case_files("fi").values() for case in cases for word in case.response.split()})
    words = [word.lower() for word in words if word.isalpha()][:3000]
    return [
        *(" ".join(form + clitic for form in ("hyvin", "hyvän", "hyvää", "hyviä", "hyvissä") for clitic in part)
          for part in (CLITICS[:7], CLITICS[7:], CLITICS)),
        *(" ".join(word + clitic for word in words) for clitic in CLITICS[:6]),
        " ".join(f"{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676)}" for i in range(17_000)),
    ]  # fmt: skip


def limits() -> list[str]:
    """Texts whose verdict a stack, a setting or a memory could decide."""
    return [
        "hyvin hyvin hyvin",
        *("[" * depth + "]" * depth for depth in (50, 300, 600, 799, 801, 990, 20_000)),
        *('{"a":' * depth + "1" + "}" * depth for depth in (400, 900)),
        *("1" * digits for digits in (600, 4300, 4301, 5000)),
        "[" * 700,
        '{"määrä": -' + "9" * 5000 + "}",
        "a" + "\u0301\u0323" * 3000,
        "```\n" * 500 + " " * 5000,
    ]


def texts(code: str) -> list[str]:
    """Answers of the language's cases, in an order that has to do with nothing."""
    responses = sorted({case.response for cases in case_files(code).values() for case in cases})
    return Random(code).sample(responses, min(TEXTS_A_LANGUAGE, len(responses)))


def tasks() -> list[tuple[str, list[Question]]]:
    """Every text with what is asked of it."""
    found = []
    for code in languages():
        asked = questions(code)
        found += [(text, asked) for text in (*(limits() if code == "fi" else ()), *texts(code))]
    # More texts, with two questions each: the answers of every file of cases.
    more = sorted({case.response for cases in case_files("fi").values() for case in cases})
    draw = Random(0)
    asked = questions("fi")
    return found + [(text, draw.sample(asked, 2)) for text in draw.sample(more, min(TEXTS_BESIDE, len(more)))]


def verdict(text: str, question: Question) -> str:
    code, rules, name, kwargs = question
    if not name:
        return repr(detect_language(text))
    return repr(check(name, kwargs, text, language=code, rules=rules))


def alone(tasks: Iterable[tuple[str, list[Question]]]) -> list[list[str]]:
    """Each text in a process that has judged nothing before."""
    answers = []
    for text, asked in tasks:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                json.dump([verdict(text, question) for question in asked], pipe)
                pipe.flush()
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            answers.append(json.load(pipe))
        os.waitpid(child, 0)
    return answers


def deep(frames: int, then: Callable[[], Any]) -> Any:
    """What the call gives from so many frames down."""
    return deep(frames - 1, then) if frames else then()


def mixed(tasks: list[tuple[str, list[Question]]], way: str, seed: int) -> list[list[str]]:
    """Every verdict in a random order, after the hostile texts."""
    places = [(at, place) for at, (_, asked) in enumerate(tasks) for place in range(len(asked))]
    Random(seed).shuffle(places)
    pairs = [(tasks[at][0], tasks[at][1][place]) for at, place in places]
    if way == "workers":
        with multiprocessing.get_context("spawn").Pool(2, flood) as pool:
            given = pool.starmap(verdict, pairs, chunksize=200)
    elif way == "threads":
        flood()
        sys.setswitchinterval(1e-5)
        with ThreadPoolExecutor(8) as pool:
            given = list(pool.map(verdict, *zip(*pairs, strict=True)))
    else:
        flood()
        given = deep(600 if way == "deep" else 0, lambda: [verdict(*pair) for pair in pairs])
    answers = [[""] * len(asked) for _, asked in tasks]
    for (at, place), each in zip(places, given, strict=True):
        answers[at][place] = each
    return answers


def flood() -> None:
    """Judge the hostile texts, and a keyword's rare forms among them."""
    for text in hostile():
        for question in questions("fi"):
            verdict(text, question)


def main() -> None:
    way, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    prepare()
    everything = tasks()
    answers = alone(everything) if way == "alone" else mixed(everything, way, seed)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
