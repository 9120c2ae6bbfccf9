"""What a run has answers for and what it still has to ask, kept beside the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ifeval_fi.runner.journal import FORMAT, Journal, JournalError, Sample, differences
from ifeval_fi.runner.progress import Progress
from ifeval_fi.runner.settings import RunSettings
from ifeval_fi.version import __version__

if TYPE_CHECKING:
    from ifeval_fi.prompts import Prompt, PromptSet


class Ledger:
    """The samples of a run: answered ones, failed ones, and those still to be asked; `model` once it is known."""

    def __init__(
        self,
        prompts: PromptSet,
        settings: RunSettings,
        progress: Progress,
        *,
        model: str | None,
        engine: Mapping[str, Any] | None,
    ) -> None:
        self.prompts = prompts
        self.settings = settings
        self.progress = progress
        self.model = model
        self.engine = engine
        self._done: set[Sample] = set()
        self._failed: dict[Sample, str] = {}

    @property
    def missing(self) -> int:
        """Samples that have no answer yet."""
        return self.progress.total - len(self._done)

    @property
    def failures(self) -> dict[str, int]:
        """How many samples failed, by kind of failure."""
        return dict(Counter(self._failed.values()))

    def identity(self) -> dict[str, Any]:
        """Everything the answers depend on; two runs may share a directory only when it is the same."""
        settings, prompts = self.settings, self.prompts
        return {
            "format": FORMAT,
            "package": __version__,
            "model": self.model,
            **({"name": settings.name} if settings.name else {}),
            "prompts": {
                "name": prompts.name,
                **({"source": prompts.source} if prompts.source else {}),
                "language": prompts.language,
                "count": len(prompts),
                "digest": prompts.digest,
            },
            "samples": settings.samples,
            "decoding": {
                "max_tokens": settings.max_tokens,
                "temperature": float(settings.temperature),
                "top_p": settings.top_p,
                "seed": settings.seed,
            },
            "system_prompt": settings.system_prompt,
            "extra_body": dict(settings.extra_body),
            "engine": self.engine,
        }

    def recover(self, journal: Journal) -> None:
        """Take over what the journal holds; JournalError when it is another run's."""
        hashes = {prompt.key: prompt.sha256 for prompt in self.prompts}
        for number, row in enumerate(journal.recover(), 2):
            if number == 2:
                self._refuse_another_run(journal)
            if hashes.get(row["key"]) != row["prompt_sha256"] or row["sample"] >= self.settings.samples:
                raise JournalError(f"{journal.path}, line {number}: key {row['key']} is not of this run's prompts")
            self.count(row)
        self._refuse_another_run(journal)

    def _refuse_another_run(self, journal: Journal) -> None:
        before = journal.identity
        if before is None:
            return
        self.model = self.model or before["model"]
        if differing := differences(before, self.identity()):
            raise JournalError(
                f"{journal.directory} holds another run ({'; '.join(differing)}); "
                "choose another --output or remove that directory"
            )

    def count(self, row: Mapping[str, Any]) -> None:
        """Add one row of the journal; an answer takes the place of a failure."""
        sample = (row["key"], row["sample"])
        if row["outcome"] == "failed":
            self._failed[sample] = row["error"]["kind"]
        elif sample not in self._done:
            self._done.add(sample)
            self._failed.pop(sample, None)
            self.progress.count(row)
        self.progress.failed = len(self._failed)

    def pending(self) -> Iterator[tuple[Prompt, int]]:
        """Each prompt with the number of a sample that has no answer, in the order of the prompts."""
        for prompt in self.prompts:
            for sample in range(self.settings.samples):
                if (prompt.key, sample) not in self._done:
                    yield prompt, sample
