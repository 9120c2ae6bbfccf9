"""What a sweep asks: models and settings make cells, and each cell asks every prompt set."""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from glob import glob, has_magic
from pathlib import Path, PurePath
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.files import read_text, write_atomically
from ifeval_fi.jsonl import Row, dumps, read_json
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import load_prompts
from ifeval_fi.rules import get_rules
from ifeval_fi.runner.local import BUNDLED, find_model, is_local
from ifeval_fi.runner.settings import MAX_TOKENS, RunSettings
from ifeval_fi.schemas import schema_problem

DECODING = ("max_tokens", "temperature", "top_p", "seed", "samples", "system_prompt", "extra_body")
EXECUTORS = ("local", "ray", "slurm")
OUTPUT = "runs/sweep"
PLAN, CELL, CELLS = "sweep.json", "cell.json", "cells"
VLLM_SECONDS = 1800.0
# The number in checkpoint-1500, step_2000, iter0000500, model-step30.gguf.
_STEP = re.compile(r"(?i)(?:step|checkpoint|ckpt|iter|iteration|epoch)s?[-_=]?(\d+)")
_SECRET = re.compile(r"(?i)(key|token|secret|password)")


class SweepError(IfevalError):
    """The plan of a sweep is wrong; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model and what serves it: `llama.cpp` (embedded), `vllm`, or `url` (a server that runs already).

    `weights` tells files from others that lay in their place before.
    """

    model: str
    name: str
    engine: str
    base_urls: tuple[str, ...] = ()
    step: float | None = None
    series: str = ""
    tensor_parallel: int = 1
    args: tuple[str, ...] = ()
    weights: str | None = None

    @property
    def gpus(self) -> int:
        """GPUs that its server needs."""
        return self.tensor_parallel if self.engine == "vllm" else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vllm:
    """How vLLM is started."""

    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    start_seconds: float = VLLM_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSet:
    """A prompt set as the plan knows it, and its run folder's name in each cell."""

    source: str
    folder: str
    count: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One model with one setting: the smallest task of a sweep. `id` is its folder's name.

    `decoding` are fields of `RunSettings`. What the answers depend on is in `id`; the prompt sets are not, so that a
    set can be added later.
    """

    id: str
    model: Model
    setting: str
    decoding: Mapping[str, Any]
    sets: tuple[AskedSet, ...]
    limit: int | None = None
    rules: str | None = None
    keep_thinking: bool = False
    concurrency: int | None = None
    timeout: float | None = None
    vllm: Vllm = field(default_factory=Vllm)

    @property
    def label(self) -> str:
        """What reports call it."""
        return f"{self.model.name} · {self.setting}" if self.setting else self.model.name

    @property
    def row(self) -> Row:
        """The cell as cell.json holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All cells of a sweep, the folder they lie in, and where they are carried out."""

    output: Path
    cells: tuple[Cell, ...]
    executor: str = "local"
    jobs: int | None = None
    resources: Mapping[str, Any] = field(default_factory=dict)
    ray: Mapping[str, Any] = field(default_factory=dict)
    slurm: Mapping[str, Any] = field(default_factory=dict)

    def folder(self, cell: Cell) -> Path:
        """Where a cell writes."""
        return self.output / CELLS / cell.id

    def gpus(self, cell: Cell) -> float:
        """GPUs of a cell on a cluster."""
        return float(self.resources.get("gpus", cell.model.gpus))

    def save(self) -> None:
        """Write the plan and every cell's part of it, which is all that a worker needs."""
        for cell in self.cells:
            _write_if_new(self.folder(cell) / CELL, dumps(cell.row, indent=2) + "\n")
        write_atomically(self.output / PLAN, dumps({"cells": [cell.id for cell in self.cells]}, indent=2) + "\n")


