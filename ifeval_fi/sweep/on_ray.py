"""The cells on Ray: each is a task with its resources, and one whose node is lost is begun again on another."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ifeval_fi.errors import MissingEngine
from ifeval_fi.report.tables import one_line
from ifeval_fi.sweep.cell import run_cell
from ifeval_fi.sweep.plan import Cell, Plan, SweepError

RETRIES = 3
_CANCEL_SECONDS = 60.0


class RayWork:
    """Cells under way on an existing cluster, or on one that is started on this machine."""

    def __init__(self, plan: Plan, cells: Sequence[Cell]) -> None:
        self._ray = _ray()
        self._plan = plan
        self._waiting = deque(cells)
        self._running: dict[Any, Cell] = {}
        if not self._ray.is_initialized():
            try:
                self._ray.init(address=plan.ray.get("address"), log_to_driver=False, logging_level="ERROR")
            except (ConnectionError, ValueError) as problem:
                raise SweepError(f"ray.address {plan.ray.get('address')}: {one_line(str(problem))[:300]}") from None
        wanted = self._options()
        self._refuse_what_never_fits(wanted | {"num_gpus": max(map(plan.gpus, cells))})
        self._task = self._ray.remote(**wanted)(_run)

    def poll(self) -> dict[str, str | None]:
        """Submit what may run; the cells that have ended since, with the reason where they left none themselves."""
        while self._waiting and len(self._running) < (self._plan.jobs or len(self._plan.cells)):
            cell = self._waiting.popleft()
            threads = self._plan.resources.get("cpus")
            task = self._task.options(num_gpus=self._plan.gpus(cell))
            self._running[task.remote(str(self._plan.folder(cell)), threads)] = cell
        ready, _ = self._ray.wait(list(self._running), num_returns=len(self._running), timeout=0)
        return {self._running.pop(each).id: self._problem(each) for each in ready}

    def stop(self) -> str:
        """Have every cell write what it has, stop its server and end."""
        for each in self._running:
            self._ray.cancel(each)
        self._ray.wait(list(self._running), num_returns=len(self._running), timeout=_CANCEL_SECONDS)
        self._ray.shutdown()
        return "Stopped; the same command goes on."

    def _problem(self, task: Any) -> str | None:
        try:
            self._ray.get(task)
        except Exception as problem:
            # Ray's own account of a lost node or of an error of ours has many lines.
            cause = getattr(problem, "cause", None) or problem
            return f"{type(cause).__name__}: {one_line(str(cause))[:500]}"
        return None

    def _options(self) -> dict[str, Any]:
        resources, ray = self._plan.resources, self._plan.ray
        options: dict[str, Any] = {
            "num_cpus": resources.get("cpus", 1),
            "max_retries": ray.get("retries", RETRIES),
            "scheduling_strategy": "SPREAD",
        }
        if "memory_gb" in resources:
            options["memory"] = int(resources["memory_gb"] * 2**30)
        if "resources" in ray:
            options["resources"] = dict(ray["resources"])
        return options

    def _refuse_what_never_fits(self, wanted: dict[str, Any]) -> None:
        """Ray itself would wait for ever for a node that is large enough."""
        asked = {"CPU": wanted["num_cpus"], "GPU": wanted["num_gpus"], "memory": wanted.get("memory", 0)}
        asked |= wanted.get("resources", {})
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        if not any(all(node.get(name, 0) >= amount for name, amount in asked.items()) for node in nodes):
            what = ", ".join(f"{name} {amount:g}" for name, amount in asked.items() if amount)
            raise SweepError(f"no node of the Ray cluster has what a cell needs ({what}); see [resources]")


def _run(folder: str, threads: int | None) -> str | None:
    return run_cell(Path(folder), threads=threads)


def _ray() -> Any:
    # A cluster that is started here tells nobody of it.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise MissingEngine('--executor ray: Ray is not installed: pip install "ifeval-fi[ray]"') from None
    return ray
