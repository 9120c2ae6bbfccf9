"""On a real Ray cluster of two nodes, with the small model: one node is killed in the middle and nothing is missing.

`make test-ray` runs it in an environment that has Ray; IFEVAL_FI_TEST_RAY says that this one has.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ifeval_fi.sweep.drive import carry_out
from ifeval_fi.sweep.plan import Plan, SweepError, make_plan
from ifeval_fi.sweep.state import CLAIMS, Standing

pytestmark = [
    pytest.mark.skipif(not os.environ.get("IFEVAL_FI_TEST_RAY"), reason="IFEVAL_FI_TEST_RAY is not set"),
    pytest.mark.timeout(900),
]
SETTINGS = [
    {"name": "greedy"},
    {"name": "warm", "temperature": 0.7, "seed": 3},
    {"name": "short", "max_tokens": 12},
    {"name": "twice", "temperature": 1.0, "seed": 1, "samples": 2},
]


def plan(output: Path, **more: Any) -> Plan:
    table = {"models": ["smollm2"], "prompts": ["fi", "en"], "limit": 3, "max_tokens": 32, "settings": SETTINGS}
    return make_plan({**table, "output": str(output), **more})


@pytest.fixture
def nodes() -> Iterator[Any]:
    """A cluster whose head has no cores, so that all work is on two nodes that may be lost."""
    import ray
    from ray.cluster_utils import Cluster

    store = 80 * 2**20
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": store})
    workers = [cluster.add_node(num_cpus=1, object_store_memory=store) for _ in range(2)]
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
    yield cluster, workers
    ray.shutdown()
    cluster.shutdown()


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def runners(made: Plan) -> dict[int, str]:
    """The cells under way by the process number of the node's raylet, from their claims."""
    found = {}
    for cell in made.cells:
        claims = sorted((made.folder(cell) / CLAIMS).glob("*.json"))
        if claims and "ended" not in (said := json.loads(claims[-1].read_text() or "{}")) and "pid" in said:
            try:
                found[parent(said["pid"])] = cell.id
            except OSError:
                continue
    return found


def answers(made: Plan) -> dict[str, bytes]:
    """What was answered, and the files made of it, to the byte."""
    found: dict[str, bytes] = {}
    for cell in made.cells:
        for asked in cell.sets:
            folder = made.folder(cell) / asked.folder
            lines = (folder / "responses.jsonl").read_bytes().splitlines()
            rows = sorted((row["key"], row["sample"], row["response"]) for row in map(json.loads, lines[1:]))
            assert len(rows) == asked.count * cell.decoding["samples"]
            place = f"{cell.id}/{asked.folder}"
            found[place] = json.dumps(rows).encode()
            found |= {f"{place}/{name}": (folder / name).read_bytes() for name in ("scores.json", "verdicts.jsonl")}
    return found


def test_a_killed_node_costs_nothing(tmp_path: Path, nodes: Any) -> None:
    cluster, (first, second) = nodes
    made = plan(tmp_path / "ray", executor="ray")
    killed: list[str] = []
    both: set[int] = set()
    raylets = {node.all_processes["raylet"][0].process.pid: node for node in (first, second)}

    def look(standings: Sequence[Standing]) -> None:
        under_way = {raylet: cell for raylet, cell in runners(made).items() if raylet in raylets}
        both.update(under_way)
        begun = {each.cell.id for each in standings if each.state == "running" and 0 < each.answered < each.total}
        for raylet, cell in under_way.items():
            if not killed and cell in begun and len(both) == 2:
                killed.append(cell)
                cluster.remove_node(raylets[raylet], allow_graceful=False)

    outcome = carry_out(made, look)
    assert killed, "no node had a cell under way"
    assert outcome.complete, [(each.cell.label, each.state, each.reason) for each in outcome.standings]
    # The killed cell was claimed again, and the others once.
    attempts = {cell.id: len(list((made.folder(cell) / CLAIMS).glob("*.json"))) for cell in made.cells}
    assert attempts[killed[0]] == 2
    alone = plan(tmp_path / "local")
    assert carry_out(alone).complete
    assert answers(made) == answers(alone)


def test_what_no_node_has_is_refused_before_work_begins(tmp_path: Path, nodes: Any) -> None:
    with pytest.raises(SweepError, match="no node of the Ray cluster has what a cell needs \\(CPU 64\\)"):
        carry_out(plan(tmp_path / "ray", executor="ray", resources={"cpus": 64}))
