"""On a real SLURM of one machine, with the small model: a job array, and a job that is queued again in the middle.

`make test-slurm` runs it where Debian's slurm-wlm and munge are installed; IFEVAL_FI_TEST_SLURM says that they are.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from slurm_cluster import SlurmCluster, missing

from ifeval_fi.sweep.drive import carry_out
from ifeval_fi.sweep.plan import Plan, SweepError, make_plan
from ifeval_fi.sweep.state import CLAIMS, Standing, Watch

pytestmark = [
    pytest.mark.skipif(not os.environ.get("IFEVAL_FI_TEST_SLURM"), reason="IFEVAL_FI_TEST_SLURM is not set"),
    pytest.mark.timeout(900),
]
SETTINGS = [{"name": "greedy"}, {"name": "warm", "temperature": 0.7, "seed": 3}, {"name": "short", "max_tokens": 8}]


def plan(output: Path, **more: Any) -> Plan:
    table = {"models": ["smollm2"], "prompts": ["fi", "en"], "limit": 3, "max_tokens": 24, "settings": SETTINGS}
    return make_plan({**table, "output": str(output), **more})


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlurmCluster]:
    assert not missing(), f"not installed: {missing()}"
    with SlurmCluster(tmp_path / "slurm") as cluster:
        for name in ("PATH", "SLURM_CONF"):
            monkeypatch.setenv(name, cluster.environment[name])
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        yield cluster


def answers(made: Plan) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for cell in made.cells:
        for asked in cell.sets:
            folder = made.folder(cell) / asked.folder
            lines = (folder / "responses.jsonl").read_bytes().splitlines()
            rows = sorted((row["key"], row["sample"], row["response"]) for row in map(json.loads, lines[1:]))
            place = f"{cell.id}/{asked.folder}"
            found[place] = json.dumps(rows).encode()
            found |= {f"{place}/{name}": (folder / name).read_bytes() for name in ("scores.json", "verdicts.jsonl")}
    return found


def test_a_job_that_is_queued_again_goes_on(tmp_path: Path, slurm: SlurmCluster) -> None:
    made = plan(tmp_path / "sweep", executor="slurm", resources={"cpus": 1, "minutes": 15})
    queued_again: list[str] = []

    def look(standings: Sequence[Standing]) -> None:
        for number, each in enumerate(standings):
            if not queued_again and each.state == "running" and each.answered:
                array = slurm.run("squeue", "-h", "-o", "%F").split()[0]
                slurm.run("scontrol", "requeue", f"{array}_{number}")
                queued_again.append(each.cell.id)

    outcome = carry_out(made, look)
    assert outcome.complete, [(each.cell.label, each.state, each.reason) for each in outcome.standings]
    claims = {cell.id: len(list((made.folder(cell) / CLAIMS).glob("*.json"))) for cell in made.cells}
    assert claims[queued_again[0]] == 2
    assert list((made.output / "slurm").glob("*_log.err")), "logs are kept"
    alone = plan(tmp_path / "local")
    assert carry_out(alone).complete
    assert answers(made) == answers(alone)


def test_a_job_that_dies_is_a_failure_with_its_last_line(tmp_path: Path, slurm: SlurmCluster) -> None:
    made = plan(tmp_path / "sweep", executor="slurm", slurm={"setup": ["echo no such module >&2", "exit 3"]})
    outcome = carry_out(made)
    assert {each.state for each in outcome.standings} == {"failed"}
    assert all("no such module" in each.reason for each in outcome.standings), outcome.standings[0].reason


def test_jobs_go_on_without_the_sweep(tmp_path: Path, slurm: SlurmCluster) -> None:
    made = plan(tmp_path / "sweep", executor="slurm", prompts=["fi"])

    def leave(standings: Sequence[Standing]) -> None:
        raise KeyboardInterrupt

    outcome = carry_out(made, leave)
    assert outcome.stopped
    assert "scancel" in outcome.stopped
    slurm.wait_until_empty()
    assert all(each.state == "done" for each in Watch(made).look())


def test_what_sbatch_refuses_is_one_sentence(tmp_path: Path, slurm: SlurmCluster) -> None:
    with pytest.raises(SweepError, match=r"sbatch refuses the jobs: .*partition"):
        carry_out(plan(tmp_path / "sweep", executor="slurm", slurm={"partition": "none"}))
