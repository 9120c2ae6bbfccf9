# ruff: noqa: E501
"""The leaderboard believes answers only: forged entries are found, the site is the same every time and escapes all."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import random
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import submissions as made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from misbehaving_server import MisbehavingServer
from submissions import Row, add, answer_rows, entry, identity, packed

from ifeval_fi.cli import main
from ifeval_fi.errors import IfevalError
from ifeval_fi.leaderboard import verify as verification
from ifeval_fi.leaderboard.board import Board, load_board
from ifeval_fi.leaderboard.build import build
from ifeval_fi.leaderboard.choice import Wanted, difference
from ifeval_fi.leaderboard.entry import FILES, SubmissionError, digest, strict_json
from ifeval_fi.leaderboard.examine import examine
from ifeval_fi.leaderboard.exports import every_eval_ever
from ifeval_fi.leaderboard.interview import QUESTIONS, ask_entry
from ifeval_fi.leaderboard.reproduce import reproduce
from ifeval_fi.leaderboard.submit import submit
from ifeval_fi.leaderboard.texts import LANGUAGES, texts
from ifeval_fi.leaderboard.verify import Verification, verify
from ifeval_fi.prompts import PromptSet, load_prompts

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7 * 7 }} \ud800\u202e\x00 ]]> &amp;"


class Bench:
    """A folder of submissions on forty prompts."""

    def __init__(self, place: Path) -> None:
        self.root = place / "submissions"
        self.root.mkdir(parents=True)
        self.sources = {"fi": str(made.small_prompts(place))}
        self.prompts: PromptSet = load_prompts(self.sources["fi"], language="fi")

    def add(self, data: Row | None = None, **options: Any) -> Path:
        return add(self.root, self.prompts, data or entry(), **{"seed": 1, **options})

    def verify(self, folder: Path) -> Verification:
        return verify(folder, prompts=self.sources)

    def examine(self) -> dict[str, Verification]:
        return {each.place: each for each in examine(self.root, prompts=self.sources)}

    def board(self, **options: Any) -> Board:
        return load_board(self.root, prompts=self.sources, **options)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def repack(folder: Path, content: bytes, *, honest: bool = True) -> None:
    """Replace the answers; an honest checksum goes with them."""
    (folder / "responses.jsonl.gz").write_bytes(gzip.compress(content, mtime=0))
    if honest:
        change(folder, answers_sha256=digest(content))


def change(folder: Path, **changes: Any) -> None:
    data = json.loads((folder / "entry.json").read_text("utf-8"))
    (folder / "entry.json").write_text(json.dumps(data | changes), "utf-8")


def test_an_honest_entry_is_accepted_and_scored(bench: Bench) -> None:
    found = bench.verify(bench.add(followed=0.5))
    assert found.errors == []
    assert found.summary is not None
    assert 0 < found.summary["inst_level_strict_acc"] < 1
    assert len(found.followed) == made.COUNT
    assert "accepted" in found.markdown()


Forge = Callable[[Bench, Path, list[Row]], None]


def _rewrite(change_rows: Callable[[list[Row]], list[Row]], *, honest: bool = True) -> Forge:
    def forge(bench: Bench, folder: Path, rows: list[Row]) -> None:
        repack(folder, packed(identity(bench.prompts), change_rows(rows)), honest=honest)

    return forge


def _edited(rows: list[Row]) -> list[Row]:
    return [rows[0] | {"response": "Parempi vastaus, jota malli ei antanut."}, *rows[1:]]


def _raw(content: bytes) -> Forge:
    return lambda _, folder, __: repack(folder, content)


def _link(_: Bench, folder: Path, __: list[Row]) -> None:
    (folder / "run.json").unlink()
    (folder / "run.json").symlink_to("/etc/hostname")


def _bomb(_: Bench, folder: Path, __: list[Row]) -> None:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as file:
        for _i in range(129):
            file.write(b"\0" * 2**20)
    (folder / "responses.jsonl.gz").write_bytes(out.getvalue())


def _settings(**changes: Any) -> Forge:
    """Change the run's identity in run.json and in the header alike."""

    def forge(bench: Bench, folder: Path, rows: list[Row]) -> None:
        run = identity(bench.prompts) | changes
        (folder / "run.json").write_text(json.dumps(made.settings(run)), "utf-8")
        repack(folder, packed(run, rows))

    return forge


def _model(**changes: Any) -> Forge:
    def forge(_: Bench, folder: Path, __: list[Row]) -> None:
        data = json.loads((folder / "entry.json").read_text("utf-8"))
        change(folder, model=data["model"] | changes)

    return forge


