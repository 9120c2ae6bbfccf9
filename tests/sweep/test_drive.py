"""Whole sweeps on this machine, by the command: progress, failures, resume, status, report."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import MisbehavingServer, error
from rich.console import Console
from sweeps import FAKE_VLLM, answers, checkpoint, plan

from ifeval_fi.cli import main
from ifeval_fi.sweep import local, on_ray, on_slurm
from ifeval_fi.sweep.drive import carry_out
from ifeval_fi.sweep.plan import SweepError
from ifeval_fi.sweep.state import Standing, Watch, mark_failed
from ifeval_fi.sweep.table import LiveTable, standings_table, summary


def called(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["sweep", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def toml(folder: Path, models: str, more: str = "") -> str:
    path = folder / "sweep.toml"
    command = json.dumps(FAKE_VLLM)
    path.write_text(
        f'output = "{folder / "out"}"\nmodels = {models}\nlimit = 3\n{more}\n[vllm]\ncommand = {command}\n', "utf-8"
    )
    return str(path)


def test_a_sweep_of_checkpoints_with_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for step in (100, 200, 1000):
        checkpoint(tmp_path / "koulutus" / f"step-{step}")
    settings = '[[settings]]\nname = "greedy"\n[[settings]]\nname = "hot"\ntemperature = 0.5\nsamples = 2\n'
    file = toml(tmp_path, f'["{tmp_path}/koulutus/step-*"]', f'prompts = ["fi", "sv"]\njobs = 3\n{settings}')
    assert called(file) == 0
    told = capsys.readouterr()
    assert "6 of 6 cells done · 54 of 54 answers" in told.out
    assert "step-1000 · hot: done" in told.err
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "3 models, 2 settings, Finnish and Swedish prompts" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for link in re.findall(r'href="(cells/[^"]+)"', page):
        assert (tmp_path / "out" / link).is_file()
    assert page.index("step-100<") < page.index("step-200<") < page.index("step-1000<")
    assert "koulutus · greedy" in page
    assert "koulutus · hot" in page
    assert "pass@2 %" in page
    assert re.search(r'class="who">1–3<', page), "three equal models share three ranks"
    before = (tmp_path / "out" / "report.html").read_bytes()
    assert called(file) == 0
    assert (tmp_path / "out" / "report.html").read_bytes() == before


def test_a_cell_that_fails_is_told_and_the_others_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = checkpoint(tmp_path / "a"), checkpoint(tmp_path / "b", dies=["RuntimeError: rikki", "loppu"])
    file = toml(tmp_path, json.dumps([bad, good]))
    assert called(file) == 1
    told = capsys.readouterr()
    assert "1 of 2 cells done, 1 failed" in told.out
    assert "Failed: b: vLLM ended with status 1: RuntimeError: rikki" in told.err
    assert "    loppu" in told.err
    assert "RuntimeError: rikki" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert called(str(tmp_path / "out"), "--status") == 1
    assert "rikki" in capsys.readouterr().out
    checkpoint(tmp_path / "b")
    assert called(file) == 0


def test_options_alone_make_a_sweep_and_no_other_number_of_jobs_shows(tmp_path: Path) -> None:
    with MisbehavingServer(models=("x", "y")) as server:
        call = ["--models", "x", "y", "--base-url", server.url, "--prompts", "fi", "et", "--limit", "2"]
        call += ["--samples", "2", "--temperature", "0.5", "--seed", "1", "--quiet"]
        assert called(*call, "--output", str(tmp_path / "one")) == 0
        assert called(*call, "--output", str(tmp_path / "many"), "--jobs", "4") == 0
        assert len(server.requests) == 2 * 2 * 2 * 2 * 2
    files = {}
    for name in ("one", "many"):
        root = tmp_path / name
        files[name] = {
            path.relative_to(root): path.read_bytes()
            for path in root.rglob("*")
            if path.name in ("scores.json", "verdicts.jsonl", "done.json")
        }
    assert len(files["one"]) == 2 * (2 * 2 + 1)
    assert files["one"] == files["many"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a sweep.toml, or --models"),
        (["--base-url", "http://127.0.0.1:9/v1"], "--base-url goes with --models"),
        (["--status"], "name the folder of the sweep"),
        (["nowhere.toml"], "nowhere.toml: no such file"),
        (["--status", "--output", "/nowhere"], "no folder of a sweep"),
        (["--models", "/nowhere/x"], "no such checkpoint"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert called(*arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_sweep_that_is_stopped_ends_its_cells_and_goes_on_later(tmp_path: Path, sent: signal.Signals) -> None:
    made = plan(tmp_path / "out", [checkpoint(tmp_path / "a", latency=0.4)], concurrency=1, limit=6)
    file = toml(tmp_path, json.dumps([str(tmp_path / "a")]), "concurrency = 1").replace("\n", "")
    Path(file).write_text(Path(file).read_text().replace("limit = 3", "limit = 6"))
    command = [sys.executable, "-m", "ifeval_fi", "sweep", file, "--quiet"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            if (made.output / "sweep.json").exists() and Watch(made).look()[0].answered:
                break
            time.sleep(0.05)
        child.send_signal(sent)
        said = child.communicate(timeout=40)[1]
    if sent == signal.SIGINT:
        assert child.returncode == 1
        assert "the same command goes on" in said
    log = (made.folder(made.cells[0]) / "server.log").read_text()
    engine = int(re.findall(r"engine (\d+)", log)[0])
    while Path(f"/proc/{engine}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{engine}").exists()
    assert Watch(made).look()[0].state == "waiting"
    assert carry_out(made).complete
    answers(made)


def test_a_process_that_is_killed_is_a_failure_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan(tmp_path / "out", [checkpoint(tmp_path / "a")])
    code = "import os, sys; print('kesken', flush=True); os.kill(os.getpid(), 9)"
    fake = tmp_path / "python"
    fake.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}"\n')
    fake.chmod(0o755)
    monkeypatch.setattr(local.sys, "executable", str(fake))
    (standing,) = carry_out(made).standings
    assert standing.state == "failed"
    assert standing.reason.startswith("its process was ended by signal 9, perhaps for want of memory: kesken")


def test_a_disk_that_is_full_is_a_failure_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the failure can be written by the cell itself."""
    made = plan(tmp_path / "out", [checkpoint(tmp_path / "a")])
    code = (
        "import sys; from ifeval_fi.errors import OutputError; import ifeval_fi.sweep.cell as cell\n"
        "def full(*_, **__): raise OutputError('done.json: cannot be written: No space left on device')\n"
        "cell.mark_done = cell.mark_failed = full; sys.argv = sys.argv[2:]; sys.exit(cell.main())"
    )
    (tmp_path / "full.py").write_text(code)
    fake = tmp_path / "python"
    fake.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path / "full.py"} "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setattr(local.sys, "executable", str(fake))
    (standing,) = carry_out(made).standings
    assert standing.state == "failed"
    assert "No space left on device" in standing.reason


