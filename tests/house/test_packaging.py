"""The package is light to import, and its wheel carries all it needs, wherever it is installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from paths import ROOT

from ifeval_fi.version import __version__

HEAVY = ("numpy", "scipy", "rich", "aiohttp", "jsonschema", "nltk", "langdetect", "xllamacpp", "cyclopts", "matplotlib")


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, ifeval_fi; from ifeval_fi import check, score, load_prompts; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & set(HEAVY)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_wheel_carries_data_tasks_and_schemas(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in ("data/fi/prompts.jsonl", "data/fi/SHA256SUMS", "schemas/scores.schema.json", "py.typed"):
        assert f"ifeval_fi/{name}" in names
    assert any(name.startswith("ifeval_fi/tasks/") for name in names)
    assert not any(name.startswith(("tests/", "data/")) for name in names)


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 12 * 2**20


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="knows what belongs into it by git")
def test_the_sdist_has_all_that_its_tests_read(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(call, check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    # What is of the repository only: CI, and what keeps files from git and from a container.
    left = {name for name in kept if not name.startswith((".github/", ".ci/"))} - names
    assert left <= {".gitignore", ".containerignore", ".dockerignore"}


def test_the_citation_names_this_version_and_a_day() -> None:
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    for line in (r"cff-version: 1\.2\.0", rf"version: {re.escape(__version__)}", r"date-released: \d{4}-\d\d-\d\d"):
        assert re.search(rf"^{line}$", text, re.MULTILINE), line
    for field in ("title", "message", "authors", "license"):
        assert re.search(rf"^{field}:", text, re.MULTILINE), field


def test_wheel_scores_the_same_bytes_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """The wheel's code runs from another place, and straight from its zip file, on this environment's libraries."""
    venv.create(tmp_path / "venv", with_pip=False, system_site_packages=False)
    python = tmp_path / "venv" / "bin" / "python"
    libraries = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    code = (
        "import os, sys; sys.path.insert(0, sys.argv.pop(1)); sys.path.extend(sys.argv.pop(1).split(os.pathsep));"
        "import ifeval_fi; print(ifeval_fi.__file__, file=sys.stderr);"
        "from ifeval_fi.cli import main; main(sys.argv[1:])"
    )
    samples = ROOT / "data" / "fi" / "samples.jsonl"
    results = []
    for place, executable in ((ROOT, sys.executable), (unpacked, python), (wheel, python)):
        output = tmp_path / f"out{len(results)}"
        done = subprocess.run(
            [str(executable), "-c", code, str(place), libraries, "score", str(samples), "--output", str(output)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert str(place) in done.stderr
        results.append(((output / "verdicts.jsonl").read_bytes(), (output / "scores.json").read_bytes()))
    assert results[0] == results[1] == results[2]
    assert json.loads(results[0][1])["complete"]


@pytest.mark.skipif(not (ROOT / ".github").is_dir(), reason="the sdist has no workflows")
def test_every_python_that_is_promised_is_tested() -> None:
    promised = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")
    tested = re.search(r"python: \[(.*)\]", workflow)
    assert tested is not None
    assert re.findall(r"[\d.]+", tested[1]) == promised
    assert f'requires-python = ">={promised[0]}"' in (ROOT / "pyproject.toml").read_text("utf-8")