FORGERIES: list[tuple[str, Forge, str]] = [
    ("edited score", lambda _, f, __: change(f, claimed={"inst_level_strict_acc": 0.99}), "claims inst_level_strict"),
    ("edited answer, old checksum", _rewrite(_edited, honest=False), "the answers were changed"),
    ("another set of prompts", _settings(prompts={"name": "x", "language": "fi", "count": 1, "digest": "0" * 64}), "asked other"),
    ("another language", _settings(prompts={"name": "x", "language": "../../etc", "count": 1, "digest": "0" * 64}), "not at hand"),
    ("hub prompts", _settings(prompts={"name": "x", "language": "hub:a/b", "count": 1, "digest": "0" * 64}), "not at hand"),
    ("swapped prompts", _rewrite(lambda rows: [rows[0] | {"key": rows[1]["key"]}, rows[1] | {"key": rows[0]["key"]}, *rows[2:]]), "another version of their prompt"),
    ("prompt hash missing", _rewrite(lambda rows: [{k: v for k, v in row.items() if k != "prompt_sha256"} for row in rows]), "another version of their prompt"),
    ("one good answer many times", _rewrite(lambda rows: [row | {"response": rows[0]["response"]} for row in rows]), "word for word"),
    ("missing key", _rewrite(lambda rows: rows[1:]), "1 prompts without their 1 answer"),
    ("doubled key", _rewrite(lambda rows: [*rows, rows[0]]), "answered twice"),
    ("unknown key", _rewrite(lambda rows: [*rows, rows[0] | {"key": 9}]), "1 unknown keys"),
    ("true as a key", _rewrite(lambda rows: [*rows, rows[0] | {"key": True}]), "plain numbers"),
    ("empty answers", _rewrite(lambda rows: [row | {"response": " "} for row in rows[:5]] + rows[5:]), "5 empty answers"),
    ("failed requests", _rewrite(lambda rows: [rows[0] | {"outcome": "failed"}, *rows[1:]]), "1 requests failed"),
    ("answer of a wrong type", _rewrite(lambda rows: [rows[0] | {"response": ["a"]}, *rows[1:]]), "lacks an outcome or an answer"),
    ("endless answer", _rewrite(lambda rows: [rows[0] | {"response": "a" * 400_001}, *rows[1:]]), "longer than 400000"),
    ("no header", _raw(b'{"key": 1}\n'), "lacks the run's header"),
    ("no JSON", _raw(b"[" * 100_000 + b"\n"), "not JSON"),
    ("no object", _raw(b"1\n"), "must be a JSON object"),
    ("not UTF-8", _raw(b"\xff\n"), "not JSON in UTF-8"),
    ("NaN", _raw(b'{"run": NaN}\n'), "NaN is no JSON"),
    ("huge number", _raw(b'{"key": ' + b"9" * 5000 + b"}\n"), "too large or too long"),
    ("infinite number", _raw(b'{"key": 1e999}\n'), "too large or too long"),
    ("deep nesting", _settings(extra_body={"a": json.loads("[" * 300 + "]" * 300)}), "nested more than 20 levels"),
    ("values by the million", _raw(b"[" + b"[]," * 100_000 + b"1]\n"), "more than 10000 values"),
    ("too many lines", _raw(b"{}\n" * 20_001), "more than 20000 lines"),
    ("long line", _raw(b'{"a": "' + b"a" * (4 * 2**20) + b'"}\n'), "longer than 4 MiB"),
    ("gz bomb", _bomb, "unpacks to more than 128 MiB"),
    ("no gzip", lambda _, f, __: (f / "responses.jsonl.gz").write_bytes(b"PK\3\4") and None, "no whole gzip file"),
    ("torn gzip", lambda _, f, __: (f / "responses.jsonl.gz").write_bytes((f / "responses.jsonl.gz").read_bytes()[:-9]) and None, "no whole gzip file"),
    ("a link", _link, "run.json is a link"),
    ("a stray file", lambda _, f, __: (f / "setup.py").write_text("import os") and None, "setup.py does not belong"),
    ("a stray folder", lambda _, f, __: (f / "x").mkdir(), "x does not belong"),
    ("no run.json", lambda _, f, __: (f / "run.json").unlink(), "run.json is missing"),
    ("a fat file", lambda _, f, __: (f / "entry.json").write_bytes(b" " * 70_000) and None, "larger than 64 KiB"),
    ("doubled name", lambda _, f, __: (f / "entry.json").write_text('{"schema": 1, "schema": 1}') and None, "stands twice"),
    ("unknown field", lambda _, f, __: change(f, score=1), "'score' was unexpected"),
    ("another folder", _model(id="other/malli"), "must be named other__malli"),
    ("id that climbs", _model(id="../../x"), "does not match"),
    ("no such day", _model(released="2025-02-30"), "there is no day"),
    ("licence with markup", _model(license="<b>"), "does not match"),
    ("endless size", _model(parameters_b=1e300), "too large"),
    ("another run's settings", lambda b, f, __: (f / "run.json").write_text(json.dumps(made.settings(identity(b.prompts, "muu")))) and None, "different runs"),
    ("moment of nonsense", lambda b, f, __: (f / "run.json").write_text(json.dumps(made.settings(identity(b.prompts), "eilen"))) and None, "must be a moment"),
    ("more samples than answers", _settings(samples=2), "40 prompts without their 2 answers"),
]  # fmt: skip


