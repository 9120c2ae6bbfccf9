"""Prompts and their instructions: a bundled set, a file or a set of the hub, loaded and validated."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ifeval_fi.errors import PromptError
from ifeval_fi.files import read_bytes, read_text
from ifeval_fi.jsonl import read_rows
from ifeval_fi.prompts.hub import load_hub_prompts
from ifeval_fi.prompts.rows import FIELDS, Instruction, Key, Prompt, PromptSet, parse_prompt, prompt_set
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
    "load_prompts",
    "parse_prompt",
    "prompt_set",
]


def load_prompts(source: str | Path = "fi", *, language: str | None = None, all_languages: bool = False) -> PromptSet:
    """The prompts of a bundled language ("fi"), of a file, or of a hub data set ("hub:google/IFEval").

    `language` is that of a file's prompts (default Finnish). PromptError names file, line and key of what is wrong.
    """
    name = str(source)
    if name.startswith("hub:"):
        return load_hub_prompts(name.removeprefix("hub:"), language=language, all_languages=all_languages)
    path = Path(source)
    try:
        if resource("data", name, "prompts.jsonl").is_file() and not path.is_file():
            return _load_bundled(name)
        found = path.exists()
    except (OSError, ValueError) as problem:
        raise PromptError(f"{name!r:.60}: {getattr(problem, 'strerror', None) or problem}") from None
    if not found:
        raise PromptError(f"{path}: no such prompts file, and no bundled language; bundled are {', '.join(bundled())}")
    return _load(path, name=path.name, language=language or "fi")


def bundled() -> list[str]:
    """Codes of the languages whose prompts travel with the package."""
    return sorted(folder.name for folder in resource("data").iterdir() if (folder / "prompts.jsonl").is_file())


def _load_bundled(code: str) -> PromptSet:
    folder = resource("data", code)
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
    return _load(folder / "prompts.jsonl", name=version, language=code)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _load(path: Path | Traversable, *, name: str, language: str) -> PromptSet:
    rows = ((f"line {number}", row) for number, row in read_rows(path, PromptError))
    return prompt_set(rows, source=str(path), name=name, language=language)
