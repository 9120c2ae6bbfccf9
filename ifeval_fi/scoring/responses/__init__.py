"""Responses: a run's journal, rows with `key` and `response`, tables, and the logs that other frameworks write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ifeval_fi.errors import ResponseError
from ifeval_fi.files import read_bytes
from ifeval_fi.jsonl import Row, read_rows
from ifeval_fi.prompts import Key
from ifeval_fi.scoring.responses.archive import SIGNATURE
from ifeval_fi.scoring.responses.batch import batch_response, is_batch_line
from ifeval_fi.scoring.responses.inspect_log import InspectLog
from ifeval_fi.scoring.responses.lighteval import details_responses, is_details
from ifeval_fi.scoring.responses.lm_eval import is_sample, lm_eval_responses, sample_run
from ifeval_fi.scoring.responses.pairing import by_key, pair
from ifeval_fi.scoring.responses.places import ANSWERS, answers_file, head_of, json_log
from ifeval_fi.scoring.responses.response import Outcome, Response, judged
from ifeval_fi.scoring.responses.rows import header_of, response_of
from ifeval_fi.scoring.responses.tables import PARQUET, Columns, csv_rows, is_csv, parquet_rows, parquet_table

__all__ = [
    "ANSWERS",
    "Columns",
    "Outcome",
    "Response",
    "ResponseFile",
    "as_responses",
    "by_key",
    "judged",
    "load_responses",
    "pair",
]

Answers = Iterator[tuple[str, Response]]
"""Responses with their places in the file."""


@dataclass(frozen=True)
class ResponseFile:
    """The responses of a file and, where it tells, the identity of the run that they come from.

    `of_all_asked` for the log of another framework that holds all that was asked, `asked` the keys where it names them.
    """

    responses: tuple[Response, ...]
    run: Row | None = None
    asked: tuple[Key, ...] | None = None
    of_all_asked: bool = False


def load_responses(path: str | Path, *, columns: Columns | None = None) -> ResponseFile:
    """The responses of a file; a failed one is superseded by a later line. ResponseError names file, line and key.

    `columns` names those of a CSV or parquet file that are not called key, prompt or response.
    """
    path = answers_file(Path(path))
    reading = _reading(path, columns or Columns())
    latest: dict[tuple[Key, int], Response] = {}
    for where, response in reading.answers:
        place = (response.key, response.sample)
        if place in latest and latest[place].outcome != "failed":
            raise ResponseError(f"{where}, key {response.key}: {_twice(latest[place], response)}")
        latest[place] = response
    if not latest:
        raise ResponseError(f"{path}: holds no responses")
    return ResponseFile(tuple(latest.values()), reading.run, reading.asked, reading.of_all_asked)


class _Reading:
    """The answers of a file, and what it tells of their run, which some files tell on the way."""

    def __init__(self, answers: Answers | None = None) -> None:
        self.answers: Answers = answers or iter(())
        self.run: Row | None = None
        self.asked: tuple[Key, ...] | None = None
        self.of_all_asked = False


def _reading(path: Path, columns: Columns) -> _Reading:
    if is_csv(path.name):
        return _Reading(_of_table(csv_rows(str(path), read_bytes(path, ResponseError), columns)))
    head = head_of(path)
    if head == PARQUET:
        table = parquet_table(str(path), read_bytes(path, ResponseError))
        if is_details(table.column_names) and not columns.named:
            reading = _Reading(details_responses(str(path), table))
            reading.of_all_asked = True
            return reading
        return _Reading(_of_table(parquet_rows(str(path), table, columns)))
    if columns.named:
        raise ResponseError(f"{path}: is no CSV or parquet file, whose columns can be named")
    if head == SIGNATURE:
        return _of_inspect(InspectLog(str(path), read_bytes(path, ResponseError)))
    if (log := json_log(path)) is not None:
        return _of_inspect(InspectLog(str(path), log))
    reading = _Reading()
    reading.answers = _of_rows(path, reading)
    return reading


def _of_table(rows: Iterator[tuple[str, Row]]) -> Answers:
    for where, row in rows:
        response = response_of(row, where)
        yield where, replace(response, key_as_text=isinstance(row.get("key"), str))


def _of_inspect(log: InspectLog) -> _Reading:
    reading = _Reading(log.answers())
    reading.run, reading.asked, reading.of_all_asked = log.run, log.asked, True
    return reading


def _of_rows(path: Path, reading: _Reading) -> Answers:
    for number, row in read_rows(path, ResponseError, constants=True):
        where = f"{path}, line {number}"
        if "run" in row and "key" not in row:
            reading.run = header_of(row["run"], where)
            continue
        found = _responses(row, where)
        if is_sample(row):
            reading.of_all_asked = True
            reading.run = reading.run or sample_run(row, where, samples=len(found))
        for response in found:
            yield where, response


def _responses(row: Mapping[str, Any], where: str) -> list[Response]:
    if is_sample(row):
        return lm_eval_responses(row, where)
    return [batch_response(row, where) if is_batch_line(row) else response_of(row, where)]


def _twice(earlier: Response, later: Response) -> str:
    if earlier.filter == later.filter:
        return "answered already above; keep one"
    return f"answered by the filters {earlier.filter!r:.60} and {later.filter!r:.60}; keep the lines of one filter"


def as_responses(responses: Iterable[Response | Mapping[str, Any]] | Mapping[Key, str]) -> list[Response]:
    """Responses from what a caller has at hand: `Response`s, rows with key and response, or a key-to-text mapping."""
    if isinstance(responses, Mapping):
        responses = [{"key": key, "response": text} for key, text in responses.items()]
    found: list[Response] = []
    for index, each in enumerate(responses):
        if isinstance(each, Response):
            found.append(each)
        elif isinstance(each, Mapping):
            found += _responses(each, f"response {index}")
        else:
            raise ResponseError(f"response {index}: must be a row with key and response, not {each!r:.60}")
    return found
