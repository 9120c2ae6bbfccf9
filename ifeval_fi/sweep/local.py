"""The cells on this machine: a process each, as many at a time as asked for or as there are GPUs for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ifeval_fi.runner.local import default_threads
from ifeval_fi.sweep.plan import Cell, Plan, SweepError

LOG = "cell.log"
_VISIBLE = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")
_KFD = Path("/sys/class/kfd/kfd/topology/nodes")


@dataclass
class _Running:
    cell: Cell
    process: subprocess.Popen[bytes]
    gpus: list[str]


class LocalWork:
    """Cells under way on this machine."""

    def __init__(self, plan: Plan, cells: Sequence[Cell]) -> None:
        self._plan = plan
        self._waiting = deque(cells)
        self._running: list[_Running] = []
        self._variable, self._free = visible_gpus()
        most = max((cell.model.gpus for cell in cells), default=0)
        if self._free and most > len(self._free):
            raise SweepError(f"tensor_parallel {most}: this machine has {len(self._free)} GPUs to see")
        # Without GPUs to hand out, a server of vLLM has the machine to itself.
        self._jobs = plan.jobs or (len(self._free) // most if self._free and most else 1)

    def poll(self) -> dict[str, str | None]:
        """Start what fits; the cells that have ended since, with the reason of what ended without one of its own."""
        ended: dict[str, str | None] = {}
        for each in [each for each in self._running if each.process.poll() is not None]:
            self._running.remove(each)
            self._free += each.gpus
            status = each.process.returncode
            ended[each.cell.id] = _last_line(self._log(each.cell), status) if status not in (0, 1, 130) else None
        while self._waiting and len(self._running) < self._jobs and self._fits(self._waiting[0]):
            self._start(self._waiting.popleft())
        return ended

    def stop(self) -> str:
        """Have every cell write what it has, stop its server and end."""
        for each in self._running:
            each.process.send_signal(signal.SIGTERM)
        for each in self._running:
            try:
                each.process.wait(60)
            except subprocess.TimeoutExpired:
                each.process.kill()
        return "Stopped; the same command goes on."

    def _fits(self, cell: Cell) -> bool:
        return not self._managed(cell) or cell.model.gpus <= len(self._free)

    def _managed(self, cell: Cell) -> bool:
        return bool(cell.model.gpus and self._variable)

    def _start(self, cell: Cell) -> None:
        gpus = [self._free.pop(0) for _ in range(cell.model.gpus)] if self._managed(cell) else []
        environment = {**os.environ, **({self._variable: ",".join(gpus)} if gpus else {})}
        threads = max(1, default_threads() // self._jobs)
        package = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
        command = [
            sys.executable,
            "-m",
            "ifeval_fi.sweep.cell",
            str(self._plan.folder(cell)),
            "--threads",
            str(threads),
        ]
        with self._log(cell).open("wb") as log:
            # A session of its own, so that Ctrl-C reaches the sweep alone, which then stops its cells in order.
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        self._running.append(_Running(cell, process, gpus))

    def _log(self, cell: Cell) -> Path:
        return self._plan.folder(cell) / LOG


def visible_gpus(environment: Mapping[str, str] = os.environ) -> tuple[str, list[str]]:
    """The variable that says which GPUs a process sees, and those that this one sees."""
    for name in _VISIBLE:
        if name in environment:
            return name, [each.strip() for each in environment[name].split(",") if each.strip() not in ("", "-1")]
    try:
        listed = subprocess.run(
            ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"], capture_output=True, text=True, timeout=60
        )
        if listed.returncode == 0 and listed.stdout.strip():
            return _VISIBLE[0], listed.stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        pass
    # AMD's driver lists processors too, whose gpu_id is 0.
    amd = [path for path in sorted(_KFD.glob("*/gpu_id")) if path.read_text().strip() not in ("", "0")]
    return (_VISIBLE[1], [str(number) for number in range(len(amd))]) if amd else ("", [])


def _last_line(log: Path, status: int) -> str:
    how = f"its process was ended by signal {-status}" if status < 0 else f"its process ended with status {status}"
    if status == -signal.SIGKILL:
        how += ", perhaps for want of memory"
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return f"{how}: {lines[-1].strip()[:300]} (all of it: {log})" if lines else how