@pytest.mark.parametrize(("forge", "words"), [each[1:] for each in FORGERIES], ids=[each[0] for each in FORGERIES])
def test_a_forged_entry_is_rejected_and_told_why(bench: Bench, forge: Forge, words: str) -> None:
    folder = bench.add()
    forge(bench, folder, answer_rows(bench.prompts, 1))
    found = bench.verify(folder)
    assert not found.accepted
    assert any(words in error for error in found.errors), found.errors


def test_everything_wrong_is_said_at_once(bench: Bench) -> None:
    folder = bench.add()
    (folder / "evil.sh").write_text("true")
    (folder / "run.json").write_text("[]")
    repack(folder, b'{"key": 1}\n[]\n', honest=False)
    change(folder, score=1)
    text = bench.verify(folder).markdown()
    for words in ("evil.sh", "run.json:", "header", "line 2", "unexpected"):
        assert words in text


def test_an_endless_list_of_errors_is_cut(bench: Bench) -> None:
    folder = bench.add()
    repack(folder, b"1\n" * 19_000)
    errors = bench.verify(folder).errors
    assert len(errors) == 21
    assert errors[-1].endswith("more errors")


def test_copies_with_small_edits_are_found(bench: Bench) -> None:
    bench.add(entry("org/eka"), seed=1)
    rng = random.Random(5)
    rows = answer_rows(bench.prompts, 1)
    for row in rows:
        words = row["response"].split()
        words[rng.randrange(len(words))] = "kopio"
        row["response"] = " ".join(words)
    bench.add(entry("thief/toka"), rows=rows)
    bench.add(entry("other/oma"), seed=3)
    bench.add(entry("org/eka"), seed=1, name="uudelleen")
    found = bench.examine()
    assert any("nearly those of org__eka/ajo" in error for error in found["thief__toka/ajo"].errors)
    assert found["other__oma/ajo"].accepted
    assert all("org__eka" not in error for error in found["org__eka/uudelleen"].errors)


def test_a_fine_tuned_model_may_be_near_its_base_and_says_so(bench: Bench) -> None:
    bench.add(entry("org/pohja"), seed=1)
    bench.add(entry("org/viritetty", base_model="org/pohja"), seed=1)
    found = bench.examine()
    assert all(each.accepted for each in found.values())
    assert "its base model" in found["org__viritetty/ajo"].warnings[0]


def test_strays_in_the_folder_of_submissions_are_found(bench: Bench) -> None:
    bench.add()
    (bench.root / "README.md").write_text("ok")
    (bench.root / "run.sh").write_text("true")
    (bench.root / "org__malli" / "x.txt").write_text("x")
    (bench.root / "org__linkki").symlink_to("/tmp")
    errors = bench.examine()[str(bench.root)].errors
    assert [error.split()[0] for error in errors] == ["org__linkki", "org__malli/x.txt", "run.sh"]


def test_a_correction_supersedes_and_the_old_page_stays(bench: Bench) -> None:
    bench.add(name="vanha", seed=1)
    bench.add(entry() | {"supersedes": "vanha"}, name="uusi", seed=2)
    bench.add(entry("org/muu") | {"supersedes": "olematon"}, seed=3)
    board = bench.board()
    assert [each.run_name for each in board.entries] == ["uusi"]
    assert board.superseded[0].superseded_by == "org__malli/uusi"
    assert "no other run of this model" in board.rejected[0].errors[0]