def _write_if_new(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text("utf-8") != text:
        write_atomically(path, text)


def load_plan(output: Path) -> Plan:
    """The cells of a sweep's folder, to look at; SweepError when it is none."""
    if not (output / PLAN).is_file():
        raise SweepError(f"{output}: no folder of a sweep (it has no {PLAN})")
    names = read_json(output / PLAN, SweepError)["cells"]
    return Plan(output=output, cells=tuple(load_cell(output / CELLS / name) for name in names))


def load_cell(folder: Path) -> Cell:
    """The cell of a folder, as the plan wrote it."""
    row = read_json(folder / CELL, SweepError)
    tuples = {name: tuple(row["model"][name]) for name in ("base_urls", "args")}
    vllm = row["vllm"] | {name: tuple(row["vllm"][name]) for name in ("command", "args")}
    sets = tuple(AskedSet(**each) for each in row["sets"])
    return Cell(**row | {"model": Model(**row["model"] | tuples), "vllm": Vllm(**vllm), "sets": sets})


def read_toml(path: Path) -> Row:
    """The table of a sweep.toml, validated; paths in it are as seen from the folder of the call."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return dict(tomllib.loads(read_text(path, SweepError)))
    except tomllib.TOMLDecodeError as problem:
        raise SweepError(f"{path}: not TOML: {problem}") from None


def make_plan(table: Mapping[str, Any], source: str = "the call") -> Plan:
    """The plan that a table in the form of sweep.toml describes; SweepError or another IfevalError says what is wrong.

    Everything that can be known before work begins is looked at: prompt sets, rules, models, settings.
    """
    if problem := schema_problem("sweep.schema.json", dict(table)):
        raise SweepError(f"{source}: {problem}")
    vllm = dict(table.get("vllm", {}))
    if secret := next(filter(_SECRET.search, vllm.get("env", {})), None):
        raise SweepError(f"{source}: vllm.env.{secret}: keep secrets in the environment, which the server inherits")
    tensor_parallel = vllm.pop("tensor_parallel", 1)
    sets = tuple(_asked(each, table.get("limit"), table.get("rules")) for each in table.get("prompts", ["fi"]))
    if twice := [name for name, count in Counter(each.folder for each in sets).items() if count > 1]:
        raise SweepError(f"{source}: the prompt set {twice[0]} stands there twice")
    whole = {name: table[name] for name in DECODING if name in table}
    settings = {each["name"]: whole | each for each in table.get("settings", [{"name": ""}])}
    if len(settings) < len(table.get("settings", [0])):
        raise SweepError(f"{source}: two settings have one name")
    models = list(_models(table["models"], source, tensor_parallel))
    fields: dict[str, Any] = {
        **{name: table.get(name) for name in ("limit", "rules", "concurrency", "timeout")},
        "keep_thinking": table.get("keep_thinking", False),
        "sets": sets,
        "vllm": Vllm(**vllm | {name: tuple(vllm.get(name, ())) for name in ("command", "args")}),
    }
    cells = tuple(_cell(model, name, each, fields) for model in models for name, each in settings.items())
    if twice := [name for name, count in Counter(cell.id for cell in cells).items() if count > 1]:
        raise SweepError(f"{source}: two cells are the same ({twice[0]}); a model or settings stand there twice")
    return Plan(
        output=Path(table.get("output", OUTPUT)).resolve(),
        cells=cells,
        executor=table.get("executor", "local"),
        jobs=table.get("jobs"),
        **{name: table.get(name, {}) for name in ("resources", "ray", "slurm")},
    )


def _asked(source: str, limit: int | None, rules: str | None) -> AskedSet:
    # A worker may run in another folder.
    source = str(Path(source).resolve()) if Path(source).is_file() else source
    prompts = load_prompts(source).select(limit=limit)
    get_rules(rules, get_language(prompts.language)).prepare()
    return AskedSet(
        source=source,
        folder=re.sub(r"[^\w.-]+", "_", f"{prompts.name}-{len(prompts)}"),
        count=len(prompts),
        digest=prompts.digest,
    )


def _cell(model: Model, setting: str, values: Mapping[str, Any], fields: Mapping[str, Any]) -> Cell:
    decoding: dict[str, Any] = {"max_tokens": MAX_TOKENS, "temperature": 0.0, "samples": 1}
    decoding |= {name: values[name] for name in DECODING if name in values}
    # Wrong settings are said before anything is started.
    RunSettings(model=model.model, concurrency=fields["concurrency"], timeout=fields["timeout"], **decoding)
    cell = Cell(id="", model=model, setting=setting, decoding=decoding, **fields)
    asked = {
        "model": [model.model, model.engine, model.weights, list(model.args)],
        "decoding": decoding,
        # A server's options can change its answers; where it runs does not.
        "vllm": list(cell.vllm.args) if model.engine == "vllm" else [],
    }
    name = re.sub(r"[^\w.-]+", "_", f"{model.name}-{setting}" if setting else model.name)[-80:].strip("_")
    return replace(cell, id=f"{name}-{hashlib.sha256(dumps(asked).encode()).hexdigest()[:8]}")


def _models(given: Sequence[Any], source: str, tensor_parallel: int) -> Iterator[Model]:
    rows = [row for each in given for row in _expanded({"model": each} if isinstance(each, str) else each, source)]
    names = _names([str(row["model"]) for row in rows])
    named = [row.get("name") or name for row, name in zip(rows, names, strict=True)]
    if twice := [name for name, count in Counter(named).items() if count > 1]:
        raise SweepError(f"{source}: two models are named {twice[0]}; give each a name")
    for row, name in zip(rows, named, strict=True):
        yield _model(row, name, source, tensor_parallel)


def _expanded(row: Row, source: str) -> list[Row]:
    """A model, or those that a pattern such as `checkpoints/step-*` stands for, by their numbers."""
    pattern = str(row["model"])
    if not has_magic(pattern):
        return [row]
    found = sorted(glob(str(Path(pattern).expanduser())), key=_natural)  # noqa: PTH207
    if not found:
        raise SweepError(f"{source}: no model matches {pattern}")
    if "name" in row or "step" in row:
        raise SweepError(f"{source}: {pattern} stands for several models, so that they cannot share a name or a step")
    return [row | {"model": each} for each in found]


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts step-900 before step-1000."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)]


def _names(models: Sequence[str]) -> list[str]:
    """The shortest ends of the paths that tell them apart, e.g. `a/step-10` and `b/step-10`."""
    parts = [PurePath(model.removesuffix(".gguf")).parts for model in models]
    for length in range(1, max(map(len, parts)) + 1):
        names = ["/".join(each[-length:]) for each in parts]
        if len(set(names)) == len(set(models)):
            break
    return names


def _model(row: Mapping[str, Any], name: str, source: str, tensor_parallel: int) -> Model:
    model, urls = str(row["model"]), row.get("base_url", ())
    place = Path(model).expanduser()
    urls = (urls,) if isinstance(urls, str) else tuple(urls)
    engine = "url" if urls else "llama.cpp" if is_local(model) else "vllm"
    if engine == "llama.cpp":
        place = find_model(model).path
    elif engine == "vllm" and place.exists() and not (place / "config.json").is_file():
        raise SweepError(f"{source}: {model}: no checkpoint (a folder with config.json), and no .gguf file")
    elif engine == "vllm" and not place.exists() and (model.count("/") != 1 or model[0] in "./~"):
        raise SweepError(f"{source}: {model}: no such checkpoint; give a folder, PATH.gguf, or ORG/NAME of the hub")
    if engine != "vllm" and (unfit := [each for each in ("args", "tensor_parallel") if each in row]):
        raise SweepError(f"{source}: {model}: {unfit[0]} is for vLLM, which does not serve it")
    files = engine != "url" and model != BUNDLED and place.exists()
    step = _STEP.search(place.name)
    return Model(
        # A worker may run in another folder.
        model=str(place.resolve()) if files else model,
        name=name,
        engine=engine,
        base_urls=urls,
        step=row.get("step", float(step.group(1)) if step else None),
        series=row.get("series", place.resolve().parent.name if files else ""),
        tensor_parallel=row.get("tensor_parallel", tensor_parallel if engine == "vllm" else 1),
        args=tuple(row.get("args", ())),
        weights=_fingerprint(place) if files else None,
    )


def _fingerprint(place: Path) -> str:
    """A hash of names, sizes and times: new weights in the old place are another model, and nothing is read."""
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    states = [(path.name, path.stat()) for path in files]
    told = [(name, state.st_size, state.st_mtime_ns) for name, state in states]
    return hashlib.sha256(dumps(told).encode()).hexdigest()[:16]
