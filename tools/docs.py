"""Gather the documentation's pages and build its site: `make docs`.

Pages are Markdown files of the repository, readable where they lie, and three that are made from the program itself:
the commands, the instructions and the Python names. Links between them are kept; links to other files of the
repository become plain words, or links with --repo. The site lies in build/docs/VERSION, beside earlier ones.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import tomllib

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).resolve().parent))

import made_pages  # noqa: E402
from site_links import dead_links  # noqa: E402

PAGES, SITE, PUBLISHED = (ROOT / "build" / name for name in ("pages", "site", "docs"))
# [words](target), the target without white space; images have a "!" before.
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+)\)")
REDIRECT = """<!doctype html>
<meta charset="utf-8">
<title>ifeval_fi</title>
<meta http-equiv="refresh" content="0; url={newest}/">
<a href="{newest}/">{newest}</a>
"""
FENCE = re.compile(r"^(```|    ).*")


def sources() -> dict[Path, str]:
    """Each page's file in the repository, and its name in the site."""
    found = {path: str(path.relative_to(ROOT / "docs")) for path in sorted((ROOT / "docs").rglob("*.md"))}
    found |= {path: f"sets/{path.parent.name}.md" for path in sorted((ROOT / "data").glob("*/CARD.md"))}
    return found | {
        ROOT / "README.md": "index.md",
        ROOT / "tasks" / "README.md": "tasks.md",
        ROOT / "leaderboard" / "README.md": "leaderboard.md",
        ROOT / "CONTRIBUTING.md": "contributing.md",
        ROOT / "CHANGELOG.md": "changelog.md",
    }


def linked(text: str, source: Path, names: dict[Path, str], repo: str | None) -> str:
    """The page's text with its links as they go in the site; ValueError for one that leads nowhere."""

    def replaced(found: re.Match[str]) -> str:
        mark, words, target = found.groups()
        path, _, anchor = target.partition("#")
        if not path or re.match(r"[a-z]+:", path):
            return found[0]
        file = (source.parent / path).resolve()
        if not file.exists():
            raise ValueError(f"{source.relative_to(ROOT)}: {target} leads nowhere")
        if file in names or mark:
            name = names.get(file) or str(file.relative_to(ROOT / "docs"))
            here = os.path.relpath(name, Path(names[source]).parent)
            return f"{mark}[{words}]({here}{'#' + anchor if anchor else ''})"
        return f"[{words}]({repo}/{file.relative_to(ROOT)})" if repo else words

    lines, fenced = [], False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        lines.append(line if fenced or FENCE.match(line) else LINK.sub(replaced, line))
    return "".join(lines)


def gather(repo: str | None = None) -> None:
    """Write build/pages anew."""
    shutil.rmtree(PAGES, ignore_errors=True)
    names = sources()
    made = {"commands.md": made_pages.commands, "instructions.md": made_pages.instructions, "api.md": made_pages.names}
    for source, name in names.items():
        page = PAGES / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(linked(source.read_text("utf-8"), source, names, repo), "utf-8")
    for name, write in made.items():
        (PAGES / name).write_text(write(), "utf-8")
    shutil.copytree(ROOT / "docs" / "images", PAGES / "images")
    shutil.copy(ROOT / "docs" / "site.css", PAGES)


def navigation() -> Iterator[str]:
    """Every page that the site's navigation names."""

    def within(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for each in value.values():
                yield from within(each)
        elif isinstance(value, list):
            for each in value:
                yield from within(each)

    yield from within(tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"])


def build() -> list[str]:
    """Build build/site; everything wrong with it, in sentences."""
    pages, named = {str(page.relative_to(PAGES)) for page in PAGES.rglob("*.md")}, set(navigation())
    wrong = [f"zensical.toml names {each}, which is not there" for each in sorted(named - pages)]
    wrong += [f"zensical.toml's navigation lacks {each}" for each in sorted(pages - named)]
    shutil.rmtree(SITE, ignore_errors=True)
    call = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    told = done.stdout + done.stderr
    if done.returncode or re.search(r"warning|error", told, re.IGNORECASE):
        wrong.append(told.strip())
    return wrong + dead_links(SITE)


def publish(version: str, *, latest: bool) -> Path:
    """Put build/site beside the versions that are published already, and make the list that the site's menu shows."""
    place = PUBLISHED / version
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(SITE, place)
    listed = PUBLISHED / "versions.json"
    others = json.loads(listed.read_text("utf-8")) if listed.exists() else []
    kept = [each for each in others if each["version"] != version and (PUBLISHED / each["version"]).is_dir()]
    if latest:
        for each in kept:
            each["aliases"] = []
    entry = {"version": version, "title": version, "aliases": ["latest"] if latest else []}
    listed.write_text(json.dumps([entry, *kept], indent=1) + "\n", "utf-8")
    newest = next((each["version"] for each in (entry, *kept) if each["aliases"]), version)
    (PUBLISHED / "index.html").write_text(REDIRECT.format(newest=newest), "utf-8")
    return place


def main() -> int:
    from ifeval_fi.version import __version__

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repo", help="address under which the repository's files can be read, for links to them")
    parser.add_argument("--release", action="store_true", help="this version's pages; without it they are called dev")
    given = parser.parse_args()
    gather(given.repo)
    if wrong := build():
        print("\n".join(wrong), file=sys.stderr)
        return 1
    place = publish(__version__ if given.release else "dev", latest=given.release)
    print(f"Saved {place.relative_to(ROOT)}/index.html; `python -m http.server -d build/docs` shows it with its search")
    return 0


if __name__ == "__main__":
    sys.exit(main())
