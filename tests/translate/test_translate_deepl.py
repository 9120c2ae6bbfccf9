"""DeepL through its real client, against a local server that speaks its protocol and fails on demand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deepl_server import KEY, MESSAGES, DeepLServer

from ifeval_fi.cli import main
from ifeval_fi.jsonl import read_rows
from ifeval_fi.prompts import load_prompts
from ifeval_fi.runner.journal import schema_problem
from ifeval_fi.translate.deepl import MOST_BYTES, MOST_TEXTS, DeepL, _Run, batches
from ifeval_fi.translate.engine import EngineError, Segment

deepl = pytest.importorskip("deepl")
Run = Callable[..., int]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own retries, without their waits; no proxy before this machine."""
    monkeypatch.setattr(deepl.http_client._BackoffTimer, "BACKOFF_INITIAL", 0.001)
    monkeypatch.setattr(deepl.http_client._BackoffTimer, "BACKOFF_MAX", 0.002)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("DEEPL_AUTH_KEY", KEY)


def segments(count: int, text: str = "Write story {}.") -> list[Segment]:
    return [Segment(str(n), text.format(n)) for n in range(count)]


def translate(server: DeepLServer, folder: Path, some: list[Segment], **options: Any) -> dict[str, Any]:
    said: list[str] = []
    found = DeepL("en", options.pop("target", "fi"), server_url=server.url, **options).translate(
        some, folder, said.append
    )
    return {"texts": {key: outcome.text for key, outcome in found.items()}, "outcomes": found, "said": said}


def test_texts_go_in_batches_and_come_back_in_order(tmp_path: Path) -> None:
    with DeepLServer() as server:
        found = translate(server, tmp_path / "j", segments(120))
    assert [len(request["text"]) for request in server.requests] == [50, 50, 20]
    assert [found["texts"][str(n)].split()[-1] for n in range(120)] == [f"{n}." for n in range(120)]
    request = server.requests[0]
    assert request["tag_handling"] == "xml"
    assert request["ignore_tags"] == ["x"]
    assert request["splitting_tags"] == ["n"]
    assert request["preserve_formatting"] is True
    assert request["context"]
    assert "formality" not in request


@pytest.mark.parametrize(("formal", "sent"), [(False, "less"), (True, "more")])
def test_formality_is_sent_where_the_language_has_it(tmp_path: Path, formal: bool, sent: str) -> None:
    with DeepLServer() as server:
        translate(server, tmp_path, segments(1), target="de", formal=formal)
    assert server.requests[0]["formality"] == sent


def test_batches_respect_both_limits() -> None:
    some = [Segment(str(n), "ä" * size) for n, size in enumerate([10, 9000, 9000, 9000, 30_000, 5, *[1] * 120])]
    made = list(batches(some))
    assert [segment for batch in made for segment in batch] == some
    for batch in made:
        assert len(batch) <= MOST_TEXTS
        assert len(batch) == 1 or len(json.dumps([segment.text for segment in batch])) <= MOST_BYTES


def test_usage_is_said_and_too_little_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with DeepLServer(limit=1000, used=400) as server:
        said = translate(server, tmp_path / "a", segments(3))["said"]
        assert said[0] == ("42 characters to translate, 600 of 1,000 left in this period; DeepL API Free, not billed")
        sent = len(server.requests)
        with pytest.raises(EngineError, match=r"1,400 characters are needed and 558 are left .*--limit"):
            translate(server, tmp_path / "b", segments(100, "Write a poem{:02}"))
        assert len(server.requests) == sent


def test_nothing_is_paid_twice(tmp_path: Path) -> None:
    with DeepLServer() as server:
        translate(server, tmp_path, segments(60))
        used = server.used
        again = translate(server, tmp_path, segments(60))
        assert server.used == used
        assert again["said"] == ["every text is in the journal; nothing is sent to DeepL"]
        more = translate(
            server, tmp_path, [*segments(60), Segment("new", "Write more."), Segment("copy", "Write more.")]
        )
        assert server.used == used + len("Write more.")
        assert more["texts"]["new"] == more["texts"]["copy"]
    assert len(server.texts) == len(set(server.texts))


FAILURES = [
    (403, r"refuses the key \(403\).*DEEPL_AUTH_KEY"),
    (456, r"quota .*\(456\); 50 of 120 texts are kept"),
    (429, r"too many requests \(429\); 50 of 120 texts are kept and the same command goes on from there"),
    (503, r"Service unavailable.*50 of 120 texts are kept"),
    (404, r"Not found.*50 of 120 texts are kept"),
    (-1, r"cannot be reached .*50 of 120 texts are kept"),
    (-2, r"does not answer as DeepL does|50 of 120"),
]


