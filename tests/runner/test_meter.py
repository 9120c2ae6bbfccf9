"""What a run shows while long answers are awaited, and what it asks servers for that."""

from __future__ import annotations

import asyncio
import json

import pytest
from servers import AnsweringServer

from ifeval_fi.runner.endpoint import Endpoint, open_session
from ifeval_fi.runner.meter import Meter
from ifeval_fi.runner.progress import Progress

BUSY = {"is_processing": True, "next_token": [{"n_decoded": 30}]}
IDLE = {"is_processing": False, "next_token": [{"n_decoded": 500}]}
OLDER = {"is_processing": True, "next_token": {"n_decoded": 12}}


def counters(*totals: float) -> bytes:
    lines = [f'vllm:generation_tokens_total{{engine="{n}",model_name="m"}} {total}' for n, total in enumerate(totals)]
    return "\n".join(["# TYPE vllm:generation_tokens_total counter", *lines, "vllm:prompt_tokens_total 99.0"]).encode()


def read(*bodies: bytes, finished: int = 0) -> list[int]:
    """What a meter says of a server that answers every address with these bodies in turn."""
    server = AnsweringServer(b"")

    async def main(url: str) -> list[int]:
        async with open_session(url) as session:
            meter, found = Meter([Endpoint(url, session, 5.0, None)]), []
            for body in bodies:
                server.server.RequestHandlerClass.answer = (200, body, {})
                found.append(await meter.under_way(finished))
            return found

    with server as url:
        return asyncio.run(main(url))


def test_busy_slots_of_llama_cpp_are_counted_in_both_of_its_forms() -> None:
    assert read(json.dumps([BUSY, IDLE, OLDER]).encode(), finished=1000) == [42]


def test_counters_of_vllm_count_from_the_start_and_less_what_is_whole() -> None:
    assert read(counters(1000, 24.0), counters(1100, 48.0), finished=24) == [0, 100]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b"[[]]",
        b'[{"is_processing": true, "next_token": [{"n_decoded": "many"}]}]',
        b'[{"is_processing": true, "next_token": [{"n_decoded": 1e400}]}]',
        b"\xff" * 99,
        b"[" * 5000,
        b"vllm:generation_tokens_total 1e999",
    ],
)
def test_nonsense_is_no_progress_and_no_failure(body: bytes) -> None:
    assert read(body, body) == [0, 0]


def test_a_server_that_does_not_tell_is_asked_once() -> None:
    async def main() -> None:
        with AnsweringServer(b"no", status=404) as url:
            async with open_session(url) as session:
                meter = Meter([Endpoint(url, session, 5.0, None)])
                assert await meter.under_way(0) == 0
                assert not meter._telling

    asyncio.run(main())


def test_a_cloud_is_not_asked() -> None:
    async def main() -> None:
        async with open_session("https://api.example.org/v1") as session:
            assert not Meter([Endpoint("https://api.example.org/v1", session, 5.0, "sk-secret")])._telling

    asyncio.run(main())


def test_long_answers_show_how_many_are_awaited_and_for_how_long() -> None:
    progress = Progress(4, None, quiet=True)
    progress.seconds, progress.in_flight, progress.longest = 20.0, 2, 16.4
    assert progress.state == "answered 0 · truncated 0 · failed 0 · 2 awaited, the longest for 16 s"
    progress.under_way = 400
    assert progress.state.endswith("failed 0 · 20 tokens/s · 2 awaited (400 tokens so far), the longest for 16 s")
    progress.stop()
    assert progress.state == "answered 0 · truncated 0 · failed 0"
