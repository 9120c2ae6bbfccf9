"""How often each engine names the language of labelled texts, whole and cut short, and at what speed.

    python bench/detect.py [LABELLED.jsonl …]     default: tests/cases and, where present, ../shared/gold

Then which of the neighbours are taken for which, by ours and by langdetect. Bokmål and Nynorsk are both Norwegian
here, since most engines know no more. Engines that are not installed are left out. Last, of the prompts and sample
answers in data/, how many are found not to be in their language: whole, single sentences, and fifteen words in a row;
here Bokmål taken for Nynorsk is wrong. Prints Markdown.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

from ifeval_fi.detection import detect_language, detector_signature, raw_langdetect
from ifeval_fi.detection.natural_text import natural_text
from ifeval_fi.errors import MissingEngine

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEFAULT = (
    ROOT / "tests/cases/languages.jsonl",
    ROOT / "tests/cases/neighbours.jsonl",
    *sorted(ROOT.glob("tests/cases/*/texts.jsonl")),
    *sorted(ROOT.glob("../shared/gold/*-texts.jsonl")),
    ROOT.parent / "shared/gold/languages.jsonl",
)
NEIGHBOURS = ("sv", "da", "no", "et", "fi")
CUTS = (None, 20, 10, 5)
# What a cut of these would keep is not the language of the whole.
MIXED = ("mixed", "names", "terms", "foreign", "hard-fi_intro", "quoted", "code", "json", "csv", "table", "structured")
# Languages of data/, and the tasks there that quote another language or are about one, or hold code or names only.
PLAIN = ("sv", "et", "da", "nb", "fi", "en")
FOREIGN = frozenset({13, 24, 127, 322, 1094, 1242, 1375, 1582, 1675, 1691, 1738, 2417, 2449, 2534, 3557, 3619})
FEWEST, WINDOW = 6, 15  # words of a sentence, and of a window

Row = dict[str, str]


def norwegian(code: str) -> str:
    """The code, with one for all of Norwegian."""
    return "no" if code in ("nb", "nn") else code


def read(path: pathlib.Path) -> list[Row]:
    """The rows with one language; what is right for several tells engines apart by nothing."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    single = [{"tag": "", **row} for row in rows if isinstance(row["expected"], str)]
    return [{**row, "expected": norwegian(row["expected"])} for row in single]


def engines() -> Iterator[tuple[str, Callable[[str], str]]]:
    yield "langdetect 1.0.9, raw (seed 0)", raw_langdetect
    yield "langdetect 1.0.9, lower-cased", lambda text: raw_langdetect(text.lower())
    try:
        yield detector_signature("py3langid"), lambda text: detect_language(text, engine="py3langid").language
        detect_language("hei", engine="py3langid")
    except (MissingEngine, ModuleNotFoundError):
        print("py3langid is not installed", file=sys.stderr)
    yield f"**{detector_signature()}**", lambda text: detect_language(text).language


def cut(rows: list[Row], words: int | None) -> list[Row]:
    """The rows whose text is longer than so many words, cut to them."""
    if words is None:
        return rows
    return [
        {**row, "text": " ".join(row["text"].split()[:words])}
        for row in rows
        if len(row["text"].split()) > words
        and not any(mark in row["tag"] for mark in MIXED)
        and natural_text(" ".join(row["text"].split()[:words]))
    ]


def errors(rows: list[Row], engine: Callable[[str], str]) -> tuple[int, int]:
    """How many texts get another language than theirs, and how many of these cross the line of Finnish."""
    found = [(norwegian(engine(row["text"])), row["expected"]) for row in rows]
    exact = sum(got != expected for got, expected in found)
    return exact, sum((got == "fi") != (expected == "fi") for got, expected in found)


def microseconds(rows: list[Row], engine: Callable[[str], str]) -> float:
    """Processor time of one call on Finnish answers of about 1,500 characters, none of them met before."""
    marks = (*MIXED, "dialect", "old", "spoken", "caps", "poem")
    finnish = [row["text"] for row in rows if row["expected"] == "fi" and not any(mark in row["tag"] for mark in marks)]
    answers, answer = [], ""
    for text in finnish:
        answer += text + "\n\n"
        if len(answer) >= 1_500:
            answers.append(answer[:1_500])
            answer = ""
    engine("Hyvää huomenta!")
    started = time.process_time()
    for text in answers:
        engine(text)
    return (time.process_time() - started) / max(len(answers), 1) * 1e6


