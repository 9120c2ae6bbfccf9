"""Prompt sets on the Hugging Face hub, at a fixed revision; the network is touched when one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ifeval_fi.errors import MissingEngine, PromptError
from ifeval_fi.languages import languages
from ifeval_fi.prompts.rows import FIELDS, OTHER_LANGUAGE, PromptSet, prompt_set


@dataclass(frozen=True, slots=True)
class HubSet:
    """Where a prompt set lies; `revision` is None for a local folder laid out like a data set of the hub."""

    path: str
    config: str | None
    revision: str | None
    language: str | None

    @property
    def name(self) -> str:
        """The name in signatures, e.g. `hub:google/IFEval@966cd895`."""
        config = f":{self.config}" if self.config else ""
        revision = f"@{self.revision[:8]}" if self.revision else ""
        return f"hub:{self.path}{config}{revision}"


KNOWN = {
    (known.path, known.config): known
    for known in (
        HubSet("google/IFEval", None, "966cd89545d6b6acfd7638bc708b98261ca58e84", "en"),
        HubSet("LumiOpen/ifeval_mt", "fi", "1df1bb817737214539432a3551ca8e4b63356060", "fi"),
        HubSet("LumiOpen/ifeval_mt", "sv", "1df1bb817737214539432a3551ca8e4b63356060", "sv"),
    )
}


def load_hub_prompts(name: str, *, language: str | None = None, all_languages: bool = False) -> PromptSet:
    """The prompts of DATASET[:CONFIG][@REVISION]; for the known sets the revision is ours unless given.

    Rows that ask for an answer in another language are left out unless `all_languages`. PromptError says what
    cannot be read and what to do.
    """
    place = _parse(name)
    spoken = language or place.language or (place.config if place.config in languages() else None)
    if spoken is None:
        raise PromptError(f"hub:{name}: in which language? Say --language; known are {', '.join(sorted(languages()))}")
    rows = (
        (f"row {number}", {field: row[field] for field in FIELDS & row.keys()})
        for number, row in enumerate(_rows(place), 1)
        if all_languages or OTHER_LANGUAGE not in (row.get("instruction_id_list") or ())
    )
    return prompt_set(rows, file=place.name, name=place.name, language=spoken, source=f"hub:{name}")


def _parse(name: str) -> HubSet:
    place, _, revision = name.partition("@")
    path, _, config = place.partition(":")
    known = KNOWN.get((path, config or None), HubSet(path, config or None, None, None))
    if Path(path).is_dir():
        return replace(known, revision=None)
    if not (revision or known.revision):
        raise PromptError(f"hub:{name}: add the commit, hub:{place}@COMMIT, for a data set may change under its name")
    return replace(known, revision=revision or known.revision)


def _rows(place: HubSet) -> Iterable[Mapping[str, Any]]:
    try:
        from datasets import load_dataset
    except ImportError:
        raise MissingEngine(f'{place.name}: needs the datasets package; pip install "ifeval-fi[hub]"') from None
    try:
        splits = load_dataset(place.path, place.config, revision=place.revision)
    # What it raises differs by version and by what it calls; all of it means that the set cannot be had.
    except Exception as problem:
        raise PromptError(
            f"{place.name}: cannot be read ({type(problem).__name__}: {' '.join(str(problem).split()):.200}); "
            "load it once with a network, after which it is cached, or give a downloaded copy as --prompts PATH"
        ) from None
    if len(splits) > 1 and "test" not in splits:
        raise PromptError(f"{place.name}: has the splits {', '.join(splits)}; save the one to use as a prompts file")
    rows: Iterable[Mapping[str, Any]] = splits["test"] if "test" in splits else next(iter(splits.values()))
    return rows
