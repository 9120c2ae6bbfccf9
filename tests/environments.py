"""Virtual environments with the wheel in them, and the commands there; for other people's command lines."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from paths import ROOT


class Environment:
    """A virtual environment, and the commands in it."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / ("Scripts" if os.name == "nt" else "bin")
        self.site = next(folder.glob("lib/python*/site-packages"))
        self.folder = folder

    def run(self, program: str, *arguments: str | Path, check: bool = True, **options: Any) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "HF_HUB_OFFLINE": "1", "COLUMNS": "200"}
        done = subprocess.run(
            [self.bin / program, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=options.pop("cwd", self.folder),
            env=environment | options.pop("env", {}),
            timeout=570,
            **options,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def python(self, code: str) -> str:
        return self.run("python", "-c", code).strip()

    def pip(self, *arguments: str | Path) -> None:
        """pip from outside, so that making an environment takes no pip of its own."""
        command = [sys.executable, "-m", "pip", "--python", self.bin / "python", "--disable-pip-version-check"]
        done = subprocess.run([*command, *arguments, "-q"], capture_output=True, text=True, timeout=590)
        assert done.returncode == 0, done.stderr

    def install(self, *what: str | Path) -> None:
        self.pip("install", *what)

    def uninstall(self) -> None:
        self.pip("uninstall", "-y", "ifeval-fi")


def build_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return next(folder.glob("*.whl"))


def clean_environment(folder: Path, wheel: Path, named: str, *what: str) -> Environment:
    """An environment with this wheel: the one that is named, or a new one with what is to be installed beside it."""
    if Path(named).is_dir():
        environment = Environment(Path(named))
        environment.install("--no-deps", "--force-reinstall", wheel)
        return environment
    venv.create(folder, symlinks=os.name != "nt")
    environment = Environment(folder)
    environment.install(*what)
    return environment
