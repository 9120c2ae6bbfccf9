"""Prompts and their instructions: a bundled set, a file or a set of the hub, loaded and validated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ifeval_fi.errors import PromptError
from ifeval_fi.files import read_bytes, read_text
from ifeval_fi.jsonl import Row, read_rows
from ifeval_fi.prompts.hub import load_hub_prompts
from ifeval_fi.prompts.rows import (
    FIELDS,
    OTHER_LANGUAGE,
    Instruction,
    Key,
    Prompt,
    PromptSet,
    is_key,
    parse_prompt,
    prompt_set,
)
from ifeval_fi.prompts.spoken import spoken_language
from ifeval_fi.resources import resource

if TYPE_CHECKING:
    from importlib.abc import Traversable

__all__ = [
    "FIELDS",
    "Instruction",
    "Key",
    "Prompt",
    "PromptSet",
    "bundled",
    "bundled_folder",
    "language_of",
    "load_prompts",
    "is_key",
    "parse_prompt",
    "prompt_set",
]

ANSWER_LANGUAGES = "answer_languages.jsonl"
"""In a set's folder: the rows that ask for an answer, or a part of it, in another language, with the right ones."""


def load_prompts(source: str | Path = "fi", *, language: str | None = None, all_languages: bool = False) -> PromptSet:
    """The prompts of a bundled set ("fi"; "fi-1.0" is an older one), a file, or a hub set ("hub:google/IFEval").

    `language` is that of a file's prompts; when not given, the one that most of them are in. Rows of a bundled or hub
    set that ask for an answer in another language are left out unless `all_languages`. PromptError names file, line and
    key of what is wrong.
    """
    name = str(source)
    if name.startswith("hub:"):
        return load_hub_prompts(name.removeprefix("hub:"), language=language, all_languages=all_languages)
    path = Path(source)
    try:
        folder = None if path.is_file() else bundled_folder(name)
        there = folder is not None or path.exists()
    except (OSError, ValueError) as problem:
        raise PromptError(f"{name!r:.60}: {getattr(problem, 'strerror', None) or problem}") from None
    if folder is not None:
        return _load_bundled(folder, all_languages)
    if not there:
        raise PromptError(f"{path}: no such prompts file, and no bundled set; bundled are {', '.join(bundled())}")
    rows = list(_numbered(path, all_languages=True))
    # Rows without a text are for `prompt_set` to name.
    texts = [row["prompt"] for _, row in rows if isinstance(row.get("prompt"), str) and row["prompt"].strip()]
    spoken = language or (spoken_language(texts, file=str(path)) if texts else "fi")
    found = prompt_set(rows, file=str(path), name=path.name, language=spoken)
    found.detected = language is None
    return found


def bundled() -> list[str]:
    """Names of the prompt sets that travel with the package; a set's name begins with its language's code."""
    return sorted(folder.name for folder in resource("data").iterdir() if (folder / "prompts.jsonl").is_file())


def bundled_folder(name: str) -> Traversable | None:
    """The folder of the bundled set with this name ("fi") or version ("fi-1.1")."""
    folders = {each: resource("data", each) for each in bundled()}
    versions = {read_text(folder / "VERSION", PromptError).strip(): folder for folder in folders.values()}
    return folders.get(name) or versions.get(name)


def _load_bundled(folder: Traversable, all_languages: bool) -> PromptSet:
    for line in read_text(folder / "SHA256SUMS", PromptError).splitlines():
        wanted, _, name = line.partition("  ")
        content = read_bytes(folder / name, PromptError)
        if _sha256(content) == wanted:
            continue
        if _sha256(content.replace(b"\r\n", b"\n")) == wanted:
            raise PromptError(
                f"{folder / name}: its line ends were changed to CRLF, as git does with core.autocrlf=true; run "
                "`git config core.autocrlf false`, delete the file and run `git checkout` on it"
            )
        raise PromptError(f"{folder / name}: does not match SHA256SUMS; install the package again")
    version = read_text(folder / "VERSION", PromptError).strip()
    others = folder / ANSWER_LANGUAGES
    return prompt_set(
        _numbered(folder / "prompts.jsonl", all_languages),
        file=str(folder / "prompts.jsonl"),
        name=version,
        language=language_of(folder.name),
        source=folder.name,
        answer_languages={row["key"]: row["languages"] for _, row in read_rows(others, PromptError)}
        if others.is_file()
        else {},
    )


def language_of(name: str) -> str:
    """The language of a bundled set, with which its name begins: "fi" of "fi-native"."""
    return name.partition("-")[0]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _numbered(path: Path | Traversable, all_languages: bool) -> Iterator[tuple[str, Row]]:
    """The rows with their places, without those that ask for an answer in another language unless they are wanted."""
    for number, row in read_rows(path, PromptError):
        if all_languages or OTHER_LANGUAGE not in (row.get("instruction_id_list") or ()):
            yield f"line {number}", row
