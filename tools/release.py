"""A release, as a maintainer makes it.

python tools/release.py prepare 1.1.0   writes the version and today's date where they stand; look, and commit
python tools/release.py                 checks, builds, tries what was built, and tags (`make release`)
python tools/release.py --dry           the same without tag; what keeps from a release is said, not refused
python tools/release.py --tagged v1.1.0 what the workflow of the tag does
python tools/release.py --upload        the same as without, then uploads by hand, where the workflow cannot
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
VERSION, CHANGELOG, CITATION = (ROOT / name for name in ("ifeval_fi/version.py", "CHANGELOG.md", "CITATION.cff"))
LARGEST_MB = 12
# Tests that a source distribution must pass by itself: of the scores, and of every page and link; half a minute.
TRIED = ("tests/scoring", "tests/house/test_readme.py")


class NotReadyError(Exception):
    """What keeps from a release, in a sentence."""


def run(*call: object, cwd: Path = ROOT) -> str:
    """The standard output of a command; NotReadyError with what it said when it fails."""
    done = subprocess.run([str(each) for each in call], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        told = (done.stdout + done.stderr).strip().splitlines()[-30:]
        raise NotReadyError(f"{' '.join(map(str, call))} failed:\n" + "\n".join(told))
    return done.stdout


def version() -> str:
    found = re.search(r'__version__ = "(\d+\.\d+\.\d+)"', VERSION.read_text("utf-8"))
    if found is None:
        raise NotReadyError(f"{VERSION.name}: no version X.Y.Z")
    return found[1]


def problems(wanted: str | None) -> list[str]:
    """Everything that keeps from a release of this tree, at once."""
    number, found = version(), []
    if run("git", "status", "--porcelain").strip():
        found.append("the working tree has changes; commit them")
    tag = f"v{number}"
    if wanted not in (None, tag):
        found.append(f"the tag is {wanted}, ifeval_fi/version.py says {number}")
    if wanted is None and run("git", "tag", "--list", tag).strip():
        found.append(f"the tag {tag} is there already; `python tools/release.py prepare X.Y.Z` makes a new version")
    heading = re.search(r"^## (.+)\n+(.)?", CHANGELOG.read_text("utf-8"), re.MULTILINE)
    dated = re.fullmatch(rf"{re.escape(number)} \((\d{{4}}-\d\d-\d\d)\)", heading[1] if heading else "")
    if dated is None:
        found.append(
            f"CHANGELOG.md: its first section is {heading[1] if heading else 'missing'}, not {number} with a date"
        )
    cited = CITATION.read_text("utf-8")
    for line in (f"version: {number}", *([f"date-released: {dated[1]}"] if dated else [])):
        if not re.search(rf"^{re.escape(line)}$", cited, re.MULTILINE):
            found.append(f"CITATION.cff: no line {line!r}")
    return found


def prepare(number: str) -> None:
    """Write the version into the three files that name it; the changelog's Unreleased becomes it."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", number):
        raise NotReadyError(f"{number}: write a version as X.Y.Z")
    today = date.today().isoformat()
    text = CHANGELOG.read_text("utf-8")
    if "\n## Unreleased\n" not in text:
        raise NotReadyError("CHANGELOG.md: has no section Unreleased")
    CHANGELOG.write_text(text.replace("\n## Unreleased\n", f"\n## {number} ({today})\n", 1), "utf-8")
    VERSION.write_text(re.sub(r'"\d+\.\d+\.\d+"', f'"{number}"', VERSION.read_text("utf-8")), "utf-8")
    cited = re.sub(r"^version: .*$", f"version: {number}", CITATION.read_text("utf-8"), flags=re.MULTILINE)
    CITATION.write_text(re.sub(r"^date-released: .*$", f"date-released: {today}", cited, flags=re.MULTILINE), "utf-8")
    print(f"{number} of {today} is in {VERSION.name}, CHANGELOG.md and CITATION.cff; look at them and commit")


def build() -> tuple[Path, Path]:
    """The wheel and the source distribution, checked as the index will check them."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT)
    (wheel,), (source,) = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    run(sys.executable, "-m", "twine", "check", "--strict", wheel, source)
    megabytes = wheel.stat().st_size / 2**20
    if megabytes > LARGEST_MB:
        raise NotReadyError(f"{wheel.name}: {megabytes:.1f} MB, more than {LARGEST_MB}")
    print(f"built {wheel.name} ({megabytes:.1f} MB) and {source.name} ({source.stat().st_size / 2**20:.1f} MB)")
    return wheel, source


def try_wheel(wheel: Path, folder: Path) -> None:
    """Install the wheel as a user does, in an environment of its own, and score with it in an empty folder."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    command = folder / "venv" / "bin" / "ifeval-fi"
    told = run(command, "--version", cwd=folder).strip()
    if told != version():
        raise NotReadyError(f"the wheel's `ifeval-fi --version` says {told}, not {version()}")
    samples = ROOT / "data" / "fi" / "samples.jsonl"
    run(command, "score", samples, "--output", folder / "scored", cwd=folder)
    scores = json.loads((folder / "scored" / "scores.json").read_text("utf-8"))
    if not scores["complete"] or scores["prompt_level_strict_acc"] != 1.0:
        raise NotReadyError("the wheel scores the sample answers otherwise than all followed")
    print(f"the wheel, installed anew, scores {scores['counts']['scored']} sample answers: all followed")


def try_source(source: Path, folder: Path) -> None:
    """Unpack the source distribution and run its own tests with its own code."""
    with tarfile.open(source) as archive:
        archive.extractall(folder / "source", filter="data")
    (unpacked,) = (folder / "source").iterdir()
    told = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TRIED, cwd=unpacked)
    print(f"the source distribution's own tests: {told.strip().splitlines()[-1].strip()}")


def release(*, dry: bool, tagged: str | None, upload: bool) -> None:
    found = problems(tagged)
    if found and not dry:
        raise NotReadyError("\n".join(found))
    for each in found:
        print(f"would keep from a release: {each}")
    wheel, source = build()
    with tempfile.TemporaryDirectory() as folder:
        try_wheel(wheel, Path(folder))
        if tagged is None:
            try_source(source, Path(folder))
    if dry or tagged:
        print(f"nothing was tagged or uploaded; the files are in {DIST.name}/")
        return
    run("git", "tag", "--annotate", f"v{version()}", "--message", f"ifeval-fi {version()}")
    print(f"tagged v{version()}; `git push origin v{version()}` publishes it by the workflow")
    if upload:
        subprocess.run([sys.executable, "-m", "twine", "upload", wheel, source], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", nargs="?", choices=["prepare"])
    parser.add_argument("number", nargs="?")
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("--tagged")
    parser.add_argument("--upload", action="store_true")
    given = parser.parse_args()
    try:
        if given.step:
            prepare(given.number or "")
        else:
            release(dry=given.dry, tagged=given.tagged, upload=given.upload)
    except NotReadyError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
