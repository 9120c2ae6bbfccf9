"""Asking by OpenAI's batch API, at half the price: the requests as one file, their answers within a day.

What is known of the batch is kept in the run's folder, so that a run that was interrupted goes on with the same batch.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import dumps, lines_of, loads, read_json, read_rows
from ifeval_fi.runner.endpoint import Endpoint
from ifeval_fi.runner.faults import Failure, ServerError
from ifeval_fi.runner.journal import BATCH, REQUESTS, JournalError
from ifeval_fi.runner.ledger import Ledger
from ifeval_fi.runner.probe import Patience
from ifeval_fi.runner.replicas import Asked
from ifeval_fi.runner.replies import Reply
from ifeval_fi.runner.settings import RunError
from ifeval_fi.runner.writing import Stop, Writer, journal_row
from ifeval_fi.schemas import schema_problem
from ifeval_fi.scoring.responses.batch import custom_id

if TYPE_CHECKING:
    from ifeval_fi.prompts import Prompt

MOST_REQUESTS = 50_000
"""As many as OpenAI takes in one batch; the same command asks the rest."""

_CHAT = "/v1/chat/completions"
_GOES_ON = frozenset({"validating", "in_progress", "finalizing", "cancelling"})
_ENDED = frozenset({"completed", "expired", "cancelled", "failed"})
_NOT_THERE = frozenset({404, 405, 501})


@dataclass(frozen=True, slots=True)
class Batch:
    """What a folder knows of its batch; `id` is None while it is not known whether the server has made it."""

    server: str
    input_file_id: str
    id: str | None
    requests: int
    submitted: str
    ended: str | None = None

    @property
    def open(self) -> bool:
        """Whether its answers are still to be taken."""
        return self.ended is None


def read_batch(folder: Path) -> Batch | None:
    """The last batch of a run's folder; None where there is none, JournalError for a file that is damaged."""
    path = folder / BATCH
    if not path.exists():
        return None
    value = read_json(path, JournalError)
    if problem := schema_problem("batch.schema.json", value):
        raise JournalError(f"{path}: {problem}; remove it to submit the missing prompts anew")
    return Batch(**value)


def refuse_open_batch(folder: Path) -> None:
    """JournalError where answers are under way that a run without --batch would pay for a second time."""
    batch = read_batch(folder)
    if batch and batch.open:
        raise JournalError(
            f"{folder}: its batch {batch.id or ''} of {batch.submitted[:16].replace('T', ' ')} UTC is not collected; "
            f"--batch takes its answers (or remove {BATCH} to forget it)"
        )