@pytest.mark.parametrize(("status", "message"), FAILURES)
def test_a_failure_keeps_what_is_done_and_the_same_call_goes_on(tmp_path: Path, status: int, message: str) -> None:
    with DeepLServer([0, *[status] * 6]) as server:
        with pytest.raises(EngineError, match=message) as caught:
            translate(server, tmp_path, segments(120))
        assert KEY not in str(caught.value)
        assert "\n" not in str(caught.value)
        server.statuses.clear()
        found = translate(server, tmp_path, segments(120))
    assert len(found["texts"]) == 120
    assert len(server.texts) == len(set(server.texts)) == 120


@pytest.mark.parametrize("status", [429, 503])
def test_a_passing_trouble_is_retried(tmp_path: Path, status: int) -> None:
    with DeepLServer([status, status]) as server:
        assert len(translate(server, tmp_path, segments(2))["texts"]) == 2
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [413, 400])
def test_a_refused_batch_is_halved_and_only_the_text_at_fault_is_left(tmp_path: Path, status: int) -> None:
    bad = Segment("bad", "This <b is no XML." if status == 400 else "x" * (MOST_BYTES + 1))
    some = [*segments(10), bad, *segments(30)[20:]]
    with DeepLServer() as server:
        found = translate(server, tmp_path, some)
    assert [key for key, outcome in found["outcomes"].items() if outcome.text is None] == ["bad"]
    assert found["outcomes"]["bad"].reason == "not_translated"
    assert len(server.texts) == 20


def test_a_413_of_a_whole_batch_is_survived(tmp_path: Path) -> None:
    with DeepLServer([413]) as server:
        assert all(translate(server, tmp_path, segments(10))["texts"].values())
    assert [len(request["text"]) for request in server.requests] == [10, 5, 5]


def test_a_glossary_is_used_and_removed(tmp_path: Path) -> None:
    with DeepLServer() as server:
        found = translate(server, tmp_path, segments(2), glossary={"story": "satu"})
        assert "satu" in found["texts"]["0"]
        assert not server.glossaries
        assert "POST /v2/glossaries" in server.paths
        assert server.requests[0]["glossary_id"] == "g1"
        server.statuses = [456]
        with pytest.raises(EngineError):
            translate(server, tmp_path, segments(3), glossary={"story": "satu"})
        assert not server.glossaries


def test_other_options_need_another_journal(tmp_path: Path) -> None:
    with DeepLServer() as server:
        translate(server, tmp_path, segments(2))
        with pytest.raises(Exception, match=r"holds another translation .*context.*choose another --output"):
            translate(server, tmp_path, segments(2), context="Something else.")


def test_an_unknown_language_is_said(tmp_path: Path) -> None:
    with (
        DeepLServer() as server,
        pytest.raises(EngineError, match="does not translate into 'xq'; it knows DE, EN-US, FI, SV"),
    ):
        translate(server, tmp_path, segments(2), target="xq")


def test_without_a_key_it_says_what_to_set_and_where_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEEPL_AUTH_KEY")
    with (
        DeepLServer() as server,
        pytest.raises(EngineError, match=r"DEEPL_AUTH_KEY is not set; sign up for the DeepL API"),
    ):
        translate(server, tmp_path, segments(2))
    assert not server.paths


def test_the_key_does_not_travel_unencrypted(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="unencrypted"):
        DeepL("en", "fi", server_url="http://deepl.example.org").translate(segments(1), tmp_path, print)


def test_a_server_that_says_the_key_aloud_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MESSAGES, 503, f"no room for {KEY}")
    with DeepLServer([503] * 6) as server, pytest.raises(EngineError, match=r"no room for \*\*\*"):
        translate(server, tmp_path, segments(1))


def test_an_interruption_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send = _Run._send

    def interrupted(self: _Run, batch: Any, *rest: Any) -> Any:
        if self.translated:
            raise KeyboardInterrupt
        return send(self, batch, *rest)

    with DeepLServer() as server:
        monkeypatch.setattr(_Run, "_send", interrupted)
        with pytest.raises(EngineError, match=r"interrupted; 50 of 120 texts are kept"):
            translate(server, tmp_path, segments(120))
        monkeypatch.setattr(_Run, "_send", send)
        translate(server, tmp_path, segments(120))
    assert len(server.texts) == 120


PROMPTS = [
    {
        "key": 1,
        "prompt": 'Write a poem.\n\nUse the words "forest" and "lake" and end with "Is that all?"',
        "instruction_id_list": ["keywords:existence", "startend:end_checker"],
        "kwargs": [{"keywords": ["forest", "lake"]}, {"end_phrase": "Is that all?"}],
    },
    {
        "key": 2,
        "prompt": "Summarise https://example.org/a in 300 words. Add a title, i.e. <<title>>.",
        "instruction_id_list": ["detectable_format:title"],
        "kwargs": [{}],
    },
]


def run(tmp_path: Path, source: Path, server: DeepLServer, *more: str) -> int:
    call = ["translate", str(source), "--to", "fi", "--engine", "deepl", "--output", str(tmp_path / "draft.jsonl")]
    with pytest.raises(SystemExit) as ended:
        main([*call, "--server-url", server.url, *more])
    return int(ended.value.code or 0)


