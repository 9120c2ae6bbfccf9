"""A chat server that answers deterministically and misbehaves on demand.

In tests it runs in a thread (`with MisbehavingServer(...)`); `python tests/misbehaving_server.py --latency 0.2`
runs it alone and prints its address.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Act:
    """What to do with one request: how long to wait, what to send, and how the connection ends."""

    body: bytes | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    then: str = "keep"  # keep, reset, cut, hang, trickle, die


def ok(content: Any = "Hei!", *, wait: float = 0.0, finish: str | None = "stop", **message: Any) -> Act:
    return Act(json.dumps(completion(content, finish, **message)).encode(), wait=wait)


def error(status: int, message: str = "ei käy", **headers: str) -> Act:
    body = json.dumps({"error": {"message": message, "code": status}}).encode()
    return Act(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def raw(body: bytes, content_type: str = "application/json", **options: Any) -> Act:
    return Act(body, headers={"Content-Type": content_type}, **options)


RESET, CUT, HANG, DIE = Act(then="reset"), Act(then="cut"), Act(then="hang"), Act(then="die")
TRICKLE = Act(then="trickle")


def completion(content: Any, finish: str | None = "stop", tokens: int = 3, **message: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "malli",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": tokens, "total_tokens": 7 + tokens},
    }


def answer_to(request: Mapping[str, Any]) -> str:
    """The answer of a well-behaved server: a pure function of what it is asked."""
    asked = json.dumps([request["messages"], request.get("seed")], sort_keys=True)
    return f"Vastaus {hashlib.sha256(asked.encode()).hexdigest()[:12]}"


Behaviour = Callable[[Mapping[str, Any], int], Act | None]


class MisbehavingServer:
    """Serves chat requests by `acts` in turn, or by a function of request and number; then answers properly.

    Requests for a single token (a probe) are answered properly and not counted, unless `probed` is set. A model that
    is not in `models` is refused, unless `any_model` is set; `listed` is sent instead of the list of models.
    """

    def __init__(
        self,
        acts: Iterable[Act] | Behaviour = (),
        *,
        models: tuple[str, ...] | None = ("malli",),
        model_fields: Mapping[str, Any] | None = None,
        prefix: str = "/v1",
        key: str | None = None,
        latency: float = 0.0,
        port: int = 0,
        probed: bool = False,
        any_model: bool = False,
        listed: Act | None = None,
    ) -> None:
        queue = iter(()) if callable(acts) else iter(acts)
        self._act: Behaviour = acts if callable(acts) else lambda request, number: next(queue, None)
        self._models, self._model_fields = models, dict(model_fields or {})
        self._any_model, self._listed = any_model, listed
        self._prefix, self._key, self._latency, self._probed = prefix, key, latency, probed
        self.requests: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.in_flight = self.most_in_flight = 0
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}{prefix}"
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._ready = threading.Event()

    def __enter__(self) -> MisbehavingServer:
        self._thread = threading.Thread(target=self.run, daemon=True)
        self._thread.start()
        self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def run(self) -> None:
        """Serve until the loop is stopped."""
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._connection, sock=self._socket))
        self._ready.set()
        self._loop.run_forever()
        self._die()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def kill(self) -> None:
        """Close the port and every connection at once."""
        self._loop.call_soon_threadsafe(self._die)

    def _die(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                lines = head.split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:-2])}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                method, path, _ = lines[0].split(" ")
                act = self._route(method, path, headers, body)
                self.in_flight += 1
                self.most_in_flight = max(self.most_in_flight, self.in_flight)
                try:
                    if self._latency or act.wait:
                        await asyncio.sleep(self._latency + act.wait)
                finally:
                    self.in_flight -= 1
                if not await self._perform(act, writer):
                    return
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _route(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Act:
        if not path.startswith(f"{self._prefix}/"):
            return error(404, "Not Found")
        if self._key is not None and headers.get("authorization") != f"Bearer {self._key}":
            return error(401, f"wrong key: {headers.get('authorization', 'none')}")
        path = path.removeprefix(self._prefix)
        if path == "/models" and self._listed is not None:
            return self._listed
        if path == "/models" and self._models is not None:
            entries = [
                {"id": name, "object": "model", "owned_by": "testi", **self._model_fields} for name in self._models
            ]
            return Act(json.dumps({"object": "list", "data": entries}).encode())
        if path != "/chat/completions" or method != "POST":
            return error(404, "Not Found")
        request = {**json.loads(body), "headers": headers}
        if self._models is not None and not self._any_model and request.get("model", "malli") not in self._models:
            return error(404, f"The model `{request['model']}` does not exist.")
        act = None
        if 1 not in (request.get("max_tokens"), request.get("max_completion_tokens")) or self._probed:
            self.requests.append(request)
            self.times.append(self._loop.time())
            act = self._act(request, len(self.requests))
        return act or Act(json.dumps(completion(answer_to(request))).encode())

    async def _perform(self, act: Act, writer: asyncio.StreamWriter) -> bool:
        """Send the answer; whether the connection lives on."""
        body = act.body if act.body is not None else json.dumps(completion("Hei! " * 50)).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **act.headers}
        head = f"HTTP/1.1 {act.status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        if act.then == "keep":
            writer.write(head.encode() + body)
            await writer.drain()
            return True
        if act.then == "hang":
            await asyncio.sleep(3600)
        elif act.then == "cut":
            writer.write(head.encode() + body[: len(body) // 2])
            await writer.drain()
        elif act.then == "trickle":
            writer.write(head.encode())
            for byte in body:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
        elif act.then == "reset":
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        elif act.then == "die":
            self._die()
        return False


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0)
    arguments = parser.parse_args()
    server = MisbehavingServer(port=arguments.port, latency=arguments.latency)
    print(server.url, flush=True)
    server.run()


if __name__ == "__main__":
    main()
