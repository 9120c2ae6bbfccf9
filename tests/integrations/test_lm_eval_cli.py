"""The wheel beside lm-eval: what it installs, upgrades, leaves and hides, and lm_eval's own command line.

The tests with the real lm-eval need a network for pip and some minutes; `make test-lm-eval` runs them.
"""

from __future__ import annotations

import json
import os
import re
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from environments import Environment, build_wheel, clean_environment
from paths import ROOT

from ifeval_fi.cli import main
from ifeval_fi.integrations import lm_eval_install

TASKS = {path.name: path.read_bytes() for path in (ROOT / "tasks").iterdir() if path.is_file()}
INSTALLED = sorted(name for name in TASKS if name != "README.md")
NAMES = {path.stem for path in (ROOT / "tasks").glob("*.yaml")}
LM_EVAL = os.environ.get("IFEVAL_FI_TEST_LM_EVAL", "")
real = pytest.mark.skipif(not LM_EVAL, reason="needs lm-eval in an environment of its own; make test-lm-eval")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    venv.create(tmp_path / "env", symlinks=os.name != "nt")
    return Environment(tmp_path / "env")


def make_wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> Path:
    """The smallest wheel pip accepts."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for place, content in files.items():
            archive.writestr(place, content)
        archive.writestr(f"{info}/RECORD", "".join(f"{place},,\n" for place in [*files, f"{info}/RECORD"]))
    return path


def fake_lm_eval(folder: Path, version: str = "0.4.13", **files: str) -> Path:
    contents = {"lm_eval/__init__.py": "REAL = True\n", "lm_eval/tasks/__init__.py": "", **files}
    return make_wheel(folder, "lm_eval", version, contents)


def tasks_in(environment: Environment) -> dict[str, bytes]:
    folder = environment.site / "lm_eval" / "tasks" / "ifeval_fi"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} if folder.exists() else {}


def test_the_wheel_holds_the_tasks_in_its_own_folder_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packaged = {Path(name).name: archive.read(name) for name in archive.namelist() if "ifeval_fi/tasks/" in name}
        others = {name.partition("/")[0] for name in archive.namelist()} - {"ifeval_fi"}
    assert packaged == TASKS
    assert all(name.endswith(".dist-info") for name in others), others


INSTALL = "from ifeval_fi.integrations.lm_eval_install import install, uninstall; print({}())"


def test_a_base_install_leaves_no_trace_of_lm_eval(wheel: Path, environment: Environment, tmp_path: Path) -> None:
    environment.install("--no-index", "--no-deps", wheel)
    assert environment.python("from importlib.util import find_spec; print(find_spec('lm_eval'))") == "None"
    assert not list(environment.site.glob("*.pth"))
    assert "lm-eval is not installed here" in environment.run("python", "-c", INSTALL.format("install"), check=False)
    assert not (environment.site / "lm_eval").exists()


def test_the_tasks_are_copied_renewed_and_removed(wheel: Path, environment: Environment, tmp_path: Path) -> None:
    environment.install("--no-index", "--no-deps", wheel)
    environment.install("--no-index", fake_lm_eval(tmp_path))
    assert tasks_in(environment) == {}
    folder = environment.python(INSTALL.format("install"))
    assert Path(folder) == environment.site / "lm_eval" / "tasks" / "ifeval_fi"
    assert {name: tasks_in(environment)[name] for name in TASKS} == TASKS
    (Path(folder) / "ifeval_fi.yaml").write_text("task: ifeval_fi\n", "utf-8")
    environment.python(INSTALL.format("install"))
    assert {name: tasks_in(environment)[name] for name in TASKS} == TASKS
    environment.install("--no-index", fake_lm_eval(tmp_path, "0.4.14"))
    assert {name: tasks_in(environment)[name] for name in TASKS} == TASKS
    assert environment.python(INSTALL.format("uninstall")) == folder
    assert not Path(folder).exists()
    assert environment.python(INSTALL.format("uninstall")) == "None"
    environment.python("import lm_eval; lm_eval.REAL")


def test_somebody_elses_folder_of_that_name_is_left_alone(
    wheel: Path, environment: Environment, tmp_path: Path
) -> None:
    environment.install("--no-index", "--no-deps", wheel)
    environment.install("--no-index", fake_lm_eval(tmp_path, **{"lm_eval/tasks/ifeval_fi/ifeval_fi.yaml": "theirs"}))
    assert "not of ifeval-fi" in environment.run("python", "-c", INSTALL.format("install"), check=False)
    assert environment.python(INSTALL.format("uninstall")) == "None"
    assert tasks_in(environment) == {"ifeval_fi.yaml": b"theirs"}


def tasks_path(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["tasks-path"])
    assert ended.value.code == 0
    printed = capsys.readouterr()
    return printed.out, printed.err


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tasks folder of an lm-eval in which this wheel is installed."""
    folder = tmp_path / "lm_eval" / "tasks"
    (folder / "ifeval_fi").mkdir(parents=True)
    for name in INSTALLED:
        (folder / "ifeval_fi" / name).write_bytes(TASKS[name])
    monkeypatch.setattr(lm_eval_install, "lm_eval_tasks", lambda: folder)
    monkeypatch.setattr(lm_eval_install, "version", lambda _: "0.4.13")
    return folder


