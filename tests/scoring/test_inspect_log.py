"""Inspect's logs as files of responses; needs no Inspect. tests/logs/ holds what its real command line wrote."""

from __future__ import annotations

import builtins
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from paths import TESTS

from ifeval_fi.cli import main
from ifeval_fi.errors import MissingEngine, ResponseError
from ifeval_fi.integrations import METRICS
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import load_responses

LOGS = TESTS / "logs"
BOTH = [LOGS / "inspect.eval", LOGS / "inspect.json"]


def log() -> dict[str, Any]:
    return dict(json.loads((LOGS / "inspect.json").read_text("utf-8")))


def archive(folder: Path, value: dict[str, Any], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """The log as an archive, packed in a way that Inspect also reads."""
    path = folder / "log.eval"
    with zipfile.ZipFile(path, "w", compression) as packed:
        for sample in value["samples"]:
            packed.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", json.dumps(sample))
        packed.writestr("header.json", json.dumps({name: each for name, each in value.items() if name != "samples"}))
    return path


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.suffix)
def test_score_gives_the_numbers_that_inspect_gave(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["score", str(path), "--output", str(tmp_path)])
    assert ended.value.code == 1  # two requests failed
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    found = {name: each["value"] for name, each in log()["results"]["scores"][0]["metrics"].items()}
    assert found == {name: scores[name] for name in found}
    assert set(found) == {*METRICS, *(f"{name}_stderr" for name in METRICS)}
    assert scores["counts"] | {"prompts": 6, "answered": 6, "truncated": 4, "failed": 2} == scores["counts"]
    assert "|n:6|" in scores["signature"]
    assert "samples:2|decoding:max_tokens=1280,temperature=0.0|" in scores["signature"]
    assert scores["empty_responses"] == {"reasoning_only": 2}


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.suffix)
def test_the_verdicts_are_those_of_the_scorer(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["score", str(path), "--output", str(tmp_path)])
    rows = [json.loads(line) for line in (tmp_path / "verdicts.jsonl").read_text("utf-8").splitlines()]
    ours = {(row["key"], row.get("sample", 0)): row for row in rows}
    theirs = {
        (each["id"], each["epoch"] - 1): each["scores"]["verdicts"] for each in log()["samples"] if each.get("scores")
    }
    assert ours.keys() == theirs.keys()
    for place, score in theirs.items():
        told = {name: score["metadata"][name] for name in ("strict", "loose", "found", "language")}
        assert told == {name: ours[place][name] for name in told}
        for name, evidence in zip(told["strict"], told["found"], strict=True):
            assert name in (True, False)
            assert evidence in score["explanation"]


def test_the_run_is_the_header_of_the_log() -> None:
    file = load_responses(LOGS / "inspect.eval")
    assert file.run is not None
    assert file.run["model"] == "openai-api/testi/malli"
    assert file.run["prompts"]["digest"] == load_prompts("fi").digest
    assert file.asked == (1000, 1001, 1005, 1012, 1019, 102)
    kept = [each for each in file.responses if each.key == 1001]
    assert all(each.reasoning and not each.text.startswith("<think>") for each in kept)


def test_an_archive_of_another_packing_and_one_that_was_begun(tmp_path: Path) -> None:
    same = load_responses(archive(tmp_path, log()))
    assert same == load_responses(LOGS / "inspect.json")
    path = tmp_path / "begun.eval"
    with zipfile.ZipFile(tmp_path / "log.eval") as whole, zipfile.ZipFile(path, "w") as begun:
        for name in whole.namelist()[:3]:
            begun.writestr(name, whole.read(name))
        header = json.loads(whole.read("header.json"))
        begun.writestr("_journal/start.json", json.dumps({"eval": header["eval"], "plan": header["plan"]}))
    assert len(load_responses(path).responses) == 3
    assert len(load_responses(path).asked or ()) == 6


def test_a_folder_of_logs_holds_one_log(tmp_path: Path) -> None:
    archive(tmp_path, log())
    assert len(load_responses(tmp_path).responses) == 12
    (tmp_path / "another.eval").write_bytes((LOGS / "inspect.eval").read_bytes())
    with pytest.raises(ResponseError, match=r"holds 2 of Inspect's logs; name one of them: another.eval, log.eval"):
        load_responses(tmp_path)


