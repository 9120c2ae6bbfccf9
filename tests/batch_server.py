"""A chat server with OpenAI's files and batches, which end as a test wants them to."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from misbehaving_server import answer_to, completion

Line = dict[str, Any]
Answering = Callable[[Mapping[str, Any]], Line | None]


def answered(request: Mapping[str, Any]) -> Line:
    """The line of a request that went well."""
    return told(request, completion(answer_to(request["body"])))


def told(request: Mapping[str, Any], body: Any, status: int = 200) -> Line:
    response = {"status_code": status, "request_id": "req_1", "body": body}
    return {"id": "batch_req_1", "custom_id": request["custom_id"], "response": response, "error": None}


def expired(request: Mapping[str, Any]) -> Line:
    error = {"code": "batch_expired", "message": "This request could not be executed before the window expired."}
    return {"id": "batch_req_1", "custom_id": request["custom_id"], "response": None, "error": error}


class BatchServer:
    """Ends its batches after `polls` looks in `status`, with the lines that `answering` gives, None for no line.

    Lines with an error or another status than 200 stand in the error file. Without `has_batches` it knows none;
    `refuses` makes the validation fail with those errors. `forgets` drops the answer to the request that makes a batch.
    """

    def __init__(
        self,
        answering: Answering = answered,
        *,
        polls: int = 1,
        status: str = "completed",
        has_batches: bool = True,
        refuses: list[Line] | None = None,
        forgets: bool = False,
        key: str | None = None,
        more: list[str] | None = None,
    ) -> None:
        self.answering, self.polls, self.status, self.has_batches = answering, polls, status, has_batches
        self.refuses, self.forgets, self.key, self.more = refuses, forgets, key, more or []
        self.files: dict[str, str] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.looks: dict[str, int] = {}
        self.chats = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Transfer-Encoding") == "chunked":
                    body = self.read_chunks()
                status, answer = outer.answer(self.command, self.path, self.headers, body)
                if status == 0:
                    self.close_connection = True
                    return
                content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def read_chunks(self) -> bytes:
                parts = []
                while size := int(self.rfile.readline(), 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(parts)

            do_GET = do_POST = handle_any  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> BatchServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        """Status and body; status 0 for a connection that is closed without an answer."""
        if self.key and headers.get("Authorization") != f"Bearer {self.key}":
            return 401, {"error": {"message": f"wrong key {headers.get('Authorization')}"}}
        path = path.removeprefix("/v1").partition("?")[0]
        if path == "/models":
            return 200, {"object": "list", "data": [{"id": "malli", "object": "model", "owned_by": "testi"}]}
        if path == "/chat/completions":
            self.chats += 1
            return 200, completion("H", "length", 1)
        if not self.has_batches:
            return 404, {"detail": "Not Found"}
        if path == "/files" and method == "POST":
            return self._upload(body, headers)
        if content := re.fullmatch(r"/files/([\w-]+)/content", path):
            found = self.files.get(content[1])
            return (200, found) if found is not None else (404, {"error": {"message": "no such file"}})
        if path == "/batches":
            return self._make(json.loads(body)) if method == "POST" else (200, {"data": [*self.batches.values()]})
        if batch := re.fullmatch(r"/batches/([\w-]+)", path):
            return self._look(batch[1])
        return 404, {"error": {"message": f"no {path}"}}

    def _upload(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        boundary = headers["Content-Type"].partition("boundary=")[2].strip('"').encode()
        parts = [part.partition(b"\r\n\r\n") for part in body.split(b"--" + boundary)[1:-1]]
        fields = {re.search(rb'name="(\w+)"', head)[1].decode(): content[:-2] for head, _, content in parts}  # type: ignore[index]
        if fields.get("purpose") != b"batch":
            return 400, {"error": {"message": "the purpose must be batch"}}
        name = f"file-{len(self.files) + 1}"
        self.files[name] = fields["file"].decode()
        return 200, {"id": name, "object": "file", "purpose": "batch"}

    def _make(self, asked: Mapping[str, Any]) -> tuple[int, Any]:
        if asked["endpoint"] != "/v1/chat/completions" or asked["completion_window"] != "24h":
            return 400, {"error": {"message": "unknown endpoint or window"}}
        name = f"batch_{len(self.batches) + 1}"
        total = self.files[asked["input_file_id"]].count("\n")
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "input_file_id": asked["input_file_id"],
            "status": "validating",
            "request_counts": {"total": total, "completed": 0, "failed": 0},
        }
        if self.forgets:
            self.forgets = False
            return 0, None
        return 200, self.batches[name]

    def _look(self, name: str) -> tuple[int, Any]:
        batch = self.batches.get(name)
        if batch is None:
            return 404, {"error": {"message": f"No batch found with id '{name}'."}}
        self.looks[name] = self.looks.get(name, 0) + 1
        if self.looks[name] <= self.polls:
            batch["status"] = "in_progress"
        elif self.refuses:
            batch |= {"status": "failed", "errors": {"object": "list", "data": self.refuses}}
        elif batch["status"] != self.status:
            self._end(batch)
        return 200, batch

    def _end(self, batch: dict[str, Any]) -> None:
        lines = [self.answering(json.loads(line)) for line in self.files[batch["input_file_id"]].splitlines()]
        good = [line for line in lines if line and line["response"] and line["response"]["status_code"] == 200]
        bad = [line for line in lines if line and line not in good]
        batch["status"] = self.status
        for field, found, more in (("output_file_id", good, self.more), ("error_file_id", bad, [])):
            if found or more:
                name = batch[field] = f"file-{batch['id']}-{field[:5]}"
                # The order of the output is not that of the requests.
                self.files[name] = "".join(f"{json.dumps(line)}\n" for line in reversed(found)) + "".join(more)
