"""Inspect's logs: `.eval`, an archive with a file a sample, and the same as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ifeval_fi.errors import PromptError, ResponseError
from ifeval_fi.jsonl import Row, loads
from ifeval_fi.prompts import FIELDS, Key, is_key, parse_prompt
from ifeval_fi.scoring.messages import UnknownShape
from ifeval_fi.scoring.responses.archive import Archive
from ifeval_fi.scoring.responses.chat import message_response
from ifeval_fi.scoring.responses.response import Response
from ifeval_fi.scoring.responses.rows import header_of

_HEADERS = ("header.json", "_journal/start.json")
# Of the settings of a request, what says nothing of the answer: {"max_retries": 5, "max_connections": 10, …}
_TRANSPORT = frozenset(
    "max_retries timeout attempt_timeout client_timeout max_connections adaptive_connections batch cache cache_prompt "
    "fallback_models num_choices internal_tools max_tool_output".split()
)


class InspectLog:
    """The header of a log and its samples; ResponseError names the file, and the sample where it is one's fault."""

    def __init__(self, path: str, content: bytes | Row) -> None:
        self.path = path
        self._archive = None
        if isinstance(content, dict):
            self.header = content
        else:
            self._archive = Archive(path, content)
            self.header = self._archived_header(self._archive)
        self._spec = _mapping(self.header.get("eval"), f"{path}: eval")

    @property
    def run(self) -> Row:
        """The identity of the run, as a journal's header has it; the prompts where the task is this package's."""
        config = {**_object(self._spec, "model_generate_config"), **_object(_object(self.header, "plan"), "config")}
        decoding = {name: value for name, value in config.items() if value is not None and name not in _TRANSPORT}
        system_prompt, extra = decoding.pop("system_message", None), decoding.pop("extra_body", None)
        told = _object(_object(self._spec, "metadata"), "ifeval_fi")
        run = {
            "model": self._spec.get("model"),
            "prompts": told.get("prompts", {}),
            "samples": _object(self._spec, "config").get("epochs") or 1,
            "decoding": {"temperature": None, "max_tokens": None, **decoding},
            "system_prompt": system_prompt,
            "extra_body": extra or {},
        }
        return header_of({name: value for name, value in run.items() if name != "model" or value}, f"{self.path}: eval")

    @property
    def asked(self) -> tuple[Key, ...] | None:
        """The keys that were asked, with `--limit` and `--sample-id`; None where the log does not tell."""
        ids = _object(self._spec, "dataset").get("sample_ids")
        return tuple(ids) if isinstance(ids, list) and ids and all(map(is_key, ids)) else None

    def answers(self) -> Iterator[tuple[str, Response]]:
        """Every sample's answer, with its place in the log."""
        for place, sample in self._samples():
            where = f"{self.path}, {place}"
            try:
                yield where, sample_response(sample)
            except (ResponseError, UnknownShape, RecursionError) as problem:
                raise ResponseError(f"{where}: {problem}") from None

    def _samples(self) -> Iterator[tuple[str, Row]]:
        if self._archive is not None:
            for name in self._archive.names:
                if name.startswith("samples/") and name.endswith(".json"):
                    yield name, self._member(self._archive, name)
            return
        samples = self.header.get("samples")
        if not isinstance(samples, list):
            raise ResponseError(f"{self.path}: Inspect's log holds no samples; was it written with --no-log-samples?")
        for number, sample in enumerate(samples, 1):
            yield f"sample {number}", _mapping(sample, f"{self.path}, sample {number}")

    def _archived_header(self, archive: Archive) -> Row:
        name = next((each for each in _HEADERS if each in archive.names), None)
        if name is None:
            raise ResponseError(f"{self.path}: is an archive, but no log of Inspect's: it has no header.json")
        return self._member(archive, name)

    def _member(self, archive: Archive, name: str) -> Row:
        where = f"{self.path}, {name}"
        try:
            return _mapping(loads(archive.read(name), constants=True), where)
        except ValueError as problem:
            raise ResponseError(f"{where}: not JSON: {problem}") from None


def is_inspect_log(value: Any) -> bool:
    """Whether a JSON value is a log as `inspect eval --log-format json` writes it."""
    return isinstance(value, dict) and {"eval", "status"} <= value.keys()


def sample_response(sample: Mapping[str, Any]) -> Response:
    """The answer of a sample as it is logged; failed where an error ended it, or the model gave no output.

    ResponseError for a sample without a key or with an output that is none; UnknownShape for an unknown content.
    """
    metadata = _object(sample, "metadata")
    key, epoch = metadata.get("key", sample.get("id")), sample.get("epoch", 1)
    if not is_key(key):
        raise ResponseError(f"the sample's id must be a whole number or a string, not {key!r:.60}")
    if not isinstance(epoch, int) or isinstance(epoch, bool) or epoch < 1:
        raise ResponseError(f"key {key}: epoch must be a whole number of 1 or more, not {epoch!r:.60}")
    output = _mapping(sample.get("output") or {}, f"key {key}: output")
    choices = output.get("choices") or []
    if not isinstance(choices, list):
        raise ResponseError(f"key {key}: output.choices must be a list, not {choices!r:.60}")
    found = Response(key, "", epoch - 1, "failed")
    if choices and not sample.get("error"):
        choice = _mapping(choices[0], f"key {key}: output.choices[0]")
        reason = choice.get("stop_reason")
        # Inspect says "unknown" where the server has said nothing.
        finish_reason = reason if isinstance(reason, str) and reason != "unknown" else None
        message = _mapping(choice.get("message"), f"key {key}: message")
        found = message_response(key, message, finish_reason, sample=epoch - 1)
    return replace(found, prompt_sha256=_version(metadata, sample.get("input")), key_as_text=isinstance(key, str))


def _version(metadata: Row, asked: Any) -> str | None:
    """The hash of the prompt as it was asked, where the sample's metadata has its instructions."""
    row = {"prompt": asked, **metadata}
    try:
        return parse_prompt({name: row.get(name) for name in FIELDS}, str(metadata.get("language", "en"))).sha256
    except PromptError:
        return None


def _mapping(value: Any, where: str) -> Row:
    if not isinstance(value, dict):
        raise ResponseError(f"{where}: must be an object, not {value!r:.60}")
    return value


def _object(value: Mapping[str, Any], name: str) -> Row:
    """The object of that name; empty where there is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}