def test_gpus_are_handed_out_and_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,5,6,7")
    models = [checkpoint(tmp_path / f"m{number}") for number in range(4)]
    made = plan(tmp_path / "out", models, vllm={"tensor_parallel": 2})
    assert carry_out(made).complete
    logs = [(made.folder(cell) / "server.log").read_text() for cell in made.cells]
    assert {re.findall(r"GPUs (\S+)", log)[0] for log in logs} == {"3,5", "6,7"}
    with pytest.raises(SweepError, match="this machine has 4 GPUs"):
        carry_out(plan(tmp_path / "more", models[:1], vllm={"tensor_parallel": 8}))


def test_a_missing_extra_is_named_before_work_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, install in (("ray", "ray"), ("submitit", "slurm")):
        monkeypatch.setitem(sys.modules, name, None)
        executor = "ray" if name == "ray" else "slurm"
        made = plan(tmp_path / executor, [checkpoint(tmp_path / "a")], executor=executor)
        with pytest.raises(Exception, match=rf'pip install "ifeval-fi\[{install}\]"'):
            carry_out(made)
        assert Watch(made).look()[0].state == "waiting"
    assert on_ray
    assert on_slurm


def test_the_table_shows_failures_first_and_fits_the_terminal(tmp_path: Path) -> None:
    made = plan(tmp_path / "out", [checkpoint(tmp_path / f"m{number}") for number in range(30)])
    made.save()
    mark_failed(made.folder(made.cells[29]), "rikki \x1b[31m [bold]x")
    standings = Watch(made).look()
    out = StringIO()
    console = Console(file=out, width=100, height=12, force_terminal=True)
    with LiveTable(console) as table:
        table.show(standings)
    shown = out.getvalue()
    assert "m29" in shown
    assert "[bold]x" in shown
    assert "\x1b[31m" not in shown
    assert "and 24 more" in shown
    assert summary(standings) == "0 of 30 cells done, 1 failed, 29 waiting · 0 of 90 answers"
    Console(file=StringIO()).print(standings_table(standings))


def test_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    made = plan(tmp_path / "out", [checkpoint(tmp_path / "a")])
    cell = made.cells[0]
    out = StringIO()
    with LiveTable(Console(file=out)) as table:
        for each in (
            Standing(cell, "waiting", 0, 3),
            Standing(cell, "running", 1, 3, "solmu1"),
            Standing(cell, "running", 2, 3, "solmu1"),
            Standing(cell, "failed", 2, 3, "solmu1", "rikki"),
        ):
            table.show([each])
    assert out.getvalue().splitlines() == ["a: running on solmu1", "a: failed (rikki)"]


def test_a_server_that_refuses_fails_the_cell_with_its_sentence(tmp_path: Path) -> None:
    with MisbehavingServer(lambda request, number: error(400, "liian pitkä")) as server:
        made = plan(tmp_path / "out", [{"model": "malli", "base_url": server.url}])
        (standing,) = carry_out(made).standings
    assert standing.state == "failed"
    assert "fi-1.1-3: " in standing.reason