@pytest.mark.skipif(os.name != "posix", reason="needs processes that are forked")
@pytest.mark.parametrize("jobs", [0, 2])
def test_a_slow_submission_is_given_up_and_the_others_are_verified(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    for number in range(3):
        bench.add(entry(f"org/malli{number}"), seed=number)
    from ifeval_fi.leaderboard import verify as module

    judge = module.score

    def stuck(prompts: PromptSet, *others: Any, run: Row, **more: Any) -> Any:
        while run["model"] == "hidas":
            pass
        return judge(prompts, *others, run=run, **more)

    folder = bench.root / "org__malli1" / "ajo"
    run = identity(bench.prompts, "hidas")
    (folder / "run.json").write_text(json.dumps(made.settings(run)), "utf-8")
    repack(folder, packed(run, answer_rows(bench.prompts, 1)))
    monkeypatch.setattr(module, "score", stuck)
    found = examine(bench.root, jobs=jobs, seconds=2, prompts=bench.sources)
    assert [each.accepted for each in found] == [True, False, True]
    assert "took longer than 2 s" in found[1].errors[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(EVIL),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        found += _spots(inner, (*path, name))
    return found


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _put(copy[path[0]], path[1:], new)
    return copy


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, Path]:
    bench = Bench(tmp_path_factory.mktemp("honest"))
    return bench, bench.add()


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_verify_never_raises_whatever_is_submitted(honest: tuple[Bench, Path], data: st.DataObject) -> None:
    bench, folder = honest
    run = identity(bench.prompts)
    rows: list[Any] = [{"run": run}, *answer_rows(bench.prompts, 1)]
    files: dict[str, Any] = {
        "entry.json": entry() | {"answers_sha256": "0" * 64, "claimed": {"inst_level_strict_acc": 0.1}, "note": "x"},
        "run.json": made.settings(run),
        "rows": rows,
    }
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(files)))
        path = (name, *data.draw(st.sampled_from([(), *_spots(files[name])])))
        try:
            files = _put(files, path, data.draw(JSON))
        except (TypeError, KeyError, IndexError):
            continue
    for name in FILES[:2]:
        (folder / name).write_text(json.dumps(files.get(name)), "utf-8")
    rows = files["rows"] if isinstance(files.get("rows"), list) else [files.get("rows")]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (folder / "responses.jsonl.gz").write_bytes(gzip.compress(data.draw(st.just(content) | st.binary(max_size=60))))
    found = bench.verify(folder)
    assert not found.accepted
    found.markdown().encode("utf-8")


@given(st.binary(max_size=80))
def test_strict_json_reads_or_refuses(content: bytes) -> None:
    with contextlib.suppress(ValueError, RecursionError):
        json.dumps(strict_json(content.decode("utf-8", "replace")), allow_nan=False)


def test_submit_writes_the_same_bytes_and_keeps_nothing_that_is_rejected(bench: Bench, tmp_path: Path) -> None:
    run = tmp_path / "runs" / "oma"
    run.mkdir(parents=True)
    who = identity(bench.prompts)
    (run / "run.json").write_text(json.dumps(made.settings(who)), "utf-8")
    (run / "responses.jsonl").write_bytes(packed(who, answer_rows(bench.prompts, 4)))
    file = tmp_path / "entry.json"
    file.write_text(json.dumps(entry()), "utf-8")
    assert submit(run, file, bench.root, prompts=bench.sources).accepted
    folder = bench.root / "org__malli" / "oma"
    before = (folder / "responses.jsonl.gz").read_bytes()
    with pytest.raises(SubmissionError, match="append-only"):
        submit(run, file, bench.root, prompts=bench.sources)
    shutil.rmtree(folder)
    submit(run, file, bench.root, prompts=bench.sources)
    assert (folder / "responses.jsonl.gz").read_bytes() == before
    file.write_text(json.dumps(entry("thief/malli")), "utf-8")
    assert not submit(run, file, bench.root, prompts=bench.sources).accepted
    assert not (bench.root / "thief__malli").exists()
    for wrong in ("../../x", "a/../b"):
        file.write_text(json.dumps(entry(wrong)), "utf-8")
        with pytest.raises(SubmissionError):
            submit(run, file, bench.root / "sub", prompts=bench.sources, name="../x" if "/.." in wrong else None)


def test_init_asks_again_until_an_answer_fits() -> None:
    good = {
        "model.id": "org/malli", "model.revision": "1", "model.parameters_b": "8,5", "model.base_model": "",
        "model.license": "MIT", "model.open_weights": "yes", "model.open_data": "no", "model.open_code": "no",
        "model.developer": "Y", "model.country": "fi", "model.eu": "y", "model.languages": "fi sv",
        "model.released": "2025-01-31", "model.trained_on_ifeval": "unknown", "setup.quantisation": "",
        "setup.server": "vLLM", "setup.server_version": "1", "setup.hardware": "H", "setup.reasoning": "none",
        "setup.tokens_per_second": "", "contact": "c", "note": "", "supersedes": "",
    }  # fmt: skip
    answers = iter([text for place, _, _ in QUESTIONS for text in _tries(place, good[place])])
    said: list[str] = []
    found = ask_entry(lambda _, __: next(answers), said.append, {})
    assert found["model"]["parameters_b"] == 8.5
    assert found["model"]["open_weights"] is True
    assert found["model"]["country"] == "FI"
    assert found["setup"]["quantisation"] is None
    assert len(said) == 4


