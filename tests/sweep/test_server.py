"""The server room: vLLM's start, health, port, options, log and end, on a stand-in for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sweeps import checkpoint, plan

from ifeval_fi.errors import MissingEngine
from ifeval_fi.sweep import server as room
from ifeval_fi.sweep.cell import run_cell
from ifeval_fi.sweep.plan import Plan
from ifeval_fi.sweep.server import LOG, ServerDied, require, serving
from ifeval_fi.sweep.state import Watch


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(process: int) -> bool:
    deadline = time.monotonic() + 15
    while lives(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not lives(process)


def one(output: Path, told: dict[str, Any], **more: Any) -> tuple[Plan, Path]:
    made = plan(output / "out", [checkpoint(output / "step-1", **told)], **more)
    made.save()
    return made, made.folder(made.cells[0])


def test_a_server_comes_up_with_its_options_and_is_stopped_with_its_engine(tmp_path: Path) -> None:
    options = {"tensor_parallel": 2, "args": ["--max-model-len", "2048"]}
    made, folder = one(tmp_path, {"slow": 0.3}, vllm=options)
    with serving(made.cells[0], folder) as server:
        assert server.model == "step-1"
        assert server.ended() is None
        log = (folder / LOG).read_text()
    assert "'tensor_parallel_size': 2" in log
    assert "'max_model_len': 2048" in log
    assert "'host': '127.0.0.1'" in log
    assert gone(int(re.findall(r"engine (\d+)", log)[0]))


def test_a_server_that_does_not_come_up_says_its_last_lines(tmp_path: Path) -> None:
    lines = ["Traceback (most recent call last):", "ValueError: max_model_len 8192 is too large", "closing", "bye"]
    made, folder = one(tmp_path, {"dies": lines})
    problem = run_cell(folder)
    assert problem is not None
    assert problem.startswith("vLLM ended with status 1: ValueError: max_model_len 8192 is too large (all of it: ")
    (standing,) = Watch(made).look()
    assert standing.state == "failed"
    assert standing.lines[-4:] == tuple(lines)


def test_a_server_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    _, folder = one(tmp_path, {"slow": 60}, vllm={"start_seconds": 1.5})
    problem = run_cell(folder)
    assert problem is not None
    assert "did not come up within 2 s" in problem
    assert gone(int(re.findall(r"engine (\d+)", (folder / LOG).read_text())[0]))


def test_a_port_that_another_took_is_tried_no_more(tmp_path: Path) -> None:
    _, folder = one(tmp_path, {"once": str(tmp_path / "taken")})
    assert run_cell(folder) is None
    assert len(set(re.findall(r"'port': (\d+)", (folder / LOG).read_text()))) == 2


def test_a_server_that_dies_in_the_middle_is_named_and_the_next_goes_on(tmp_path: Path) -> None:
    made, folder = one(tmp_path, {"after": 2}, concurrency=1)
    problem = run_cell(folder)
    assert problem is not None
    assert problem.startswith("vLLM ended with status 1: torch.OutOfMemoryError: CUDA out of memory.")
    assert Watch(made).look()[0].answered == 2
    assert run_cell(folder) is None


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_the_server_ends_when_its_cell_is_killed(tmp_path: Path) -> None:
    _, folder = one(tmp_path, {"latency": 5.0})
    with subprocess.Popen([sys.executable, "-m", "ifeval_fi.sweep.cell", str(folder)]) as child:
        deadline = time.monotonic() + 30
        while not re.search(r"engine \d+", log := _read(folder / LOG)) and time.monotonic() < deadline:
            time.sleep(0.05)
        child.kill()
    assert gone(int(re.findall(r"engine (\d+)", log)[0]))


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_a_key_for_other_servers_is_not_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-salaisuus")
    monkeypatch.setenv("HF_TOKEN", "hf_tarpeen")
    inherited = room._environment({"VLLM_X": "1"})
    assert "OPENAI_API_KEY" not in inherited
    assert inherited["HF_TOKEN"] == "hf_tarpeen"
    assert inherited["VLLM_X"] == inherited["DO_NOT_TRACK"] == "1"


def test_a_missing_vllm_is_named_with_its_install_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "find_spec", lambda name: None)
    made, _ = one(tmp_path, {}, vllm={"command": ["/nowhere/vllm"]})
    with pytest.raises(MissingEngine, match="there is no /nowhere/vllm"):
        require(made.cells)
    monkeypatch.setattr(room, "which", lambda name: name)
    require(made.cells)
    bare = plan(tmp_path / "out", [str(tmp_path / "step-1")])
    cells = [type(cell)(**{**_fields(cell), "vllm": type(cell.vllm)()}) for cell in bare.cells]
    with pytest.raises(MissingEngine, match=r'pip install "ifeval-fi\[vllm\]"'):
        require(cells)


def _fields(cell: Any) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in cell.__slots__}


def test_serving_raises_and_leaves_no_process(tmp_path: Path) -> None:
    made, folder = one(tmp_path, {"dies": ["RuntimeError: no GPU"]})
    with pytest.raises(ServerDied, match="RuntimeError: no GPU") as found, serving(made.cells[0], folder):
        raise AssertionError("it must not come up")
    assert found.value.lines[-1] == "RuntimeError: no GPU"
