"""`ifeval-fi list`."""

from __future__ import annotations

from collections import Counter

from ifeval_fi.languages import get_language, languages
from ifeval_fi.languages.names import english_name
from ifeval_fi.prompts import bundled, load_prompts
from ifeval_fi.prompts.hub import KNOWN
from ifeval_fi.report.console import print_tables
from ifeval_fi.report.tables import Table
from ifeval_fi.rules import careful_checks, get_rules


def overview() -> None:
    """List the prompt sets, the rules and the instructions there are, by the names that options take."""
    sets = [load_prompts(name, all_languages=True) for name in bundled()]
    rows = [
        (
            each.source,
            each.name,
            english_name(each.language),
            str(len(each)),
            str(sum(len(p.instructions) for p in each)),
        )
        for each in sets
    ]
    hub = [
        (f"hub:{known.path}" + (f":{known.config}" if known.config else ""), english_name(known.language or ""))
        for known in KNOWN.values()
    ]
    spoken = [get_language(code) for code in sorted(languages())]
    own = [(english_name(each.code), get_rules(each.own_rules, each)) for each in spoken]
    judges = [*own, ("any, by the published code", get_rules("reference", spoken[0]))]
    rules = [(judge.name, whose, judge.version) for whose, judge in judges]
    asked = Counter(instruction.id for each in sets for prompt in each for instruction in prompt.instructions)
    columns = ("name", "version", "language", "prompts", "instructions")
    print_tables(
        [
            Table("Prompt sets, for --prompts", columns, rows, left=3),
            Table('Prompt sets on the hub (extra "hub")', ("name", "language"), hub, left=2),
            Table("Rules, for --rules", ("name", "judge", "version"), rules, left=3),
            Table(
                "Instructions",
                ("id", "in the sets"),
                [(name, str(asked[name])) for name in sorted(careful_checks())],
                note="A prompts file of one's own may use any of them: `ifeval-fi prompts check FILE`.",
            ),
        ]
    )