def test_prompts_from_end_to_end(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    source = write("source.jsonl", PROMPTS)
    with DeepLServer() as server:
        assert run(tmp_path, source, server) == 0
    out, err = capsys.readouterr()
    assert out.startswith("2 rows, 2 translated, ")
    assert "prompts check: " in out
    prompts = load_prompts(tmp_path / "draft.jsonl")
    words = prompts[0].instructions[0].kwargs["keywords"]
    assert words != ("forest", "lake")
    assert prompts[0].instructions[1].kwargs["end_phrase"] in prompts[0].text
    assert "\n\n" in prompts[0].text
    assert "https://example.org/a" in prompts[1].text
    assert "<<title>>" in prompts[1].text
    states = [row for _, row in read_rows(tmp_path / "draft.translation.jsonl")]
    assert [schema_problem("translation.schema.json", row) for row in states] == [None, None]
    assert states[0]["provenance"]["engine"] == "deepl"
    report = json.loads((tmp_path / "draft.report.json").read_text())
    assert report["rows"] == 2
    written = "".join(path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file())
    for place in (out, err, written):
        assert KEY not in place
        assert KEY.removesuffix(":fx") not in place


def test_a_stop_is_one_line_and_exit_code_2(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    source = write("source.jsonl", PROMPTS)
    with DeepLServer([456]) as server:
        assert run(tmp_path, source, server) == 2
        lines = capsys.readouterr().err.splitlines()
        assert lines[-1].startswith("ifeval-fi: DeepL's quota")
        assert not (tmp_path / "draft.jsonl").exists()
        assert run(tmp_path, source, server) == 0


CHAT = [
    {"messages": [{"role": "user", "content": "Write a poem about the sea."},
                  {"role": "assistant", "content": "Sure:\n```python\nprint('sea')\n```\nDone, my friend."}]},
    {"messages": [{"role": "tool", "content": "raw"}, {"role": "user", "content": "Hello there!"}], "source": "x"},
]  # fmt: skip
PAIRS = [{"id": "a", "prompt": "Say hello to me.", "chosen": "Hello my dear friend.",
          "rejected": [{"role": "assistant", "content": "Go away now."}]}]  # fmt: skip


def test_chats_keep_their_code_and_fields(tmp_path: Path, write: Any) -> None:
    with DeepLServer() as server:
        assert run(tmp_path, write("chat.jsonl", CHAT), server, "--format", "sft") == 0
    rows = [row for _, row in read_rows(tmp_path / "draft.jsonl")]
    assert "```python\nprint('sea')\n```" in rows[0]["messages"][1]["content"]
    assert rows[0]["messages"][0]["content"] != CHAT[0]["messages"][0]["content"]  # type: ignore[index]
    assert rows[1]["messages"][0] == {"role": "tool", "content": "raw"}
    assert rows[1]["source"] == "x"


def test_preferences(tmp_path: Path, write: Any) -> None:
    with DeepLServer() as server:
        assert run(tmp_path, write("pairs.jsonl", PAIRS), server, "--format", "preference", "--drop", "none") == 0
    (row,) = (row for _, row in read_rows(tmp_path / "draft.jsonl"))
    assert row["id"] == "a"
    assert row["rejected"][0]["role"] == "assistant"
    assert row["rejected"][0]["content"] != "Go away now."
    assert [
        schema_problem("translation.schema.json", state) for _, state in read_rows(tmp_path / "draft.translation.jsonl")
    ] == [None]


@pytest.mark.parametrize(
    ("row", "form", "message"),
    [
        (
            {"messages": "text"},
            "preference",
            "line 1: lacks 'prompt'; --format preference needs prompt, chosen, rejected",
        ),
        (
            {"messages": [{"role": "user", "content": [1]}]},
            "sft",
            "line 1: messages, message 1: content must be a text",
        ),
        ({"messages": []}, "sft", "line 1: holds no text to translate"),
        ({"key": 1}, "prompts", "line 1: lacks instruction_id_list, kwargs, prompt"),
    ],
)
def test_a_wrong_row_is_named(
    tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str], row: Any, form: str, message: str
) -> None:
    with DeepLServer() as server:
        assert run(tmp_path, write("bad.jsonl", [row]), server, "--format", form) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--drop", "ugly"], "no such reason"),
        (["--from", "fi"], "is the source's language"),
        (["--max-growth", "-1"], "--max-growth: must be 0 or more"),
        (["--review", "x.doc"], "must end in .csv or .xlsx"),
        (["--glossary", "none.tsv"], "none.tsv: no such file"),
    ],
)
def test_a_wrong_call_sends_nothing(
    tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    with DeepLServer() as server:
        assert run(tmp_path, write("source.jsonl", PROMPTS), server, *more) == 2
    assert message in capsys.readouterr().err
    assert not server.paths
