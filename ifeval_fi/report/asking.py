"""How answers were asked for, in words, for every form of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.report.tables import Table, one_line, showable

_IN_A_CELL = 200


def asked(run: Row) -> dict[str, str]:
    """What a run's run.json or the header of its answers tells, by name; nothing of what neither holds."""
    identity, server, started = run.get("identity", {}), run.get("server") or {}, run.get("started")
    engine = identity.get("engine") or {}
    name, version = (engine or server).get("name") or server.get("engine"), (engine or server).get("version")
    decoding = ", ".join(f"{name} {value}" for name, value in identity.get("decoding", {}).items() if value is not None)
    facts = {
        "model": identity.get("model"),
        "begun": f"{started[:16].replace('T', ' ')} UTC" if started else "",
        "server": ", ".join(run.get("transport", {}).get("servers", ())),
        "engine": " ".join(str(each) for each in (name, version) if each),
        "decoding": decoding,
        "samples": identity.get("samples"),
        "system prompt": identity.get("system_prompt"),
        "extra body": dumps(identity["extra_body"]) if identity.get("extra_body") else "",
        "asked with": f"ifeval-fi {identity['package']}" if identity.get("package") else "",
    }
    return {name: showable(str(value)) for name, value in facts.items() if value not in (None, "")}


def asked_sentence(run: Row) -> str:
    """The same on one line; empty where nothing is told."""
    facts = [f"{name} {_short(value)}" for name, value in asked(run).items() if (name, value) != ("samples", "1")]
    return f"Asked: {'; '.join(facts)}." if facts else ""


def asked_table(runs: Mapping[str, Row]) -> Sequence[Table]:
    """The same of several results side by side, by their names; no table where nothing is told of any."""
    told = {name: asked(run) for name, run in runs.items()}
    if all(facts.get("model") == name for name, facts in told.items()):
        told = {name: {fact: value for fact, value in facts.items() if fact != "model"} for name, facts in told.items()}
    names = list(dict.fromkeys(name for facts in told.values() for name in facts))
    if not names:
        return []
    rows = [(name, *(_short(facts.get(name, "–")) for facts in told.values())) for name in names]
    columns = ("", *told) if len(told) > 1 else ("", "this run")
    return [Table("How they were asked" if len(told) > 1 else "How it was asked", columns, rows, left=len(columns))]


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _IN_A_CELL else f"{line[:_IN_A_CELL]}…"