def test_another_version_of_a_prompt_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = log()
    for sample in value["samples"]:
        sample["input"] += " Kiitos."
    with pytest.raises(SystemExit) as ended:
        main(["score", str(archive(tmp_path, value))])
    assert ended.value.code == 2
    assert ": answers another version of the prompt" in capsys.readouterr().err


def test_a_log_of_a_task_of_somebody_else_is_scored_with_prompts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As inspect_evals has it: the id is a number as text, the metadata knows nothing of us."""
    prompts = load_prompts("en").select(limit=2)
    value = log()
    value["eval"] |= {"metadata": None, "dataset": {"sample_ids": [str(each.key) for each in prompts]}}
    first = next(each for each in value["samples"] if each.get("scores"))
    value["samples"] = [
        first | {"id": str(prompt.key), "input": prompt.text, "metadata": {}, "epoch": 1} for prompt in prompts
    ]
    value["eval"]["config"]["epochs"] = 1
    with pytest.raises(SystemExit) as ended:
        main(["score", str(archive(tmp_path, value)), "--prompts", "en", "--output", str(tmp_path)])
    assert ended.value.code == 0, capsys.readouterr().err
    assert json.loads((tmp_path / "scores.json").read_text("utf-8"))["counts"]["scored"] == 2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda it: it.update(samples=[]), "holds no responses"),
        (lambda it: it.update(eval=[]), "eval: must be an object"),
        (lambda it: it["samples"][1].update(id=None, metadata={}), "the sample's id must be a whole number or a"),
        (lambda it: it["samples"][1].update(epoch=0), "key 1000: epoch must be a whole number of 1 or more, not 0"),
        (lambda it: it["samples"][1].update(output=[1]), "key 1000: output: must be an object"),
        (lambda it: it["samples"][1]["output"].update(choices={}, x=1), ""),
        (lambda it: it["samples"][1]["output"].update(choices=5), "output.choices must be a list"),
        (lambda it: it["samples"][1]["output"].update(choices=[5]), "output.choices[0]: must be an object"),
        (lambda it: it["samples"][1]["output"]["choices"][0].update(message="x"), "message: must be an object"),
        (
            lambda it: it["samples"][1]["output"]["choices"][0]["message"].update(content=[{"type": "image", "b": 1}]),
            "a part of type 'image'",
        ),
        (lambda it: it["samples"].append(it["samples"][1]), "key 1000: answered already above"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(spoil: Any, said: str, tmp_path: Path) -> None:
    value = log()
    spoil(value)
    path = tmp_path / "log.json"
    path.write_text(json.dumps(value), "utf-8")
    if not said:
        load_responses(path)
        return
    with pytest.raises(ResponseError) as problem:
        load_responses(path)
    assert str(problem.value).startswith(f"{path}")
    assert said in str(problem.value)


@pytest.mark.parametrize("size", [4, 30, 200, 5000, 16000])
def test_a_cut_archive_is_one_sentence(size: int, tmp_path: Path) -> None:
    path = tmp_path / "cut.eval"
    path.write_bytes((LOGS / "inspect.eval").read_bytes()[:size])
    with pytest.raises(ResponseError, match="no whole archive"):
        load_responses(path)


def test_a_damaged_member_and_another_archive_are_one_sentence(tmp_path: Path) -> None:
    content = bytearray((LOGS / "inspect.eval").read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        member = packed.getinfo("samples/1000_epoch_1.json")
    place = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
    content[place] ^= 0xFF
    path = tmp_path / "damaged.eval"
    path.write_bytes(content)
    with pytest.raises(ResponseError, match=r"samples/1000_epoch_1.json: (is damaged|cannot be unpacked)"):
        load_responses(path)
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("hello.txt", "hei")
    with pytest.raises(ResponseError, match="is an archive, but no log of Inspect's"):
        load_responses(path)


def test_without_zstandard_the_install_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "zstandard":
            raise ImportError(name)
        return original(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingEngine, match=r'pip install "ifeval-fi\[logs\]"'):
        load_responses(LOGS / "inspect.eval")
