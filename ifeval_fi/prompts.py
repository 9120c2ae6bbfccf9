"""Prompts and their instructions: loaded, validated and selected; after loading nothing is left to default."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ifeval_fi.errors import PromptError
from ifeval_fi.jsonl import Row, read_rows, read_text
from ifeval_fi.resources import resource
from ifeval_fi.rules import careful_checks

if TYPE_CHECKING:
    from importlib.abc import Traversable

Key = int | str
FIELDS = frozenset({"key", "prompt", "instruction_id_list", "kwargs"})


@dataclass(frozen=True, slots=True)
class Instruction:
    """One verifiable instruction: its id and the arguments its check takes."""

    id: str
    kwargs: Mapping[str, Any]

    @property
    def category(self) -> str:
        """The family of the instruction, e.g. `keywords`."""
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One row of a prompt set; `key` pairs it with the same row in other languages."""

    key: Key
    text: str
    instructions: tuple[Instruction, ...]
    language: str

    @property
    def row(self) -> Row:
        """The row as it stands in a prompts file."""
        return {
            "key": self.key,
            "prompt": self.text,
            "instruction_id_list": [instruction.id for instruction in self.instructions],
            "kwargs": [
                {name: list(value) if isinstance(value, tuple) else value for name, value in each.kwargs.items()}
                for each in self.instructions
            ],
        }

    @property
    def sha256(self) -> str:
        """Hash of the row, which changes when anything a verdict depends on does."""
        return hashlib.sha256(json.dumps(self.row, sort_keys=True).encode()).hexdigest()


class PromptSet(list[Prompt]):
    """Prompts of one language with the name and version they go by, e.g. `fi-1.0`."""

    def __init__(self, prompts: Iterable[Prompt], *, name: str, language: str) -> None:
        super().__init__(prompts)
        self.name = name
        self.language = language

    @property
    def digest(self) -> str:
        """Hash over the rows in their order."""
        return hashlib.sha256("".join(prompt.sha256 for prompt in self).encode()).hexdigest()

    def select(self, *, limit: int | None = None, keys: Iterable[Key] | None = None) -> PromptSet:
        """The first `limit` of the prompts with these keys; PromptError names a key there is none of."""
        chosen: list[Prompt] = list(self)
        if keys is not None:
            wanted = list(keys)
            known = {str(prompt.key) for prompt in self}
            for key in wanted:
                if str(key) not in known:
                    raise PromptError(f"no prompt has the key {key} in {self.name}")
            names = {str(key) for key in wanted}
            chosen = [prompt for prompt in chosen if str(prompt.key) in names]
        return PromptSet(chosen[:limit], name=self.name, language=self.language)


def load_prompts(source: str | Path = "fi", *, language: str | None = None, all_languages: bool = False) -> PromptSet:
    """The prompts of a bundled language ("fi"), of a file, or of a hub data set ("hub:google/IFEval").

    `language` is that of a file's prompts (default Finnish). PromptError names file, line and key of what is wrong.
    """
    name = str(source)
    if name.startswith("hub:"):
        from ifeval_fi.hub import load_hub_prompts

        return load_hub_prompts(name.removeprefix("hub:"), language=language, all_languages=all_languages)
    if resource("data", name, "prompts.jsonl").is_file() and not Path(name).is_file():
        return _load_bundled(name)
    path = Path(source)
    if not path.exists():
        raise PromptError(f"{path}: no such prompts file, and no bundled language; bundled are {', '.join(bundled())}")
    return _load(path, name=path.name, language=language or "fi")


def bundled() -> list[str]:
    """Codes of the languages whose prompts travel with the package."""
    return sorted(folder.name for folder in resource("data").iterdir() if (folder / "prompts.jsonl").is_file())


def _load_bundled(code: str) -> PromptSet:
    folder = resource("data", code)
    for line in read_text(folder / "SHA256SUMS", PromptError).splitlines():
        wanted, _, name = line.partition("  ")
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
            raise PromptError(f"{folder / name}: does not match SHA256SUMS; install the package again")
    version = read_text(folder / "VERSION", PromptError).strip()
    return _load(folder / "prompts.jsonl", name=version, language=code)


def _load(path: Path | Traversable, *, name: str, language: str) -> PromptSet:
    rows = ((f"line {number}", row) for number, row in read_rows(path, PromptError))
    return prompt_set(rows, source=str(path), name=name, language=language)


def prompt_set(rows: Iterable[tuple[str, Row]], *, source: str, name: str, language: str) -> PromptSet:
    """The prompts of rows, each given with its place in the source; PromptError names the place and key of a fault."""
    prompts: dict[Key, Prompt] = {}
    for place, row in rows:
        where = f"{source}, {place}" + (f", key {row['key']}" if "key" in row else "")
        try:
            prompt = parse_prompt(row, language)
        except PromptError as problem:
            raise PromptError(f"{where}: {problem}") from None
        if prompt.key in prompts:
            raise PromptError(f"{where}: the key is already used above; keys are unique")
        prompts[prompt.key] = prompt
    if not prompts:
        raise PromptError(f"{source}: holds no prompts")
    return PromptSet(prompts.values(), name=name, language=language)


def parse_prompt(row: Mapping[str, Any], language: str) -> Prompt:
    """The prompt a row describes; PromptError says what is missing, unknown or of the wrong type."""
    if missing := sorted(FIELDS - row.keys()):
        raise PromptError(f"lacks {', '.join(missing)}")
    if unknown := sorted(row.keys() - FIELDS):
        raise PromptError(f"has the unknown field {', '.join(unknown)}")
    key, text, ids, kwargs = (row[name] for name in ("key", "prompt", "instruction_id_list", "kwargs"))
    if not isinstance(key, (int, str)) or isinstance(key, bool):
        raise PromptError("key must be a whole number or a string")
    if not isinstance(text, str) or not text.strip():
        raise PromptError("prompt must be a text")
    if not isinstance(ids, list) or not isinstance(kwargs, list) or not ids or len(ids) != len(kwargs):
        raise PromptError("instruction_id_list and kwargs must be lists of the same length, one entry an instruction")
    instructions = tuple(_instruction(name, arguments) for name, arguments in zip(ids, kwargs, strict=True))
    return Prompt(key, text, instructions, language)


def _instruction(name: Any, arguments: Any) -> Instruction:
    checks = careful_checks()
    if not isinstance(name, str) or name not in checks:
        raise PromptError(f"unknown instruction id {name!r}; known are {', '.join(sorted(checks))}")
    if not isinstance(arguments, Mapping):
        raise PromptError(f"{name}: kwargs must be an object, not {arguments!r}")
    return Instruction(name, checks[name].validate(arguments))
