"""What stands between a run and its server: open files, proxies, redirects, TLS, packing, headers."""

from __future__ import annotations

import errno
import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from misbehaving_server import MisbehavingServer
from servers import GOOD, AnsweringServer, Handler, ask

from ifeval_fi.runner.endpoint import is_loopback, proxy_of
from ifeval_fi.runner.faults import ServerError, broken

pytestmark = pytest.mark.usefixtures("bare_environment")

LIMITED = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_NOFILE, (80, int(sys.argv[3])))
from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import RunSettings
prompts = PromptSet([Prompt(n, f"Kirjoita runo {n}.", (), "fi") for n in range(300)], name="koe", language="fi")
settings = RunSettings(base_urls=(sys.argv[1],), concurrency=150)
print(run_prompts(prompts, settings, Path(sys.argv[2])).summary)
"""


@pytest.mark.parametrize(("hard", "said"), [(80, True), (4096, False)], ids=["lowered", "raised"])
def test_few_open_files_mean_fewer_requests_at_a_time(hard: int, said: bool, tmp_path: Path) -> None:
    with MisbehavingServer(latency=0.02) as server:
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, server.url, str(tmp_path), str(hard)],
            capture_output=True,
            text=True,
            check=False,
        )
        most = server.most_in_flight
    assert "300 of 300 answered" in done.stdout, done.stderr
    assert ("this shell allows 80 open files" in done.stderr) is said
    assert most < 80 if said else most > 80


def test_too_many_open_files_are_our_own_limit_and_no_dead_server() -> None:
    failure = broken(OSError(errno.EMFILE, "Too many open files"), None)
    assert failure.retried
    assert failure.kind == "too_many_files"
    assert "--concurrency" in failure.message


LOCAL = ["http://localhost:1/v1", "http://127.0.0.5:1", "http://0.0.0.0:8000/v1", "http://[::]:8000", "http://[::1]"]
LOCAL += ["http://[::ffff:127.0.0.1]:8000", "http://vllm.localhost:80", "http://localhost.:80"]


@pytest.mark.parametrize("url", LOCAL)
def test_local_addresses_are_local(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url", ["http://node1:8000", "http://10.0.0.1", "http://[2001:db8::1]", "http://127.example.com"]
)
def test_other_addresses_are_not(url: str) -> None:
    assert not is_loopback(url)


def test_a_server_at_0_0_0_0_is_not_asked_through_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with MisbehavingServer() as server:
        assert ask(tmp_path, server.url.replace("127.0.0.1", "0.0.0.0")).finished


def test_a_proxy_s_failure_is_named_without_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:salainen@127.0.0.1:9")
    with pytest.raises(ServerError, match=r"the proxy 127\.0\.0\.1:9 cannot be reached") as caught:
        ask(tmp_path / "run", "http://node1.invalid/v1", model="malli")
    assert "salainen" not in str(caught.value)
    with AnsweringServer(b"<html>no</html>", status=407) as url:
        monkeypatch.setenv("http_proxy", url)
        with pytest.raises(ServerError, match=r"407: .* \(by way of the proxy 127\.0\.0\.1"):
            ask(tmp_path / "run", "http://node1.invalid/v1", model="malli")
    monkeypatch.setenv("no_proxy", "node1.invalid")
    assert proxy_of("http://node1.invalid/v1") is None


@pytest.mark.parametrize("status", [200, 201, 202, 203])
def test_any_2xx_is_an_answer(status: int, tmp_path: Path) -> None:
    with AnsweringServer(GOOD, status=status) as url:
        assert ask(tmp_path, url, model="malli").finished


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_where_a_server_sends_on_to_is_said(status: int, tmp_path: Path) -> None:
    said = rf"{status}: sends requests on to https://api\.example\.com/v1/"
    server = AnsweringServer(b"", status=status, headers={"Location": "https://api.example.com/v1/"})
    with server as url, pytest.raises(ServerError, match=said):
        ask(tmp_path / "run", url, model="malli")


def test_the_path_is_hinted_at_where_a_200_holds_an_error(tmp_path: Path) -> None:
    wrong = json.dumps({"error": "Unexpected endpoint or method. (POST /chat/completions). Returning 200 anyway"})

    class Studio(Handler):
        def do_POST(self) -> None:  # noqa: N802
            right = self.path.startswith("/v1/")
            self.answer = (200, b'{"data": [{"id": "malli"}]}' if right else wrong.encode(), {})
            super().do_POST()

        do_GET = do_POST  # noqa: N815

    server = AnsweringServer(b"")
    server.server.RequestHandlerClass = Studio
    with server as url:
        for model in ("malli", None):
            with pytest.raises(ServerError, match=r"has no chat endpoint, but .*/v1 has; give --base-url"):
                ask(tmp_path / "run", url.removesuffix("/v1"), model=model)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=koe"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs openssl to make a certificate")
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def test_a_certificate_that_is_not_trusted(certificate: Path, tmp_path: Path) -> None:
    with AnsweringServer(GOOD, certificate=certificate) as url:
        started = time.monotonic()
        with pytest.raises(ServerError, match=r"certificate is not trusted .*SSL_CERT_FILE"):
            ask(tmp_path / "run", url, model="malli")
        assert time.monotonic() - started < 5
        code = (
            "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3]); "
            "from servers import ask; print(ask(Path(sys.argv[2]), sys.argv[1], model='malli').finished)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, url, str(tmp_path / "run"), str(Path(__file__).parent.parent)],
            env={**os.environ, "SSL_CERT_FILE": f"{certificate}.crt", "PYTHONPATH": str(Path(__file__).parent.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout.strip() == "True", done.stderr


def test_the_wrong_scheme_is_named(certificate: Path, tmp_path: Path) -> None:
    with AnsweringServer(GOOD, certificate=certificate) as url, pytest.raises(ServerError, match="one for https"):
        ask(tmp_path / "run", url.replace("https:", "http:"), model="malli")
    with AnsweringServer(GOOD) as url, pytest.raises(ServerError, match=r"speaks no TLS .* give http://"):
        ask(tmp_path / "run", url.replace("http:", "https:"), model="malli")


@pytest.mark.parametrize("packing", ["br", "zstd"])
def test_a_packing_nobody_asked_for_is_named(packing: str, tmp_path: Path) -> None:
    server = AnsweringServer(b"\x28\xb5\x2f\xfdxx", headers={"Content-Encoding": packing})
    with server as url, pytest.raises(ServerError, match=rf"packed in a way that was not asked for .*{packing}"):
        ask(tmp_path / "run", url, model="malli")


def test_gzip_is_read_although_nobody_asked_for_it(tmp_path: Path) -> None:
    with AnsweringServer(gzip.compress(GOOD), headers={"Content-Encoding": "gzip"}) as url:
        assert ask(tmp_path, url, model="malli").finished


def test_headers_of_50_kib_are_read_and_larger_ones_named(tmp_path: Path) -> None:
    with AnsweringServer(GOOD, headers={"X-Trace": "x" * 50_000}) as url:
        assert ask(tmp_path / "run", url, model="malli").finished
    server = AnsweringServer(GOOD, headers={"X-Trace": "x" * 500_000})
    with server as url, pytest.raises(ServerError, match="headers are larger than 64 KiB"):
        ask(tmp_path / "large", url, model="malli")


def test_what_is_no_http_is_named(tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.recv(1000)
            client.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
            client.close()

    threading.Thread(target=serve, daemon=True).start()
    with pytest.raises(ServerError, match="no HTTP"):
        ask(tmp_path / "run", f"http://127.0.0.1:{listener.getsockname()[1]}/v1", model="malli")
    listener.close()