def test_tasks_path_prints_the_folder_alone(theirs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = tasks_path(capsys)
    assert {path.name for path in Path(out.strip()).iterdir()} >= set(INSTALLED)
    assert out.count("\n") == 1
    assert err == ""


def test_a_fork_with_a_task_of_that_name_is_named(theirs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (theirs / "ifeval_mt").mkdir()
    (theirs / "ifeval_mt" / "finnish.yaml").write_text('task: "ifeval_fi"\ndataset_path: x\n', "utf-8")
    _, err = tasks_path(capsys)
    assert f"{theirs / 'ifeval_mt' / 'finnish.yaml'} is another task named ifeval_fi; --include_path puts" in err


def test_a_file_written_over_is_named(theirs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (theirs / "ifeval_fi" / "ifeval_fi.yaml").write_text("task: ifeval_fi\n", "utf-8")
    _, err = tasks_path(capsys)
    assert f"{theirs / 'ifeval_fi' / 'ifeval_fi.yaml'} is another task named ifeval_fi" in err
    assert "does not find ifeval_fi.yaml by itself; give it --include_path" in err


def test_an_lm_eval_without_the_tasks_needs_the_path(theirs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in INSTALLED:
        (theirs / "ifeval_fi" / name).unlink()
    _, err = tasks_path(capsys)
    assert "does not find ifeval_bilingual.yaml, " in err
    assert "ifeval_en_510.yaml" in err


@pytest.mark.parametrize(
    ("version", "tested"), [("0.4.10", True), ("0.4.12", True), ("0.4.9.2", False), ("0.4.14", False), ("0.5.0", False)]
)
def test_an_untested_version_is_named(
    version: str, tested: bool, theirs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lm_eval_install, "version", lambda _: version)
    _, err = tasks_path(capsys)
    assert (f"lm-eval {version} was not tested" in err) is not tested


def test_without_lm_eval_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lm_eval_install, "lm_eval_tasks", lambda: None)
    out, err = tasks_path(capsys)
    assert Path(out.strip()).is_dir()
    assert 'pip install "ifeval-fi[lm-eval]"' in err


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A clean environment with this wheel and lm-eval; IFEVAL_FI_TEST_LM_EVAL is its version, or a folder to reuse."""
    folder = tmp_path_factory.mktemp("clean") / "env"
    what = (f"{wheel}[lm-eval,reference]", f"lm-eval[api]=={LM_EVAL}")
    environment = clean_environment(folder, wheel, LM_EVAL, *what)
    environment.run("ifeval-fi", "tasks-path", "--install")
    return environment


@real
def test_the_tests_of_the_tasks_pass_in_it(clean: Environment) -> None:
    clean.install("pytest")
    done = clean.run(
        "python",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        ROOT / "tests" / "integrations" / "test_lm_eval_task.py",
    )
    assert "skipped" not in done


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from ifeval_fi.runner.local import find_model, serve

    with serve(find_model("smollm2"), max_tokens=64, threads=1) as url:
        yield url


def ask(clean: Environment, url: str, output: Path, *options: str | Path) -> str:
    model = f"model=smollm2,base_url={url}/chat/completions,num_concurrent=4"
    settings = ["--gen_kwargs", "max_gen_toks=32", "--limit", "3", "--apply_chat_template", "--log_samples"]
    return clean.run(
        "lm_eval",
        "--model",
        "local-chat-completions",
        "--model_args",
        model,
        *settings,
        "--output_path",
        output,
        *options,
    )


def read_results(output: Path) -> dict[str, Any]:
    return dict(json.loads(next(output.rglob("results_*.json")).read_text("utf-8")))


@real
def test_the_line_that_model_authors_know(clean: Environment, server: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "answers"
    cache.parent.mkdir()
    tasks = {"ifeval_fi": "finnish", "ifeval_fi_reference": "reference"}
    asked = ["--tasks", ",".join(tasks), "--use_cache", cache]
    table = ask(clean, server, tmp_path / "first", *asked)
    ask(clean, "http://127.0.0.1:9/v1", tmp_path / "again", *asked)
    results = read_results(tmp_path / "first")
    assert read_results(tmp_path / "again")["results"] == results["results"]
    for task, rules in tasks.items():
        log = next((tmp_path / "first").rglob(f"samples_{task}_2*.jsonl"))
        clean.run("ifeval-fi", "score", log, "--partial", "--rules", rules, "--output", tmp_path / task)
        scores = json.loads((tmp_path / task / "scores.json").read_text("utf-8"))
        figures = {name.removesuffix(",none"): value for name, value in results["results"][task].items()}
        compared = {name: value for name, value in figures.items() if name in scores}
        assert compared == {name: scores[name] for name in compared}
        assert len(compared) == 12
        assert results["configs"][task]["metadata"]["signature"] == scores["signature"]
    assert results["n-samples"]["ifeval_fi"]["effective"] == 3
    rows = re.findall(r"\|↑ +\|[\d. ]+\|± +\|[\d. ]+\|$", table, re.MULTILINE)
    assert len(rows) == 12


@real
def test_both_languages_in_one_offline(clean: Environment, server: str, tmp_path: Path) -> None:
    ask(clean, server, tmp_path, "--tasks", "ifeval_bilingual")
    results = read_results(tmp_path)
    assert set(results["group_subtasks"]["ifeval_bilingual"]) == {"ifeval_fi", "ifeval_en_510"}
    for task in ("ifeval_fi", "ifeval_en_510"):
        assert results["n-samples"][task]["effective"] == 3
        assert 0 <= results["results"][task]["prompt_level_strict_acc,none"] <= 1
        keys = [json.loads(line)["doc"]["key"] for line in next(tmp_path.rglob(f"samples_{task}_2*.jsonl")).open()]
        assert len(set(keys)) == 3


@real
def test_include_path_puts_ours_first_and_predict_only_judges_nothing(
    clean: Environment, server: str, tmp_path: Path
) -> None:
    folder = clean.run("ifeval-fi", "tasks-path").strip()
    ask(clean, server, tmp_path, "--tasks", "ifeval_fi", "--include_path", folder, "--predict_only")
    results = read_results(tmp_path)
    assert results["configs"]["ifeval_fi"]["metadata"]["config_source"] == str(Path(folder) / "ifeval_fi.yaml")
    assert "prompt_level_strict_acc,none" not in results["results"]["ifeval_fi"]
    rows = next(tmp_path.rglob("samples_ifeval_fi_2*.jsonl")).read_text("utf-8").splitlines()
    assert len(rows) == 3


@real
def test_the_tasks_are_listed_and_valid_and_gone_when_uninstalled(clean: Environment, wheel: Path) -> None:
    assert "All tasks found and valid" in clean.run("lm_eval", "validate", "--tasks", ",".join(sorted(NAMES)))
    listed = clean.run("lm_eval", "ls", "tasks")
    assert NAMES - {"ifeval_bilingual"} <= set(re.findall(r"^\|(\w+)", listed, re.MULTILINE))
    try:
        clean.run("ifeval-fi", "tasks-path", "--uninstall")
        gone = clean.run("lm_eval", "validate", "--tasks", "ifeval_fi,ifeval", check=False)
        assert "Tasks not found: ifeval_fi\n" in gone
    finally:
        clean.run("ifeval-fi", "tasks-path", "--install")


@real
def test_a_hub_task_offline_says_what_to_do(clean: Environment, server: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"hub:google/IFEval@966cd895: cannot be read .* give a downloaded copy"):
        ask(clean, server, tmp_path, "--tasks", "ifeval_en_510_hub")