def _tries(place: str, answer: str) -> list[str]:
    wrong = {"model.id": "pelkkä nimi", "model.parameters_b": "iso", "model.eu": "joo", "setup.reasoning": "maybe"}
    return [wrong[place], answer] if place in wrong else [answer]


def test_reproduction_is_recorded_and_shown_as_the_maintainers_word_only(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    folder, records = bench.add(), tmp_path / "reproductions"
    with MisbehavingServer() as server:
        record = reproduce(folder, records, k=5, seed=7, model=None, base_urls=(server.url,), prompts=bench.sources)
    assert record["prompts"] == 5
    assert record["seed"] == 7
    file = records / "org__malli__ajo.json"
    for agreeing, shown in ((9, True), (5, False)):
        file.write_text(json.dumps([record, record | {"agreeing": agreeing, "verdicts": 9}]), "utf-8")
        assert bench.board(records=records).entries[0].reproduced is shown
    file.write_text(json.dumps([record | {"entry": "org/malli__ajo", "agreeing": 9, "verdicts": 9}]), "utf-8")
    assert not bench.board(records=records).entries[0].records


def test_hidden_prompts_are_asked_too_and_only_their_score_is_kept(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    folder, records = bench.add(), tmp_path / "reproductions"
    hidden = tmp_path / "salaiset.jsonl"
    rows = [
        prompt.row | {"key": f"s{n}", "prompt": f"Salaisuus {n}. {prompt.text}"}
        for n, prompt in enumerate(bench.prompts[:6])
    ]
    hidden.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with MisbehavingServer() as server:
        record = reproduce(
            folder, records, k=3, seed=7, model=None, base_urls=(server.url,), prompts=bench.sources, hidden=hidden
        )
    assert record["hidden"]["prompts"] == 6
    assert "Salaisuus" not in (records / "org__malli__ajo.json").read_text("utf-8")
    entry = bench.board(records=records).entries[0]
    assert entry.hidden_gap == pytest.approx(entry.score - record["hidden"]["score"])
    build(bench.root, tmp_path / "site", records=records, prompts=bench.sources)
    assert 'data-name="gap"' in (tmp_path / "site" / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, Board, Path]:
    """A site of five entries: every submitted text of one of them is hostile."""
    bench = Bench(tmp_path_factory.mktemp("site"))
    for number, followed in enumerate((0.1, 0.5, 0.9)):
        bench.add(entry(f"org/malli-{number}", parameters_b=4.0 * 4**number), seed=number, followed=followed)
    bench.add(entry("cloud/suljettu", open_weights=False, parameters_b=None, eu=False), seed=8, followed=1.0)
    free = ("revision", "base_model", "developer", "quantisation", "server", "server_version", "hardware")
    hostile = entry("evil/malli", **dict.fromkeys(free, EVIL[:40])) | {"contact": EVIL, "note": EVIL}
    run = identity(bench.prompts, EVIL) | {"system_prompt": EVIL, "extra_body": {EVIL: EVIL}}
    rows = [row | {"response": f"{EVIL} {row['response']}"} for row in answer_rows(bench.prompts, 9)]
    folder = bench.add(hostile)
    content = packed(run, rows)
    (folder / "run.json").write_text(json.dumps(made.settings(run)), "utf-8")
    repack(folder, content)
    bench.add(entry("org/lupaaja") | {"claimed": {"inst_level_strict_acc": 1.0}}, seed=12)
    records = bench.root.parent / "reproductions"
    records.mkdir()
    record = {
        "entry": "org__malli-2/ajo",
        "date": "2025-12-01",
        "prompts": 20,
        "seed": 1,
        "verdicts": 30,
        "agreeing": 29,
    }
    (records / "org__malli-2__ajo.json").write_text(json.dumps([record]), "utf-8")
    output = bench.root.parent / "site"
    return bench, build(bench.root, output, records=records, prompts=bench.sources)[0], output


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*") if path.is_file())


def test_the_same_submissions_make_the_same_bytes(site: tuple[Bench, Board, Path], tmp_path: Path) -> None:
    bench, _, output = site
    again = tmp_path / "again"
    build(bench.root, again, records=bench.root.parent / "reproductions", jobs=2, prompts=bench.sources)
    assert [path.relative_to(output) for path in pages(output)] == [path.relative_to(again) for path in pages(again)]
    for path in pages(output):
        assert path.read_bytes() == (again / path.relative_to(output)).read_bytes(), path


def test_what_is_kept_makes_the_same_bytes_and_is_not_scored_again(
    site: tuple[Bench, Board, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, _, output = site
    options = {"records": bench.root.parent / "reproductions", "prompts": bench.sources, "cache": tmp_path / "cache"}
    build(bench.root, tmp_path / "first", **options)
    (tmp_path / "cache" / f"{'0' * 64}.json").write_text("{}")
    scored: list[str] = []
    real = verification._score
    monkeypatch.setattr(verification, "_score", lambda found, *rest: (scored.append(found.place), real(found, *rest)))
    build(bench.root, tmp_path / "again", **options)
    assert set(scored) == {"org__lupaaja/ajo"}  # rejected, and so not kept
    for path in pages(output):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(output)).read_bytes(), path
    assert len(list((tmp_path / "cache").iterdir())) == 2 * 5
    next(iter(sorted((tmp_path / "cache").glob("*.json")))).write_text("[")
    change(bench.root / "org__malli-0" / "ajo", contact="b@example.org")
    try:
        build(bench.root, tmp_path / "again", **options)
    finally:
        change(bench.root / "org__malli-0" / "ajo", contact="a@example.org")
    assert 2 <= len(set(scored)) <= 3
    assert "org__malli-0/ajo" in scored


def test_another_folder_is_not_overwritten_and_an_old_site_is_replaced(bench: Bench, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "mine.txt").write_text("x")
    with pytest.raises(SubmissionError, match="something else"):
        build(bench.root, output, prompts=bench.sources)
    (output / "mine.txt").unlink()
    build(bench.root, output, prompts=bench.sources)
    (output / "old.html").write_text("x")
    build(bench.root, output, prompts=bench.sources)
    assert not (output / "old.html").exists()
    assert (output / "sv" / "index.html").is_file()


def test_the_rejected_are_left_out_of_the_whole_site(site: tuple[Bench, Board, Path]) -> None:
    _, board, output = site
    assert [each.place for each in board.rejected] == ["org__lupaaja/ajo"]
    assert not any("lupaaja" in str(path) for path in pages(output))
    assert "lupaaja" not in (output / "index.html").read_text("utf-8")


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.found.append(value)
            if name.startswith("on") or tag == "img":
                self.handlers.append(f"{tag} {name}")


def test_every_link_leads_somewhere_in_the_site_and_nothing_submitted_runs(site: tuple[Bench, Board, Path]) -> None:
    _, _, output = site
    for page in (path for path in pages(output) if path.suffix == ".html"):
        text = page.read_bytes().decode("utf-8")
        links = Links()
        links.feed(text)
        for link in links.found:
            target = link.partition("#")[0]
            assert "//" not in link
            assert not target or (page.parent / target).resolve().is_file(), (page, link)
        assert links.handlers == []
        assert links.scripts <= 3
        assert "Content-Security-Policy" in text
    hostile = (output / "models" / "evil__malli" / "ajo" / "index.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in hostile
    assert "<script>alert" not in hostile


def test_everything_is_readable_without_a_script(site: tuple[Bench, Board, Path]) -> None:
    _, board, output = site
    for path in ("index.html", "sv/index.html", "en/index.html"):
        text = (output / path).read_text("utf-8")
        for each in board.entries:
            assert each.name in text
            assert f"{100 * each.score:.1f}".replace(".", "." if path.startswith("en") else ",") in text
    assert '<html lang="sv">' in (output / "sv" / "index.html").read_text("utf-8")
    assert "toistettu 96,7 %" in (output / "index.html").read_text("utf-8")


def test_numbers_that_are_not_there_are_absent(site: tuple[Bench, Board, Path]) -> None:
    _, _, output = site
    rows = json.loads((output / "leaderboard.json").read_text("utf-8"))["rows"]
    assert {row["english_inst_level_strict_acc"] for row in rows} == {None}
    assert 'data-name="en"' not in (output / "index.html").read_text("utf-8")
    by_name = {row["model"]: row for row in rows}
    assert by_name["cloud/suljettu"]["parameters_b"] is None
    assert by_name["empty"]["inst_level_strict_acc"] == 0
    assert by_name["empty"]["kind"] == "baseline"
    assert by_name["empty"]["rank_best"] is None


def test_csv_and_feed_are_whole(site: tuple[Bench, Board, Path]) -> None:
    _, board, output = site
    lines = (output / "leaderboard.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + len(board.rows)
    feed = Xml.parse(output / "feed.xml").getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    items = feed.findall(f"{atom}entry")
    assert len(items) == len(board.entries) + 1
    assert len({item.findtext(f"{atom}id") for item in items}) == len(items)
    moments = [item.findtext(f"{atom}updated") for item in items]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(f"{atom}updated") == moments[0] == "2025-12-01T00:00:00Z"


TEXT = {"type": "string"}
WORDS_ONLY = {"type": "object", "additionalProperties": TEXT}
EEE = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema_version", "evaluation_id", "retrieved_timestamp", "source_metadata", "model_info", "eval_library",
        "evaluation_results",
    ],
    "properties": {
        "schema_version": {"const": "0.2.1"},
        "evaluation_id": TEXT,
        "dedupe_identity": {"required": ["content_hash", "hash_algorithm"], "properties": {"content_hash": {"pattern": "^[0-9a-f]{64}$"}}},
        "evaluation_timestamp": TEXT,
        "retrieved_timestamp": {"type": "string", "pattern": "^[0-9]+$"},
        "source_metadata": {
            "required": ["source_type", "source_organization_name", "evaluator_relationship"],
            "properties": {
                "source_type": {"const": "evaluation_run"},
                "evaluator_relationship": {"enum": ["first_party", "third_party", "collaborative", "other"]},
                "additional_details": WORDS_ONLY,
            },
        },
        "eval_library": {"required": ["name", "version"], "properties": {"additional_details": WORDS_ONLY}},
        "model_info": {"required": ["name", "id"], "properties": {"additional_details": WORDS_ONLY}},
        "evaluation_results": {
            "type": "array",
            "minItems": 6,
            "items": {
                "required": ["evaluation_name", "source_data", "metric_config", "score_details"],
                "properties": {
                    "source_data": {"required": ["dataset_name", "source_type"]},
                    "metric_config": {
                        "required": ["lower_is_better", "score_type", "min_score", "max_score"],
                        "properties": {"score_type": {"const": "continuous"}, "lower_is_better": {"const": False}},
                    },
                    "score_details": {
                        "required": ["score", "uncertainty"],
                        "properties": {
                            "score": {"type": "number", "minimum": 0, "maximum": 1},
                            "uncertainty": {
                                "properties": {
                                    "confidence_interval": {"required": ["lower", "upper"]},
                                    "standard_error": {"required": ["value"]},
                                    "num_samples": {"type": "integer"},
                                }
                            },
                        },
                    },
                    "generation_config": {
                        "properties": {
                            "generation_args": {
                                "additionalProperties": False,
                                "properties": {
                                    "temperature": {"type": "number"},
                                    "top_p": {"type": "number"},
                                    "max_tokens": {"type": "integer"},
                                    "reasoning": {"type": "boolean"},
                                },
                            }
                        }
                    },
                },
            },
        },
    },
}  # fmt: skip


def test_every_eval_ever_records_have_what_version_0_2_1_asks_for(site: tuple[Bench, Board, Path]) -> None:
    _, board, _ = site
    for each in board.entries:
        Draft202012Validator(EEE).validate(every_eval_ever(each))


def test_english_stands_beside_finnish_when_its_prompts_are_at_hand(bench: Bench, tmp_path: Path) -> None:
    path = made.small_prompts(tmp_path, "en")
    english = load_prompts(path, language="en")
    bench.add(entry("org/kaksi"), seed=1)
    add(bench.root, english, entry("org/kaksi"), seed=2, name="english", followed=0.5)
    assert "asked other prompts than en-1.0" in bench.board().rejected[0].errors[0]
    board = load_board(bench.root, prompts=bench.sources | {"en": str(path)})
    assert [each.run_name for each in board.entries] == ["ajo"]
    assert board.entries[0].english is not None
    build(bench.root, tmp_path / "site", prompts=bench.sources | {"en": str(path)})
    assert 'data-name="en"' in (tmp_path / "site" / "index.html").read_text("utf-8")
    assert (tmp_path / "site" / "sets" / "en" / "index.html").is_file()


def test_choice_says_what_qualifies_and_what_is_lost(site: tuple[Bench, Board, Path]) -> None:
    _, board, _ = site
    by_name = {each.name: each for each in board.entries}
    cloud = by_name["cloud/suljettu"]
    assert board.references[0] == cloud
    change, low, high = difference(board, cloud, by_name["org/malli-0"])
    assert low < change < high
    assert change == pytest.approx(by_name["org/malli-0"].score - cloud.score)
    qualify = [each.name for each in board.entries if each in Wanted(most_b=9, open_weights=True, eu=True)]
    assert sorted(qualify) == ["evil/malli", "org/malli-0"]
    assert cloud not in Wanted(most_b=1000)
    assert by_name["org/malli-1"] not in Wanted(workstation=True)
    assert all(each in Wanted(licenses=("apache-2.0",)) for each in board.entries)


@pytest.mark.parametrize(
    ("quantisation", "size", "fits"),
    [(None, 9, True), (None, 9.1, False), ("Q4_K_M", 35, True), ("AWQ", 32, True), ("Q4_0", 36, False), ("FP8", 30, False),
     ("int4", 30, True), ("4-bit", 30, True), ("Q8_0", 14, False), ("IQ4_XS", 27, True), ("w4a16", 27, True)],
)  # fmt: skip
def test_what_fits_a_workstation(bench: Bench, quantisation: str | None, size: float, fits: bool) -> None:
    bench.add(entry(parameters_b=size, quantisation=quantisation))
    from ifeval_fi.leaderboard.board import Standing

    data = json.loads((bench.root / "org__malli" / "ajo" / "entry.json").read_text("utf-8"))
    assert Standing(Verification("x/y", entry=data)).fits_workstation is fits


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language_with_the_same_fields(language: str) -> None:
    import re

    words, finnish = texts(language), texts("fi")
    assert list(words) == list(finnish)
    for name, text in words.items():
        assert text, name
        assert sorted(re.findall(r"\{(\w+)\}", text)) == sorted(re.findall(r"\{(\w+)\}", finnish[name])), name


def test_the_command_line(site: tuple[Bench, Board, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench, _, _ = site
    prompts = f"fi={bench.sources['fi']}"
    summary = tmp_path / "summary.md"
    root = ["--root", str(bench.root), "--prompts", prompts, "--jobs", "1"]
    calls = [
        (["build", *root, "--output", str(tmp_path / "site"), "--reproductions", str(tmp_path / "none")], 1),
        (["export-eee", *root, "--output", str(tmp_path / "eee")], 1),
        (["choose", *root, "--max-params", "9B", "--eu", "--against", "cloud/suljettu"], 0),
        (["choose", *root, "--max-params", "1B", "--license", "MIT"], 1),
        (["choose", *root, "--against", "no/such"], 2),
        (["choose", "--max-params", "big"], 2),
        (["verify", str(bench.root / "org__malli-0" / "ajo"), "--prompts", prompts, "--markdown", str(summary)], 0),
        (["verify", str(bench.root), "--prompts", prompts, "--jobs", "1"], 1),
        (["verify", str(bench.root / "org__malli-0")], 0),
        (["verify", str(tmp_path / "nowhere")], 2),
        (["verify"], 2),
    ]
    for call, status in calls:
        with pytest.raises(SystemExit) as stopped:
            main(["leaderboard", *call])
        assert stopped.value.code == status, call
    assert "accepted" in summary.read_text("utf-8")
    out = capsys.readouterr()
    assert "claims inst" not in summary.read_text("utf-8")
    assert "rejected" in out.out
    assert "org/malli-0" in out.out
    assert "Points against cloud/suljettu" in out.out
    assert (tmp_path / "site" / "choose.html").is_file()
    assert (tmp_path / "eee" / "org__malli-0" / "ajo.json").is_file()


def test_init_suggests_what_the_run_knows_and_replaces_nothing(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "run.json").write_text(json.dumps(made.settings(identity(bench.prompts, "org/malli"))), "utf-8")
    asked = iter(
        [
            "",
            "v1",
            "8",
            "",
            "MIT",
            "yes",
            "no",
            "no",
            "Y",
            "FI",
            "yes",
            "fi",
            "2025-01-31",
            "no",
            "",
            "",
            "",
            "H",
            "none",
            "",
            "kontakti",
            "",
            "",
        ]
    )
    monkeypatch.setattr("builtins.input", lambda *_: next(asked))
    file = tmp_path / "entry.json"
    call = ["leaderboard", "init", "--run", str(run), "--output", str(file)]
    with pytest.raises(SystemExit) as stopped:
        main(call)
    assert stopped.value.code == 0
    data = json.loads(file.read_text("utf-8"))
    assert data["model"]["id"] == "org/malli"
    assert data["setup"]["server"] == "vllm"
    assert data["contact"] == "kontakti"
    with pytest.raises(SystemExit) as stopped:
        main(call)
    assert stopped.value.code == 2


def test_a_submission_of_another_format_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(IfevalError, match="no such file"):
        submit(tmp_path, tmp_path / "entry.json", tmp_path)
