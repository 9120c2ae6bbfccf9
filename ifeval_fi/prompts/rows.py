"""One row of a prompt set, validated; a set of them with its name; after this nothing is left to default."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeGuard

from ifeval_fi.errors import PromptError
from ifeval_fi.jsonl import Row
from ifeval_fi.languages import languages
from ifeval_fi.rules import careful_checks

Key = int | str
OTHER_LANGUAGE = "language:response_language"
"""The instruction that asks for an answer in another language; its rows have no counterpart in translated sets."""
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
    answer_languages: tuple[str, ...] = ()

    def accepts(self, language: str) -> bool:
        """Whether an answer in this language is in a language that was asked for.

        That is the prompt's own, unless the prompt asks for others ("translate into German"): then those that
        `answer_languages` names, where "*" stands for any but the prompt's own.
        """
        if not self.answer_languages:
            return language == self.language
        return language in self.answer_languages or ("*" in self.answer_languages and language != self.language)

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
    """Prompts of one language with the name they go by, e.g. `fi-1.1`, and the bundled or hub source that loads them
    again, if there is one; `detected` where the language was taken from the prompts themselves."""

    def __init__(self, prompts: Iterable[Prompt], *, name: str, language: str, source: str = "") -> None:
        super().__init__(prompts)
        self.name = name
        self.language = language
        self.source = source
        self.detected = False

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
        return PromptSet(chosen[:limit], name=self.name, language=self.language, source=self.source)


def prompt_set(
    rows: Iterable[tuple[str, Row]],
    *,
    file: str,
    name: str,
    language: str,
    source: str = "",
    answer_languages: Mapping[Key, Iterable[str]] = MappingProxyType({}),
) -> PromptSet:
    """The prompts of rows, each given with its place in the source; PromptError names the place and key of a fault."""
    prompts: dict[Key, Prompt] = {}
    for place, row in rows:
        where = f"{file}, {place}" + (f", key {row['key']}" if "key" in row else "")
        try:
            prompt = parse_prompt(row, language, answer_languages)
        except PromptError as problem:
            raise PromptError(f"{where}: {problem}") from None
        if prompt.key in prompts:
            raise PromptError(f"{where}: the key is already used above; keys are unique")
        prompts[prompt.key] = prompt
    if not prompts:
        raise PromptError(f"{file}: holds no prompts")
    return PromptSet(prompts.values(), name=name, language=language, source=source)


def is_key(value: object) -> TypeGuard[Key]:
    """Whether a value may be a row's key: a whole number or a string."""
    return isinstance(value, (int, str)) and not isinstance(value, bool)


def parse_prompt(
    row: Mapping[str, Any], language: str, answer_languages: Mapping[Key, Iterable[str]] = MappingProxyType({})
) -> Prompt:
    """The prompt a row describes; PromptError says what is missing, unknown or of the wrong type.

    `answer_languages` gives, by key, those of the answer where they are not the prompt's; an instruction about the
    response's language names its own.
    """
    if missing := sorted(FIELDS - row.keys()):
        raise PromptError(f"lacks {', '.join(missing)}")
    if unknown := sorted(row.keys() - FIELDS):
        raise PromptError(f"has the unknown field {', '.join(unknown)}")
    key, text, ids, kwargs = (row[name] for name in ("key", "prompt", "instruction_id_list", "kwargs"))
    if not is_key(key):
        raise PromptError("key must be a whole number or a string")
    if not isinstance(text, str) or not text.strip():
        raise PromptError("prompt must be a text")
    if not isinstance(ids, list) or not isinstance(kwargs, list) or not ids or len(ids) != len(kwargs):
        raise PromptError("instruction_id_list and kwargs must be lists of the same length, one entry an instruction")
    instructions = tuple(_instruction(name, arguments, language) for name, arguments in zip(ids, kwargs, strict=True))
    asked = tuple(each.kwargs["language"] for each in instructions if each.id == OTHER_LANGUAGE)
    return Prompt(key, text, instructions, language, asked or tuple(answer_languages.get(key, ())))


def _instruction(name: Any, arguments: Any, language: str) -> Instruction:
    checks = careful_checks()
    if not isinstance(name, str) or name not in checks:
        raise PromptError(f"unknown instruction id {name!r}; known are {', '.join(sorted(checks))}")
    family = name.partition(":")[0]
    if family in languages() and family != language:
        raise PromptError(f"{name} is for prompts in {family!r} only, and this one is in {language!r}")
    if not isinstance(arguments, Mapping):
        raise PromptError(f"{name}: kwargs must be an object, not {arguments!r}")
    return Instruction(name, checks[name].validate(arguments))