def print_confusion(rows: list[Row]) -> None:
    """What texts of each neighbour are taken for, by ours / by langdetect."""
    found = [
        Counter((row["expected"], _column(norwegian(engine(row["text"])))) for row in rows)
        for engine in (lambda text: detect_language(text).language, raw_langdetect)
    ]
    print("\nAll of these; texts of a row's language taken for a column's, by ifeval-fi / by langdetect\n")
    print("| | " + " | ".join((*NEIGHBOURS, "other")) + " | wrong |")
    print("| --- |" + " ---: |" * (len(NEIGHBOURS) + 2))
    for code in NEIGHBOURS:
        cells = [" / ".join(str(table[code, column]) for table in found) for column in (*NEIGHBOURS, "other")]
        wrong = [sum(n for (here, there), n in table.items() if here == code != there) for table in found]
        print(f"| {code} | " + " | ".join(cells) + f" | {wrong[0]} / {wrong[1]} |")


def _column(code: str) -> str:
    return code if code in NEIGHBOURS else "other"


def plain_texts(code: str) -> dict[str, list[str]]:
    """The prompts and sample answers in a language, each text once: whole, their sentences, and windows of words."""
    found: dict[str, dict[str, None]] = {"whole texts": {}, "sentences": {}, "15 words": {}}
    for name, field in (("prompts", "prompt"), ("samples", "response")):
        path = ROOT / "data" / code / f"{name}.jsonl"
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
        for text in (row[field] for row in rows if row["key"] not in FOREIGN):
            words = text.split()
            found["whole texts"][text] = None
            found["sentences"] |= dict.fromkeys(re.split(r"\n|(?<=[.!?:]) +", text))
            windows = (words[start : start + WINDOW] for start in range(0, len(words) - WINDOW + 1, WINDOW))
            found["15 words"] |= dict.fromkeys(map(" ".join, windows))
    return {kind: [text for text in texts if _different_words(text) >= FEWEST] for kind, texts in found.items()}


def _different_words(text: str) -> int:
    return len({word.lower() for word in natural_text(text).split() if word[0].isalpha()})


def print_plain() -> None:
    print("\nPrompts and sample answers found not to be in their language\n")
    print("| plain | whole texts | sentences | 15 words |\n| --- | ---: | ---: | ---: |")
    for code in PLAIN:
        cells = []
        for texts in plain_texts(code).values():
            wrong = sum(not detect_language(text).is_in(code) for text in texts)
            cells.append(f"{wrong} of {len(texts):,} ({wrong / len(texts):.2%})")
        print(f"| {code} | " + " | ".join(cells) + " |")


def main(paths: list[pathlib.Path]) -> None:
    everything: dict[str, Row] = {}
    for path in paths:
        rows = read(path)
        everything |= {row["text"]: row for row in rows}
        sets = [cut(rows, words) for words in CUTS]
        heads = ["whole" if words is None else f"first {words} words" for words in CUTS]
        print(f"\n{path.parent.name}/{path.name}: wrong languages (of these, Finnish or not wrong)\n")
        print("| engine | " + " | ".join(f"{h}, {len(s)}" for h, s in zip(heads, sets, strict=True)) + " | µs a call |")
        print("| --- |" + " ---: |" * (len(sets) + 1))
        for name, engine in engines():
            speed = microseconds(rows, engine)
            wrong = [errors(cutting, engine) for cutting in sets]
            print(f"| {name} | " + " | ".join(f"{a} ({b})" for a, b in wrong) + f" | {speed:,.0f} |")
    print_confusion(list(everything.values()))
    print_plain()


if __name__ == "__main__":
    main([pathlib.Path(name) for name in sys.argv[1:]] or [path for path in DEFAULT if path.exists()])
