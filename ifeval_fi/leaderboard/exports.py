"""The board for other programs: CSV, JSON, an Atom feed, and Every Eval Ever records."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import datetime, timezone
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.leaderboard.board import SCORE, Board, Standing
from ifeval_fi.leaderboard.texts import set_name, texts
from ifeval_fi.report.tables import csv_text, one_line, showable
from ifeval_fi.scoring import RATES
from ifeval_fi.scoring.signature import parse_signature

EEE_VERSION = "0.2.1"
_MODEL = (
    *("revision", "parameters_b", "base_model", "license", "open_weights", "open_data", "open_code"),
    *("developer", "country", "eu", "released", "trained_on_ifeval"),
)
_ATOM = "http://www.w3.org/2005/Atom"


def _record(each: Standing, board: Board) -> Row:
    row: Row = {
        "prompts": board.prompts.name,
        "model": each.baseline or each.name,
        "run": each.run_name,
        "kind": "baseline" if each.baseline else "entry",
        "rank_best": each.ranks[0] if each.ranks else None,
        "rank_worst": each.ranks[1] if each.ranks else None,
    }
    for name in RATES:
        low, high = each.summary.get(f"{name}_ci95", (None, None))
        row |= {name: each.summary.get(name), f"{name}_low95": low, f"{name}_high95": high}
    row["english_inst_level_strict_acc"] = each.english.score if each.english else None
    row |= {"nordic_mean": each.nordic, "public_minus_hidden": each.hidden_gap, "truncated": each.truncated}
    row["found_elsewhere"] = each.found.elsewhere if each.entry else None
    row["say_little_of_their_own"] = len(each.found.nothing) / each.summary["counts"]["scored"] if each.entry else None
    row |= {name: each.model.get(name) for name in _MODEL}
    row |= {name: each.entry.get("setup", {}).get(name) for name in ("quantisation", "server", "server_version")}
    row |= {name: each.entry.get("setup", {}).get(name) for name in ("hardware", "reasoning", "tokens_per_second")}
    row |= {
        "fits_workstation": each.fits_workstation if each.entry else None,
        "started": each.moment,
        "reproduced": each.reproduced if each.entry else None,
        "signature": each.summary["signature"],
    }
    return row


def csv_download(boards: Sequence[Board], *, local: bool = False) -> str:
    """One row an entry or baseline, board by board; a cell is empty where there is no number.

    `local` is what a spreadsheet opens right where the decimal mark is a comma: semicolons, commas, a byte order mark.
    """
    rows = [_record(each, board) for board in boards for each in board.rows]
    if not local:
        return csv_text(rows)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    names, *lines = csv.reader(io.StringIO(csv_text(rows)))
    # A server's version "0.9" is no number.
    measured = [any(isinstance(row[name], float) for row in rows) for name in names]
    writer.writerow(names)
    for cells in lines:
        writer.writerow([c.replace(".", ",") if number else c for c, number in zip(cells, measured, strict=True)])
    return "\ufeff" + out.getvalue()


def json_download(boards: Sequence[Board]) -> str:
    """The same rows, with the categories, as JSON."""
    rows = [
        _record(each, board)
        | {"categories": {name: fields["strict_acc"] for name, fields in each.summary["by_category"].items()}}
        for board in boards
        for each in board.rows
    ]
    return dumps({"schema": 1, "prompts": boards[0].prompts.name, "rows": rows}, indent=1) + "\n"


def atom_feed(boards: Sequence[Board], url: str | None = None) -> str:
    """New, corrected and reproduced entries, newest first; moments are those of the runs.

    Links are below `url`, where the site is published; without it there are none, for a reader resolves no others.
    """
    feed = Xml.Element("feed", {"xmlns": _ATOM, "xml:lang": "fi"})
    changes = sorted(_changes(boards), key=lambda change: (change[0], change[1]), reverse=True)
    words = texts("fi")
    base = url.rstrip("/") + "/" if url else None
    _add(feed, "title", f"{words['site']}: {words['title']}")
    _add(feed, "id", _urn("feed"))
    _add(feed, "updated", changes[0][0] if changes else "1970-01-01T00:00:00Z")
    _add(_add(feed, "author"), "name", "ifeval-fi")
    if base:
        Xml.SubElement(feed, "link", {"rel": "self", "href": f"{base}feed.xml"})
    for moment, name, place, title, text in changes:
        item = _add(feed, "entry")
        _add(item, "title", title)
        _add(item, "id", _urn(name))
        _add(item, "updated", moment)
        if base:
            Xml.SubElement(item, "link", {"rel": "alternate", "href": f"{base}models/{quote(place)}/index.html"})
        _add(item, "summary", text)
    Xml.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(feed, encoding="unicode") + "\n"


def _changes(boards: Sequence[Board]) -> list[tuple[str, str, str, str, str]]:
    """Moment, identifier, place, title and text of every change."""
    words, found = texts("fi"), []
    for each in (each for board in boards for each in [*board.entries, *board.superseded]):
        asked = set_name(each.set, "fi")
        title = f"{one_line(each.name)} ({asked}): {_comma(100 * each.score)} %"
        text = words["supersedes"].format(run=each.entry["supersedes"]) if "supersedes" in each.entry else ""
        plain = f"{each.run_name}, {one_line(each.model['developer'])}. {one_line(each.entry.get('note', ''))}".strip()
        found.append((each.moment or "", each.place, each.place, title, f"{text} {plain}".strip()))
        for record in each.records:
            why = words["reproduced_why"].format(**record)
            moment = f"{record['date']}T00:00:00Z"
            found.append((moment, f"{each.place}/reproduced/{record['date']}", each.place, title, why))
    return found


def _comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _add(parent: Xml.Element, name: str, text: str = "") -> Xml.Element:
    child = Xml.SubElement(parent, name)
    child.text = showable(text) or None
    return child


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'ifeval-fi:leaderboard:{name}')}"


def every_eval_ever(each: Standing) -> Row:
    """The entry as a record of Every Eval Ever's schema 0.2.1.

    Scores are third-party results: they were computed here, whoever ran the model.
    """
    moment = datetime.strptime(each.moment or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    seconds = str(int(moment.timestamp()))
    model, setup = each.model, each.entry["setup"]
    facts = {name: model[name] for name in _MODEL} | {"quantisation": setup["quantisation"]}
    return {
        "schema_version": EEE_VERSION,
        "evaluation_id": f"ifeval-fi/{model['id']}/{each.run_name}/{seconds}",
        "dedupe_identity": {"content_hash": _content_hash(each), "hash_algorithm": "sha256"},
        "evaluation_timestamp": seconds,
        "retrieved_timestamp": seconds,
        "source_metadata": {
            "source_name": "IFEval-fi leaderboard",
            "source_type": "evaluation_run",
            "source_organization_name": "ifeval-fi",
            "evaluator_relationship": "third_party",
            "additional_details": {"re-scored": "true", "reproduced": str(each.reproduced).lower()},
        },
        "eval_library": {
            "name": "ifeval-fi",
            "version": parse_signature(each.summary["signature"])["version"],
            "additional_details": {"signature": each.summary["signature"]},
        },
        "model_info": {
            "name": model["id"],
            "id": model["id"],
            "developer": model["developer"],
            "inference_engine": {"name": setup["server"], "version": setup["server_version"]},
            "additional_details": {name: _word(value) for name, value in facts.items() if value is not None},
        },
        "evaluation_results": [_result(each, name) for name in RATES if name in each.summary],
    }


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _content_hash(each: Standing) -> str:
    content = f"{each.entry['answers_sha256']} {each.summary['signature']}"
    return hashlib.sha256(content.encode()).hexdigest()


def _result(each: Standing, name: str) -> Row:
    low, high = each.summary[f"{name}_ci95"]
    uncertainty: Row = {
        "confidence_interval": {"lower": low, "upper": high, "confidence_level": 0.95, "method": "Wilson, clustered"},
        "num_samples": each.summary["counts"]["scored"],
    }
    if f"{name}_stderr" in each.summary:
        uncertainty["standard_error"] = {"value": each.summary[f"{name}_stderr"], "method": "clustered by prompt"}
    decoding, reasoning = each.run["decoding"], each.entry["setup"]["reasoning"] == "on"
    arguments = {key: value for key, value in decoding.items() if key != "seed" and value is not None}
    return {
        "evaluation_name": f"IFEval-fi {name}",
        "source_data": {"dataset_name": each.run["prompts"]["name"], "source_type": "other"},
        "metric_config": {
            "evaluation_description": "The headline" if name == SCORE else name.replace("_", " "),
            "lower_is_better": False,
            "score_type": "continuous",
            "min_score": 0.0,
            "max_score": 1.0,
        },
        "score_details": {"score": each.summary[name], "uncertainty": uncertainty},
        "generation_config": {"generation_args": arguments | {"reasoning": reasoning}},
    }
