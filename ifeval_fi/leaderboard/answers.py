"""The page of every answer of an entry, in the language of whoever reads it: one file, the words of all inside."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from urllib.parse import quote

from jinja2 import Environment, Template
from markupsafe import Markup

from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.leaderboard.texts import LANGUAGE_NAMES, texts
from ifeval_fi.prompts import PromptSet
from ifeval_fi.report.tables import one_line, showable
from ifeval_fi.resources import resource
from ifeval_fi.scoring import Scores
from ifeval_fi.scoring.responses import Response

_UNSAFE = re.compile("[<>&\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_WORDS = re.compile("a_|id_|answers|back|language|skip|site|search|any|clear|board")


def answers_page(name: str, place: str, prompts: PromptSet, scores: Scores, responses: Sequence[Response]) -> str:
    """The page of one entry; it lies two folders below the site's root, and `#in=sv` makes it Swedish."""
    given = {(each.key, each.sample): each.text for each in responses}
    rows: list[Row] = [
        {
            "key": each.prompt.key,
            "sample": each.sample,
            "prompt": each.prompt.text,
            "response": given[each.prompt.key, each.sample],
            "cut": each.outcome == "truncated",
            "verdicts": [
                [instruction.id, strict, loose, found]
                for instruction, strict, loose, found in zip(
                    each.prompt.instructions, each.strict, each.loose, each.found, strict=True
                )
            ],
        }
        for each in scores.verdicts
    ]
    data = {
        "language": prompts.language,
        "model": quote(f"models/{place}/index.html"),
        "rows": rows,
    }
    style = resource("report", "templates", "style.css").read_text("utf-8") + _file("board.css")
    return _template().render(
        name=showable(one_line(name)),
        languages=LANGUAGE_NAMES,
        instructions=sorted({each.id for prompt in prompts for each in prompt.instructions}),
        data=Markup(_script_json(data)),
        words=Markup(_words()),
        style=Markup(style),
        style_hash=_hash(style),
        script=Markup(_file("answers.js")),
        script_hash=_hash(_file("answers.js")),
    )


@cache
def _words() -> str:
    return _script_json(
        {code: {key: text for key, text in texts(code).items() if _WORDS.match(key)} for code in LANGUAGE_NAMES}
    )


def _script_json(value: object) -> str:
    """JSON that no text can break out of inside a script element."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", dumps(value))


@cache
def _template() -> Template:
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_file("answers.html.j2"))


@cache
def _file(name: str) -> str:
    return resource("leaderboard", "templates", name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