class BatchAsking:
    """One batch of a run, from its file of requests to its answers in the journal. Stop says why it cannot go on."""

    def __init__(self, endpoint: Endpoint, ledger: Ledger, writer: Writer, folder: Path) -> None:
        self._endpoint = endpoint
        self._ledger = ledger
        self._writer = writer
        self._folder = folder
        self._patience = Patience(ledger.settings.retry, ledger.progress.say)
        self._places = _places(ledger)

    async def ask_all(self) -> None:
        """Submit what is missing, or go on with the batch that is under way; wait for it and take its answers."""
        progress = self._ledger.progress
        batch = read_batch(self._folder)
        if batch is None or not batch.open:
            batch = await self._upload()
        if batch.server != self._endpoint.base_url:
            raise JournalError(f"{self._folder}: its batch is at {batch.server}; name that server, or remove {BATCH}")
        if batch.id is None:
            batch = await self._create(batch)
        progress.start()
        try:
            answer = await self._wait(batch)
            await self._collect(batch, answer)
        finally:
            progress.remark = ""
            progress.stop()

    async def _upload(self) -> Batch:
        pending = list(itertools.islice(self._ledger.pending(), MOST_REQUESTS))
        path = self._folder / REQUESTS
        content = lines_of(self._request(prompt, sample) for prompt, sample in pending)
        write_atomically(path, content)
        await self._refuse_without_batches(path)
        name = f"ifeval-fi-{self._ledger.prompts.name}.jsonl"
        uploaded = await self._patience.ask(
            self._endpoint, lambda: self._endpoint.upload("batch", name, content.encode())
        )
        file = self._named(uploaded, "the file of requests")
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        return self._keep(Batch(self._endpoint.base_url, file, None, len(pending), now))

    def _request(self, prompt: Prompt, sample: int) -> dict[str, Any]:
        assert self._ledger.model is not None
        body = self._ledger.settings.body(self._ledger.model, prompt.text, sample)
        return {
            "custom_id": custom_id(prompt.key, sample),
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": body,
        }

    async def _refuse_without_batches(self, path: Path) -> None:
        answer = await self._get("batches?limit=1")
        if not isinstance(answer, Failure):
            return
        if answer.status in _NOT_THERE:
            raise ServerError(
                f"{self._endpoint.base_url} has no /v1/batches; the requests are in {path}: `vllm run-batch -i {path} "
                "-o answers.jsonl --model …` asks them, and `ifeval-fi score answers.jsonl` scores its answers"
            )
        raise ServerError(f"{self._endpoint.base_url} does not list its batches: {answer.message}")

    async def _create(self, batch: Batch) -> Batch:
        """Make the batch, or find the one that was made of this file before its id could be kept."""
        asked = {"input_file_id": batch.input_file_id, "endpoint": _CHAT, "completion_window": "24h"}

        async def make() -> Any:
            # A request whose answer was lost has made the batch all the same, and a second one would be paid for too.
            return await self._of_file(batch.input_file_id) or await self._send("POST", "batches", asked)

        made = self._named(await self._patience.ask(self._endpoint, make), "the batch")
        self._ledger.progress.say(f"Submitted {batch.requests} requests as batch {made}")
        return self._keep(replace(batch, id=made))

    async def _of_file(self, input_file_id: str) -> Mapping[str, Any] | None:
        """The batch that the server has made of an uploaded file, if there is one."""
        listed = await self._send("GET", "batches?limit=100")
        entries = listed.get("data") if isinstance(listed, Mapping) else None
        return next(
            (
                each
                for each in (entries if isinstance(entries, list) else ())
                if isinstance(each, Mapping) and each.get("input_file_id") == input_file_id
            ),
            None,
        )

    async def _wait(self, batch: Batch) -> Mapping[str, Any]:
        """The batch as the server tells it once it has ended."""
        policy, progress = self._ledger.settings.retry, self._ledger.progress
        for polls in itertools.count():
            answer = await self._get(f"batches/{batch.id}")
            if isinstance(answer, Failure):
                raise Stop(f"stopped: the batch {batch.id} cannot be looked at ({answer.message})")
            status = answer.get("status")
            if status in _ENDED:
                found: Mapping[str, Any] = answer
                return found
            if status not in _GOES_ON:
                raise Stop(f"stopped: the batch {batch.id} has a status that nobody knows ({status!r:.60})")
            progress.remark = f"batch {batch.id}: {status}{_counted(answer)}"
            progress.show()
            # From five seconds on, ever slower, up to a minute.
            await asyncio.sleep(min(2 * policy.cap, 10 * policy.base * 1.2 ** min(polls, 50)))
        raise AssertionError

    async def _collect(self, batch: Batch, answer: Mapping[str, Any]) -> None:
        """Take the answers into the journal; what has none, or an error, is failed and asked again by the next run."""
        status = answer["status"]
        if status == "failed":
            self._keep(replace(batch, ended=status))
            raise ServerError(f"{self._endpoint.base_url} refuses the batch {batch.id}: {_reasons(answer)}")
        pending = {custom_id(prompt.key, sample) for prompt, sample in self._ledger.pending()}
        missing = pending & self._asked(pending)
        strange: list[str] = []
        for name in ("output_file_id", "error_file_id"):
            if not answer.get(name):
                continue
            for line in await self._lines(str(answer[name])):
                found = self._understood(line)
                if found is None or found[0] not in self._places:
                    strange.append("a line without an id" if found is None else found[0])
                elif found[0] in missing:
                    missing.remove(found[0])
                    self._put(*found)
        for name in sorted(missing):
            self._put(name, Failure("server_error", f"the batch ended ({status}) without an answer to it"))
        self._writer.close()
        await self._writer.write()
        self._keep(replace(batch, ended=status))
        if strange:
            raise Stop(
                f"stopped: of the batch's answers {len(strange)} belong to no request that was sent "
                f"({strange[0]:.60}); the others are kept"
            )
        if status != "completed":
            self._ledger.progress.say(f"The batch {batch.id} is {status}; what it has answered is kept")

    def _put(self, name: str, result: Reply | Failure) -> None:
        prompt, sample = self._places[name]
        self._writer.put(journal_row(prompt, sample, Asked(result, 1, 0.0)))

    def _asked(self, pending: set[str]) -> set[str]:
        """The requests of the batch, by the file that was sent; all that is missing where the file is gone."""
        path = self._folder / REQUESTS
        if not path.exists():
            return pending
        return {str(row.get("custom_id")) for _, row in read_rows(path, JournalError)}

    async def _lines(self, file: str) -> list[str]:
        url = f"{self._endpoint.base_url}/files/{file}/content"
        content = await self._patience.ask(self._endpoint, lambda: self._endpoint.content(url))
        if isinstance(content, Failure):
            raise Stop(f"stopped: the batch's answers cannot be loaded ({content.message})")
        return [line for line in content.decode("utf-8", "replace").split("\n") if line.strip()]

    def _understood(self, line: str) -> tuple[str, Reply | Failure] | None:
        """The request and what came of it; None for a line that names none."""
        try:
            row = loads(line, constants=True)
        except ValueError:
            return None
        if not isinstance(row, dict) or not isinstance(row.get("custom_id"), str):
            return None
        response = row.get("response")
        if row.get("error") or not isinstance(response, Mapping):
            error = row.get("error") or "neither an answer nor an error"
            found = self._endpoint.reply_of(200, dumps({"error": error}).encode())
            if isinstance(found, Failure) and isinstance(error, Mapping) and error.get("code") == "batch_expired":
                found = replace(found, kind="timeout")
            return row["custom_id"], found
        status = response.get("status_code", 200)
        body = dumps(response.get("body")).encode()
        return row["custom_id"], self._endpoint.reply_of(status if isinstance(status, int) else 500, body)

    async def _get(self, path: str) -> Any:
        return await self._patience.ask(self._endpoint, lambda: self._send("GET", path))

    async def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        content = None if body is None else dumps(body).encode()
        return await self._endpoint.request(method, f"{self._endpoint.base_url}/{path}", content)

    def _named(self, answer: Any, what: str) -> str:
        """The id that the server gives to what it was sent."""
        if isinstance(answer, Failure):
            raise ServerError(f"{self._endpoint.base_url} refuses {what}: {answer.message}")
        found = answer.get("id") if isinstance(answer, Mapping) else None
        if not isinstance(found, str):
            raise ServerError(f"{self._endpoint.base_url} gives {what} no id")
        return found

    def _keep(self, batch: Batch) -> Batch:
        write_atomically(self._folder / BATCH, dumps(asdict(batch), indent=2) + "\n")
        return batch


def _places(ledger: Ledger) -> dict[str, tuple[Prompt, int]]:
    found = {
        custom_id(prompt.key, sample): (prompt, sample)
        for prompt in ledger.prompts
        for sample in range(ledger.settings.samples)
    }
    if len(found) < len(ledger.prompts) * ledger.settings.samples:
        raise RunError("--batch: two keys of the prompts are the same as text")
    return found


def _counted(answer: Mapping[str, Any]) -> str:
    counts = answer.get("request_counts")
    if not isinstance(counts, Mapping) or not counts.get("total"):
        return ""
    failed = f", {counts['failed']} failed" if counts.get("failed") else ""
    return f", {counts.get('completed', 0)} of {counts['total']} done there{failed}"


def _reasons(answer: Mapping[str, Any]) -> str:
    errors = answer.get("errors")
    entries = errors.get("data") if isinstance(errors, Mapping) else errors
    said: Iterator[str] = (
        f"{each.get('message') or each.get('code')}" + (f" (line {each['line']})" if each.get("line") else "")
        for each in (entries if isinstance(entries, list) else ())
        if isinstance(each, Mapping)
    )
    return "; ".join(itertools.islice(said, 3)) or "it does not say why"
