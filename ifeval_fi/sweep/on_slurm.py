"""The cells on SLURM: a job array through submitit; a job that is queued again goes on by its journals."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from shutil import which
from time import monotonic
from types import ModuleType
from typing import Any

from ifeval_fi.errors import MissingEngine
from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import dumps
from ifeval_fi.sweep.cell import run_cell
from ifeval_fi.sweep.plan import Cell, Plan, SweepError
from ifeval_fi.sweep.state import FAILED, is_done, read_row

LOGS, JOBS = "slurm", "jobs.json"
MINUTES = 240
REQUEUES = 10
# SLURM says so long before a job's end that it will end; what a cell has is written in much less.
_SIGNAL_SECONDS = 90
_ASK_SECONDS = 10.0
# So long a result may take to be seen through a file system after its job has left the queue.
_SEEN_SECONDS = 60.0
_GONE = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE")


class CellJob:
    """What a job carries out: submitit calls it on the node, and `checkpoint` when SLURM is about to end the job."""

    def __call__(self, folder: str) -> str | None:
        return run_cell(Path(folder))

    def checkpoint(self, folder: str) -> Any:
        """The job that is queued in place of this one; its journals hold what was done."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self, folder)


class SlurmWork:
    """Cells under way as the jobs of one array, which go on without this process."""

    def __init__(self, plan: Plan, cells: Sequence[Cell]) -> None:
        submitit = _submitit()
        self._plan = plan
        self._record = plan.output / LOGS / JOBS
        self._cells: dict[str, Cell] = {}
        self._logs: dict[str, str] = {}
        self._queued: set[str] | None = None
        self._asked_at = 0.0
        self._left_at: dict[str, float] = {}
        # An earlier call's jobs that still wait or run are waited for, and not sent again.
        earlier = read_row(self._record) or {}
        alive = _queued({job.partition("_")[0] for job in earlier}) or set()
        by_id = {cell.id: cell for cell in cells}
        for job, (name, log) in earlier.items():
            if job in alive and name in by_id:
                self._cells[job], self._logs[job] = by_id.pop(name), log
        if by_id:
            self._submit(submitit, list(by_id.values()))
        self._arrays = sorted({job.partition("_")[0] for job in self._cells})

    def _submit(self, submitit: ModuleType, cells: Sequence[Cell]) -> None:
        executor = submitit.AutoExecutor(
            folder=self._plan.output / LOGS,
            cluster="slurm",
            slurm_max_num_timeout=self._plan.slurm.get("requeues", REQUEUES),
        )
        executor.update_parameters(**self._parameters())
        try:
            jobs = executor.map_array(CellJob(), [str(self._plan.folder(cell)) for cell in cells])
        except Exception as problem:
            # submitit's FailedJobError carries what sbatch printed.
            raise SweepError(f"sbatch refuses the jobs: {str(problem).strip()[-500:]}") from None
        for job, cell in zip(jobs, cells, strict=True):
            self._cells[job.job_id], self._logs[job.job_id] = cell, str(job.paths.stderr)
        told = {job: [cell.id, self._logs[job]] for job, cell in self._cells.items()}
        write_atomically(self._record, dumps(told, indent=1) + "\n")

    def poll(self) -> dict[str, str | None]:
        """The cells that have ended since, with the reason of what ended without one of its own."""
        if monotonic() - self._asked_at >= _ASK_SECONDS:
            self._queued, self._asked_at = _queued(self._arrays), monotonic()
        ended: dict[str, str | None] = {}
        for job, cell in list(self._cells.items()):
            folder = self._plan.folder(cell)
            if self._queued is not None and job in self._queued:
                self._left_at.pop(job, None)
            elif self._queued is not None:
                self._left_at.setdefault(job, monotonic())
            left = job in self._left_at
            if is_done(cell, folder) or (left and (folder / FAILED).is_file()):
                ended[cell.id] = None
            elif left and monotonic() - self._left_at[job] > _SEEN_SECONDS:
                ended[cell.id] = _last_line(job, Path(self._logs[job]))
            if cell.id in ended:
                del self._cells[job]
        return ended

    def stop(self) -> str:
        """Leave the jobs to SLURM."""
        arrays = " ".join(self._arrays)
        return (
            f"The jobs go on; `scancel {arrays}` ends them, `ifeval-fi sweep --status {self._plan.output}` shows how "
            "far they are, and the same command waits for them."
        )

    def _parameters(self) -> dict[str, Any]:
        resources, slurm = self._plan.resources, self._plan.slurm
        parameters: dict[str, Any] = {
            "name": "ifeval-fi",
            "timeout_min": resources.get("minutes", MINUTES),
            "cpus_per_task": resources.get("cpus", 1),
            "tasks_per_node": 1,
            "nodes": 1,
            "slurm_signal_delay_s": _SIGNAL_SECONDS,
            "slurm_array_parallelism": self._plan.jobs or len(self._plan.cells),
        }
        # The jobs of an array are alike.
        if gpus := int(max(map(self._plan.gpus, self._plan.cells))):
            parameters["gpus_per_node"] = gpus
        if "memory_gb" in resources:
            parameters["mem_gb"] = resources["memory_gb"]
        parameters |= {
            f"slurm_{name}": slurm[name] for name in ("partition", "account", "qos", "setup") if name in slurm
        }
        # SLURM queues a job again whose node fails, where the cluster does not forbid it.
        parameters["slurm_additional_parameters"] = {"requeue": True, **slurm.get("parameters", {})}
        return parameters


def _queued(arrays: Iterable[str]) -> set[str] | None:
    """The jobs of the arrays that wait or run; None where SLURM does not say."""
    found: set[str] = set()
    for array in arrays:
        asked = subprocess.run(
            ["squeue", "--noheader", "--array", f"--jobs={array}", "--format=%i %T"],
            capture_output=True,
            text=True,
            timeout=120,
        )
        # An array that has ended long ago is unknown.
        if asked.returncode and "Invalid job id" not in asked.stderr:
            return None
        fields = (line.split() for line in asked.stdout.splitlines())
        found |= {each[0] for each in fields if len(each) == 2 and each[1] not in _GONE}
    return found


def _last_line(job: str, log: Path) -> str:
    try:
        lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    told = f": {lines[-1].strip()[:300]}" if lines else ""
    return f"job {job} ended without a result{told} (all of it: {log})"


def _submitit() -> ModuleType:
    try:
        submitit = import_module("submitit")
    except ImportError:
        raise MissingEngine('--executor slurm: submitit is not installed: pip install "ifeval-fi[slurm]"') from None
    if which("sbatch") is None:
        raise SweepError("--executor slurm: there is no sbatch on this machine; call it on a login node")
    return submitit
