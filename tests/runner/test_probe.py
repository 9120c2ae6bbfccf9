"""Before the first prompt: what stops a run, what is waited for, and the list of models as a help."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import CUT, RESET, Act, MisbehavingServer, error, ok, raw
from servers import QUICK, ask

from ifeval_fi.runner.faults import ServerError

pytestmark = pytest.mark.usefixtures("bare_environment")

REFUSALS = [
    ("reasoning model", error(400, "Could not finish the message because max_tokens was reached"), {}),
    ("min_tokens", error(422, "min_tokens must be less than max_tokens=1"), {"min_tokens": 5}),
    ("harmony", error(500, "Unexpected EOS while waiting for message header"), {}),
    ("JSON schema", ok(None, finish=None), {}),
    ("its own name", error(400, "too few"), {"max_tokens": None, "max_completion_tokens": 99}),
]


@pytest.mark.parametrize(("act", "body"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_a_server_that_refuses_a_single_token_is_asked_as_the_run_asks(
    act: Act, body: dict[str, Any], tmp_path: Path
) -> None:
    def one_token(request: Mapping[str, Any], number: int) -> Act | None:
        return act if 1 in (request.get("max_tokens"), request.get("max_completion_tokens")) else None

    with MisbehavingServer(one_token, probed=True) as server:
        assert ask(tmp_path, server, extra_body=body).finished
        asked = server.requests[1]
    assert asked.get("max_tokens", asked.get("max_completion_tokens")) in (1280, 99)


PASSING = [error(500), error(502, "bad gateway"), CUT, RESET, error(429, Retry_After="0"), error(503), raw(b"{")]


@pytest.mark.parametrize("act", PASSING, ids=["500", "502", "cut", "reset", "429", "503", "no JSON"])
def test_a_passing_fault_does_not_end_a_run_that_has_not_begun(act: Act, tmp_path: Path) -> None:
    with MisbehavingServer([act, act], probed=True) as server:
        assert ask(tmp_path, server).finished


def test_a_refusal_of_the_real_request_ends_it(tmp_path: Path) -> None:
    with MisbehavingServer(lambda *_: error(400, "ei tätä"), probed=True) as server:
        with pytest.raises(ServerError, match="400: ei tätä"):
            ask(tmp_path / "run", server)
        assert len(server.requests) == 2


def test_a_lasting_fault_ends_it_after_the_run_s_own_tries(tmp_path: Path) -> None:
    with MisbehavingServer(lambda *_: error(500, "rikki"), probed=True) as server:
        with pytest.raises(ServerError, match="500: rikki"):
            ask(tmp_path / "run", server)
        assert len(server.requests) == 1 + QUICK.attempts


def test_what_is_waited_for_is_said(tmp_path: Path) -> None:
    shown = StringIO()
    with MisbehavingServer([error(503, "Loading model")] * 2, probed=True) as server:
        ask(tmp_path, server, shown)
        assert f"{server.url}: 503: Loading model; asking again" in shown.getvalue()


# C: the list of models is a help

LISTS = [
    ("bare list", raw(b'[{"id": "toinen"}, {"id": "malli"}]')),
    ("another model", raw(b'{"data": [{"id": "toinen"}]}')),
    ("403", error(403, "this key may only chat")),
    ("500", error(500)),
    ("HTML", raw(b"<html>", "text/html")),
    ("Ollama", raw(b'{"models": [{"name": "malli:latest"}]}')),
    ("aliases that are none", raw(b'{"data": [{"id": "toinen", "aliases": true}]}')),
    ("nonsense", raw(b'{"data": [null, 3, {"id": 4}, []]}')),
]


@pytest.mark.parametrize("listed", [entry[1] for entry in LISTS], ids=[entry[0] for entry in LISTS])
def test_a_named_model_is_tried_whatever_the_list_says(listed: Act, tmp_path: Path) -> None:
    with MisbehavingServer(any_model=True, listed=listed) as server:
        result = ask(tmp_path, server, model="malli:nitro")
    assert result.finished
    assert result.model == "malli:nitro"


@pytest.mark.parametrize(
    "listed", [raw(b'[{"id": "malli"}]'), raw(b'{"models": [{"name": "malli"}]}'), raw(b'["malli"]')]
)
def test_the_only_model_is_found_in_every_form_of_list(listed: Act, tmp_path: Path) -> None:
    with MisbehavingServer(listed=listed) as server:
        assert ask(tmp_path, server).model == "malli"


@pytest.mark.parametrize("wanted", ["malli", "malli:latest"])
def test_the_context_is_known_by_a_near_name(wanted: str, tmp_path: Path) -> None:
    name = "malli:latest" if wanted == "malli" else "malli"
    listed = raw(json.dumps({"data": [{"id": name, "max_model_len": 100}]}).encode())
    with MisbehavingServer(any_model=True, listed=listed) as server, pytest.raises(ServerError, match="context of 100"):
        ask(tmp_path / "run", server, model=wanted)


def test_near_names_are_shown_when_chat_refuses_the_name(tmp_path: Path) -> None:
    with (
        MisbehavingServer(models=("poro-8b", "poro-70b")) as server,
        pytest.raises(ServerError, match=r"serves no model 'poro-8B'; it serves poro-8b, poro-70b \(404: The model"),
    ):
        ask(tmp_path / "run", server, model="poro-8B")
