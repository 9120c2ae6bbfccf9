"""Short runs against a server, and a server with one answer to everything, over TLS if need be."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

from misbehaving_server import Act, MisbehavingServer, completion
from rich.console import Console

from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.runner.endpoint import Endpoint, open_session
from ifeval_fi.runner.faults import Failure
from ifeval_fi.runner.replicas import RetryPolicy
from ifeval_fi.runner.replies import Reply
from ifeval_fi.runner.run import RunResult, run_prompts
from ifeval_fi.runner.settings import RunSettings

QUICK = RetryPolicy(attempts=5, base=0.01, cap=0.05)
KEY = "sk-proj-Ab3dE5gH7jK9mN1pQ3rS"
PROMPTS = PromptSet([Prompt(n, f"Kirjoita runo {n}.", (), "fi") for n in range(4)], name="koe", language="fi")


def ask(output: Path, server: MisbehavingServer | str, shown: StringIO | None = None, **options: Any) -> RunResult:
    url = server if isinstance(server, str) else server.url
    settings = RunSettings(**{"base_urls": (url,), "retry": QUICK, "timeout": 5.0, "concurrency": 2, **options})
    console = Console(file=shown, width=300) if shown else None
    return run_prompts(PROMPTS, settings, output, console=console, quiet=shown is None)


def rows(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (output / "responses.jsonl").read_text("utf-8").splitlines()[1:]]


def complete(act: Act, key: str | None = None) -> Reply | Failure:
    async def main(url: str) -> Reply | Failure:
        async with open_session(url) as session:
            return await Endpoint(url, session, 5.0, key).complete(b'{"model": "malli", "messages": []}')

    with MisbehavingServer([act]) as server:
        return asyncio.run(main(server.url))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: tuple[int, bytes, dict[str, str]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, body, headers = self.answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


class AnsweringServer:
    """One answer to every request, over TLS with a certificate nobody trusts when there is one."""

    def __init__(
        self, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None, certificate: Path | None = None
    ) -> None:
        handler = type("Answering", (Handler,), {"answer": (status, body, headers or {})})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return f"{self.scheme}://127.0.0.1:{self.server.server_port}/v1"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


GOOD = json.dumps(completion("Hei")).encode()
