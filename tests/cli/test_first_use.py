"""What a first hour meets: whose results are shown, what makes them worthless, what a command takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import MisbehavingServer, ok, raw

from ifeval_fi.cli import main
from ifeval_fi.errors import PromptError
from ifeval_fi.prompts import load_prompts
from ifeval_fi.schemas import schema_problem
from ifeval_fi.scoring.signature import parse_signature


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None) -> None:
    monkeypatch.chdir(tmp_path)


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    return int(stopped.value.code or 0)


def run(server: MisbehavingServer, *options: object) -> int:
    return call("run", "--base-url", server.url, "--limit", 4, "--quiet", *options)


def scores(folder: str) -> dict[str, Any]:
    return dict(json.loads((Path(folder) / "scores.json").read_text("utf-8")))


def test_the_default_folder_is_the_served_models(capsys: pytest.CaptureFixture[str]) -> None:
    for model in ("org/first", "org/second"):
        with MisbehavingServer(models=(model,)) as server:
            assert run(server) == 0
            assert len(server.requests) == 4
    assert sorted(path.name for path in Path("runs").iterdir()) == ["org_first-fi-1.1-4", "org_second-fi-1.1-4"]


def test_the_first_line_says_that_nothing_was_asked_and_whose_results_these_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with MisbehavingServer() as server:
        assert run(server) == 0
        assert not capsys.readouterr().out.startswith("Nothing asked")
        assert run(server) == 0
        first = capsys.readouterr().out.splitlines()[0]
        assert re.search(r"^Nothing asked: .* all 4 answers of malli already \(begun 20\d\d-\d\d-\d\d", first)
        assert "--again" in first
        assert run(server, "--again") == 0
        assert not capsys.readouterr().out.startswith("Nothing asked")
        assert len(server.requests) == 8


def test_another_model_and_a_dead_server_print_no_results(capsys: pytest.CaptureFixture[str]) -> None:
    with MisbehavingServer() as server:
        assert run(server, "--output", "runs/mine") == 0
    with MisbehavingServer(models=("toinen",)) as other:
        capsys.readouterr()
        assert run(other, "--output", "runs/mine") == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "model 'malli' there, 'toinen' now" in said.err
    assert run(server, "--output", "runs/mine") == 2
    assert run(server, "--output", "runs/mine", "--model", "malli") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "ifeval-fi report runs/mine" in said.err


def test_a_run_has_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    with MisbehavingServer() as server:
        assert run(server, "--name", "after-sft") == 0
    assert capsys.readouterr().out.startswith("after-sft, fi-1.1")
    (folder,) = Path("runs").iterdir()
    assert folder.name == "after-sft-fi-1.1-4"
    assert (scores(str(folder))["name"], scores(str(folder))["model"]) == ("after-sft", "malli")
    assert call("report", folder, "--format", "csv") == 0
    assert "after-sft" in capsys.readouterr().out


ANSWERS: list[tuple[str, dict[str, Any], tuple[str, ...], str]] = [
    ("empty", {"content": ""}, (), "4 of 4 answers are empty"),
    ("cut", {"content": "Tämä vastaus jää kesken, koska", "finish": "length"}, (), "4 of 4 answers were cut off"),
    (
        "English",
        {"content": "This is an answer in English about the question that was asked here."},
        (),
        "4 of 4 answers are in another language than was asked for, mostly English",
    ),
    ("greedy samples", {"content": "Hyvä vastaus suomeksi."}, ("--samples", "2"), "at temperature 0"),
]


@pytest.mark.parametrize(("answer", "options", "said"), [a[1:] for a in ANSWERS], ids=[a[0] for a in ANSWERS])
def test_what_makes_a_number_worthless_is_a_warning_on_the_console_and_the_page(
    answer: dict[str, Any], options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with MisbehavingServer(lambda request, number: ok(**answer)) as server:
        run(server, "--output", "run", *options)
    shown = capsys.readouterr()
    assert re.search(rf"Warning: .*{re.escape(said)}", shown.out), shown.out
    assert said in (Path("run") / "report.html").read_text("utf-8")


def test_a_good_run_has_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    with MisbehavingServer(lambda request, number: ok("Tämä on hyvä ja kokonainen vastaus suomeksi.")) as server:
        assert run(server) == 0
    shown = capsys.readouterr()
    assert "Warning" not in shown.out + shown.err


@pytest.mark.parametrize(
    ("extra", "decoding"),
    [
        ('{"temperature": 0.9}', {"temperature=0.9", "max_tokens=1280"}),
        ('{"max_tokens": null, "max_completion_tokens": 99}', {"temperature=0.0", "max_completion_tokens=99"}),
        ('{"temperature": null, "top_k": 5}', {"max_tokens=1280", "top_k=5"}),
    ],
)
def test_a_signature_says_what_was_sent(extra: str, decoding: set[str]) -> None:
    with MisbehavingServer() as server:
        assert run(server, "--output", "run", "--extra-body", extra) == 0
        sent = server.requests[0]
    told = set(parse_signature(scores("run")["signature"])["decoding"].split(","))
    assert {part for part in told if not part.startswith("extra_body=")} == decoding
    for part in decoding:
        name, _, value = part.partition("=")
        assert float(sent[name]) == float(value)


def prompts_file(name: str, *texts: str) -> Path:
    rows = [
        {"key": n, "prompt": text, "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
        for n, text in enumerate(texts)
    ]
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return Path(name)


ENGLISH = ("Write a short story about a dog and its owner.", "Explain how rain is made and do not use any commas.")
FINNISH = ("Kirjoita lyhyt tarina koirasta ja sen omistajasta.", "Selitä miten sade syntyy äläkä käytä pilkkuja.")


def test_the_language_of_a_file_is_that_of_its_prompts(capsys: pytest.CaptureFixture[str]) -> None:
    english = prompts_file("english.jsonl", *ENGLISH)
    assert load_prompts(english).language == "en"
    assert load_prompts(english, language="fi").language == "fi"
    assert load_prompts(prompts_file("finnish.jsonl", *FINNISH)).language == "fi"
    assert load_prompts(prompts_file("mostly.jsonl", *ENGLISH, *ENGLISH, *ENGLISH, FINNISH[0])).language == "en"
    with MisbehavingServer(lambda request, number: ok("The answer is here.")) as server:
        assert call("run", "--base-url", server.url, "--prompts", english, "--output", "run") == 0
    assert "english.jsonl: its prompts are English, so English rules judge; --language" in capsys.readouterr().err
    assert scores("run")["language"] == "en"


def test_where_the_prompts_do_not_tell_their_language_it_is_asked_for() -> None:
    with pytest.raises(PromptError, match=r"in several languages, .*English.*Finnish|Finnish.*English.*--language"):
        load_prompts(prompts_file("both.jsonl", *ENGLISH, *FINNISH))
    with pytest.raises(PromptError, match=r"do not show which language .* --language"):
        load_prompts(prompts_file("short.jsonl", "1 2 3", "?"))
    with pytest.raises(PromptError, match=r"look German.*--language"):
        load_prompts(prompts_file("german.jsonl", "Schreibe eine kurze Geschichte über einen Hund und seinen Herrn."))


def test_everything_that_breaks_a_schema_is_said_at_once() -> None:
    told = schema_problem("run.schema.json", {"identity": {}, "transport": {"servers": 3}, "started": 7, "more": 1})
    assert told is not None
    for part in ("identity: 'format'", "transport.servers: 3", "'concurrency'", "started: 7", "'more'", "'server'"):
        assert part in told, told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "a", "b", "c"), "c: too many arguments; `ifeval-fi compare --help`"),
        (("prompts", "export", "fi", "en"), "en: too many arguments; `ifeval-fi prompts export --help`"),
        (("tasks-path", "--install", "--uninstall"), "choose one"),
    ],
)
def test_too_many_arguments_are_named(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*arguments) == 2
    assert said in capsys.readouterr().err


def test_servers_are_named_one_after_the_other() -> None:
    with MisbehavingServer(latency=0.05) as one, MisbehavingServer(latency=0.05) as two:
        assert call("run", "--base-url", one.url, two.url, "--limit", 12, "--concurrency", 4, "--quiet") == 0
        assert one.requests
        assert two.requests


@pytest.mark.parametrize("command", ["run", "score", "compare"])
def test_the_help_says_exit_codes_and_what_is_written(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(command, "--help") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Exit codes: 0" in shown
    assert "()]" not in shown
    assert "[default: False]" not in shown
    if command == "run":
        for word in ("IFEVAL_FI_API_KEY", "OPENAI_API_KEY", "responses.jsonl", "[default: 0.0]", "[default: 1280]"):
            assert word in shown


def test_the_list_names_what_options_take(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("list") == 0
    shown = capsys.readouterr().out
    for name in ("fi-1.0", "hub:google/IFEval", "finnish", "reference", "keywords:frequency"):
        assert name in shown


def test_the_report_shows_how_was_asked() -> None:
    body = json.dumps({"choices": [{"message": {"content": "Hei."}, "finish_reason": "stop"}]}).encode()
    with MisbehavingServer(lambda request, number: raw(body), model_fields={"owned_by": "llamacpp"}) as server:
        run(server, "--output", "run", "--system-prompt", "Ole <lyhyt>.", "--extra-body", '{"top_k": 5}')
    page = (Path("run") / "report.html").read_text("utf-8")
    for text in ("Ole &lt;lyhyt&gt;.", "llamacpp", server.url, "temperature 0.0", "top_k", "begun"):
        assert text in page


def test_a_run_that_stops_does_not_begin_its_next_prompt_set(capsys: pytest.CaptureFixture[str]) -> None:
    spent = raw(b'{"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}}', status=429)
    with MisbehavingServer([ok("Hei!"), ok("Hei!"), *[spent] * 8]) as server:
        assert run(server, "--prompts", "fi", "en", "--concurrency", 1) == 1
    assert "not begun: en-1.0" in capsys.readouterr().err
    assert not list(Path("runs").glob("*-en-1.0-*"))
