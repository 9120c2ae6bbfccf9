"""The cells on SLURM: a job array through submitit; a job that is queued again goes on by its journals."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from shutil import which
from time import monotonic
from types import ModuleType
from typing import Any

from ifeval_fi.errors import MissingEngine
from ifeval_fi.sweep.cell import run_cell
from ifeval_fi.sweep.plan import Cell, Plan, SweepError
from ifeval_fi.sweep.state import FAILED, is_done

LOGS = "slurm"
MINUTES = 240
REQUEUES = 10
# SLURM says so long before a job's end that it will end; what a cell has is written in much less.
_SIGNAL_SECONDS = 90
_ASK_SECONDS = 10.0
# So long a result may take to be seen through a file system after its job has left the queue.
_SEEN_SECONDS = 60.0


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
        executor = submitit.AutoExecutor(
            folder=plan.output / LOGS, cluster="slurm", slurm_max_num_timeout=plan.slurm.get("requeues", REQUEUES)
        )
        executor.update_parameters(**self._parameters())
        try:
            jobs = executor.map_array(CellJob(), [str(plan.folder(cell)) for cell in cells])
        except Exception as problem:
            # submitit's FailedJobError carries what sbatch printed.
            raise SweepError(f"sbatch refuses the jobs: {str(problem).strip()[-500:]}") from None
        self._jobs = {job.job_id: cell for job, cell in zip(jobs, cells, strict=True)}
        self._logs = {job.job_id: Path(job.paths.stderr) for job in jobs}
        self._array = jobs[0].job_id.partition("_")[0]
        self._queued: set[str] | None = None
        self._asked_at = 0.0
        self._left_at: dict[str, float] = {}

    def poll(self) -> dict[str, str | None]:
        """The cells that have ended since, with the reason of what ended without one of its own."""
        if monotonic() - self._asked_at >= _ASK_SECONDS:
            self._queued, self._asked_at = _queued(self._array), monotonic()
        ended: dict[str, str | None] = {}
        for job, cell in list(self._jobs.items()):
            folder = self._plan.folder(cell)
            if self._queued is not None and job in self._queued:
                self._left_at.pop(job, None)
            elif self._queued is not None:
                self._left_at.setdefault(job, monotonic())
            left = job in self._left_at
            if is_done(cell, folder) or (left and (folder / FAILED).is_file()):
                ended[cell.id] = None
            elif left and monotonic() - self._left_at[job] > _SEEN_SECONDS:
                ended[cell.id] = _last_line(job, self._logs[job])
            if cell.id in ended:
                del self._jobs[job]
        return ended

    def stop(self) -> str:
        """Leave the jobs to SLURM."""
        return (
            f"The jobs go on; `scancel {self._array}` ends them, and `ifeval-fi sweep --status {self._plan.output}` "
            "shows how far they are."
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


def _queued(array: str) -> set[str] | None:
    """The jobs of the array that wait or run; None where SLURM does not say."""
    asked = subprocess.run(
        ["squeue", "--noheader", "--array", f"--jobs={array}", "--format=%i %T"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    if asked.returncode:
        # An array that has ended long ago is unknown.
        return set() if "Invalid job id" in asked.stderr else None
    gone = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE")
    jobs = (line.split() for line in asked.stdout.splitlines())
    return {fields[0] for fields in jobs if len(fields) == 2 and fields[1] not in gone}


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
