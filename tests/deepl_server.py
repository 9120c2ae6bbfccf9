"""A local server that speaks DeepL's v2 protocol and translates word for word into something that looks Finnish.

In tests it runs in a thread (`with DeepLServer(...)`); `python tests/deepl_server.py` runs it alone and prints
its address.
"""

from __future__ import annotations

import json
import re
import threading
import xml.etree.ElementTree as ElementTree
import zlib
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "avain-12345:fx"
MOST_TEXTS, MOST_BYTES = 50, 128 * 1024
LANGUAGES = {"FI": ("Finnish", False), "SV": ("Swedish", False), "DE": ("German", True), "EN-US": ("English", False)}
MESSAGES = {
    403: "Forbidden",
    404: "Not found",
    413: "Request entity too large",
    429: "Too many requests",
    456: "Quota exceeded",
    503: "Resource currently unavailable",
}
PLAIN = """
    ja on ei että hän oli ovat mutta niin kuin kun myös vain kirjoita tarina ystävälle kirje koira juoksee pihalla
    sinun pitää käyttää kaikki sanat vastauksessa runo kesästä lyhyt pitkä hauska kertomus vanhasta talosta metsän
    reunassa missä lapset leikkivät illalla ennen nukkumaanmenoa koska huomenna alkaa koulu
""".split()
NOUNS = "metsässä talosta koiralle kirjaa järvellä kaupungissa musiikista lapselle kahvia kesällä".split()
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def word_for(word: str, words: list[str] = PLAIN) -> str:
    """The same Finnish word for the same English one, in the same case."""
    found = words[zlib.crc32(word.lower().encode()) % len(words)]
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found.capitalize() if word[0].isupper() else found


class DeepLServer:
    """Serves translations; `statuses` are sent instead, in turn, for calls of /v2/translate (0: just translate).

    `limit` is the quota in characters. -1 among the statuses closes the connection without an answer, and -2 answers
    with a page that is no JSON.
    """

    def __init__(self, statuses: Iterable[int] = (), *, limit: int = 500_000, used: int = 0, port: int = 0) -> None:
        self.statuses = list(statuses)
        self.limit, self.used = limit, used
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.glossaries: dict[str, dict[str, Any]] = {}
        self._made = 0
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.handle(self, "GET")

            def do_POST(self) -> None:
                server.handle(self, "POST")

            def do_DELETE(self) -> None:
                server.handle(self, "DELETE")

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> DeepLServer:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def serve(self) -> None:
        self._http.serve_forever()

    @property
    def texts(self) -> list[str]:
        """Every text that was translated, in the order of the requests."""
        return [text for request in self.requests if request.get("answered") for text in request["text"]]

    def handle(self, handler: BaseHTTPRequestHandler, method: str) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        with self._lock:
            status, answer = self._answer(method, handler.path, handler.headers.get("Authorization"), body)
        if status == -1:
            handler.close_connection = True
            handler.connection.close()
            return
        content = b"<html>" if status == -2 else b"" if answer is None else json.dumps(answer).encode()
        handler.send_response(200 if status == -2 else status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _answer(self, method: str, path: str, key: str | None, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(path)
        self.paths.append(f"{method} {parts.path}")
        if key != f"DeepL-Auth-Key {KEY}":
            return _error(403)
        if len(body) > MOST_BYTES:
            return _error(413)
        if parts.path == "/v2/usage":
            return 200, {"character_count": self.used, "character_limit": self.limit}
        if parts.path == "/v2/languages":
            form = {**parse_qs(parts.query), **parse_qs(body.decode())}
            targets = form.get("type") == ["target"]
            return 200, [
                {"language": code, "name": name, **({"supports_formality": formality} if targets else {})}
                for code, (name, formality) in LANGUAGES.items()
            ]
        if parts.path.startswith("/v2/glossaries"):
            return self._glossary(method, parts.path.removeprefix("/v2/glossaries").strip("/"), body)
        if parts.path == "/v2/translate" and method == "POST":
            return self._translate(json.loads(body))
        return _error(404)

    def _glossary(self, method: str, name: str, body: bytes) -> tuple[int, Any]:
        if method == "POST":
            request = json.loads(body)
            self._made += 1
            entries = dict(line.split("\t") for line in request["entries"].splitlines())
            made = {
                "glossary_id": f"g{self._made}",
                "name": request["name"],
                "ready": True,
                "source_lang": request["source_lang"].lower(),
                "target_lang": request["target_lang"].lower(),
                "creation_time": "2026-01-01T00:00:00.000000Z",
                "entry_count": len(entries),
            }
            self.glossaries[made["glossary_id"]] = {**made, "entries": entries}
            return 201, made
        if name not in self.glossaries:
            return _error(404)
        if method == "DELETE":
            del self.glossaries[name]
            return 204, None
        return 200, self.glossaries[name]

    def _translate(self, request: dict[str, Any]) -> tuple[int, Any]:
        self.requests.append(request)
        if self.statuses and (status := self.statuses.pop(0)):
            return (status, None) if status < 0 else _error(status)
        if len(request["text"]) > MOST_TEXTS:
            return 400, {"message": "Too many texts"}
        if request["target_lang"] not in LANGUAGES:
            return 400, {"message": "Value for 'target_lang' not supported."}
        if request.get("formality") and not LANGUAGES[request["target_lang"]][1]:
            return 400, {"message": "'formality' is not supported for given 'target_lang'."}
        glossary = self.glossaries.get(request.get("glossary_id", ""), {}).get("entries", {})
        try:
            roots = [ElementTree.fromstring(f"<text>{text}</text>") for text in request["text"]]
        except ElementTree.ParseError:
            return 400, {"message": "Tag handling parsing failed, please check input."}
        billed = [len("".join(root.itertext())) for root in roots]
        if self.used + sum(billed) > self.limit:
            return _error(456)
        self.used += sum(billed)
        request["answered"] = True
        ignored = set(request.get("ignore_tags", ()))
        return 200, {
            "translations": [
                {
                    "detected_source_language": "EN",
                    "text": _translated(root, ignored, glossary),
                    "billed_characters": characters,
                }
                for root, characters in zip(roots, billed, strict=True)
            ]
        }


def _translated(root: ElementTree.Element, ignored: set[str], glossary: dict[str, str]) -> str:
    def words(text: str | None, vocabulary: list[str]) -> str:
        # As the newer models do, white space is not kept as it was.
        text = re.sub(r"\s+", " ", text or "")
        return _WORD.sub(lambda word: glossary.get(word[0]) or word_for(word[0], vocabulary), text)

    def go(element: ElementTree.Element) -> None:
        vocabulary = NOUNS if element.tag == "w" else PLAIN
        if element.tag in ignored:
            return
        element.text = words(element.text, vocabulary)
        for child in element:
            go(child)
            child.tail = words(child.tail, vocabulary)

    go(root)
    return ElementTree.tostring(root, encoding="unicode").removeprefix("<text>").removesuffix("</text>")


def _error(status: int) -> tuple[int, Any]:
    return status, {"message": MESSAGES[status]}


if __name__ == "__main__":
    alone = DeepLServer()
    print(alone.url, flush=True)
    alone.serve()
