"""What serves a cell, for every executor: vLLM or llama.cpp started and stopped here, or a server that runs already."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from time import monotonic, sleep

from ifeval_fi.errors import IfevalError, MissingEngine
from ifeval_fi.runner.local import find_model, serve
from ifeval_fi.sweep import guard
from ifeval_fi.sweep.plan import Cell, Model, Vllm

LOG = "server.log"
LAST_LINES = 15
_VLLM = ("-m", "vllm.entrypoints.openai.api_server")
_PORTS = 3
_POLL_SECONDS = 0.5
# Of the lines that a server dies with, e.g. "ERROR 11-25 10:00:00 …" or "torch.OutOfMemoryError: CUDA out of memory".
_TELLING = re.compile(r"\b\w*(?:Error|Exception)\b(?!\s*$)|\bERROR\b|out of memory|No space left")
_TRACE = re.compile(r"Traceback|^\s*File |\^{3}")


class ServerDied(IfevalError):
    """The server did not come up, or ended; `lines` are the last of its log."""

    def __init__(self, sentence: str, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        super().__init__(sentence)


class Serving:
    """A server that answers: its address, the model's name there, and whether it still runs."""

    def __init__(self, model: str, urls: tuple[str, ...], *, local_url: str | None = None) -> None:
        self.model = model
        self.urls = urls
        self.local_url = local_url

    def ended(self) -> ServerDied | None:
        """How it ended; None while it runs, or where that cannot be told."""
        return None


@contextmanager
def serving(cell: Cell, folder: Path, *, threads: int | None = None) -> Iterator[Serving]:
    """The cell's server, ready to be asked, and stopped on leaving; its log is kept in the cell's folder.

    `threads` are the embedded server's; all cores when not given. ServerDied says with its last lines why a server does
    not come up.
    """
    model = cell.model
    if model.engine == "url":
        yield Serving(model.model, model.base_urls)
    elif model.engine == "llama.cpp":
        with serve(find_model(model.model), max_tokens=cell.decoding["max_tokens"], threads=threads) as url:
            yield Serving(model.model, (), local_url=url)
    else:
        with _VllmServer.started(model, cell.vllm, folder / LOG) as server:
            yield server


def require(cells: Sequence[Cell]) -> None:
    """MissingEngine with the install line where what a cell's server is started with is not here."""
    for cell in cells:
        if cell.model.engine != "vllm":
            continue
        if cell.vllm.command and which(cell.vllm.command[0]) is None:
            raise MissingEngine(f"vllm.command: there is no {cell.vllm.command[0]} on this machine")
        if not cell.vllm.command and find_spec("vllm") is None:
            raise MissingEngine(
                f'{cell.model.name} is served by vLLM, which is not installed: pip install "ifeval-fi[vllm]"'
            )


class _VllmServer(Serving):
    """A vLLM of its own, on a free port of this machine only."""

    def __init__(self, model: Model, process: subprocess.Popen[bytes], port: int, log: Path, begun: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        super().__init__(model.name, (f"{self.root}/v1",))
        self._process = process
        self._log = log
        self._begun = begun

    @classmethod
    @contextmanager
    def started(cls, model: Model, vllm: Vllm, log: Path) -> Iterator[_VllmServer]:
        for attempt in range(_PORTS):
            server = cls._launch(model, vllm, log)
            try:
                try:
                    server._await(vllm.start_seconds)
                except ServerDied as died:
                    # Between the choice of a port and its use, another may have taken it.
                    if attempt + 1 < _PORTS and any("already in use" in line.lower() for line in died.lines):
                        continue
                    raise
                yield server
                return
            finally:
                server.stop()

    @classmethod
    def _launch(cls, model: Model, vllm: Vllm, log: Path) -> _VllmServer:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [*(vllm.command or (sys.executable, *_VLLM)), "--model", model.model]
        command += ["--served-model-name", model.name, "--host", "127.0.0.1", "--port", str(port)]
        if model.tensor_parallel > 1:
            command += ["--tensor-parallel-size", str(model.tensor_parallel)]
        command += [*vllm.args, *model.args]
        with log.open("ab") as file:
            begun = file.tell()
            file.write(f"$ {' '.join(command)}\n".encode())
            file.flush()
            process = subprocess.Popen(
                [sys.executable, guard.__file__, *command],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                env=_environment(vllm.env),
                start_new_session=True,
            )
        return cls(model, process, port, log, begun)

    def _await(self, seconds: float) -> None:
        deadline = monotonic() + seconds
        while not self._healthy():
            if died := self.ended():
                raise died
            if monotonic() > deadline:
                raise self._died(f"did not come up within {seconds:.0f} s (vllm.start_seconds)")
            sleep(_POLL_SECONDS)

    def _healthy(self) -> bool:
        try:
            # A proxy of the environment is not for this machine.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"{self.root}/health", timeout=5) as answer:
                return bool(answer.status == 200) and self._process.poll() is None
        except (OSError, ValueError):
            return False

    def ended(self) -> ServerDied | None:
        status = self._process.poll()
        return None if status is None else self._died(f"ended with status {status}")

    def _died(self, how: str) -> ServerDied:
        with self._log.open("rb") as file:
            file.seek(max(self._begun, file.seek(0, os.SEEK_END) - 65536))
            text = file.read().decode("utf-8", "replace")
        lines = [line.rstrip() for line in text.splitlines()[1:] if line.strip()]
        telling = [line for line in lines if _TELLING.search(line) and not _TRACE.search(line)]
        told = f": {telling[-1].strip()[-300:]}" if telling else f": {lines[-1].strip()[-300:]}" if lines else ""
        return ServerDied(f"vLLM {how}{told} (all of it: {self._log})", lines[-LAST_LINES:])

    def stop(self) -> None:
        """End it with its engine's processes; the guard gives them time, and then none."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """What the server inherits: all but the keys for other servers."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_AUTH_KEY"))}
    return {**kept, "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", **more}
