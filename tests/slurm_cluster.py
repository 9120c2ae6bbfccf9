"""SLURM on this one machine: munged, slurmctld and slurmd started by hand in a folder of their own, and ended.

    python tests/slurm_cluster.py FOLDER sinfo

runs a command in such a cluster. Debian's slurm-wlm and munge are enough; nothing of the system's own files is used.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from shutil import which

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo")
START_SECONDS = 30.0

CONFIG = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
MinJobAge=60
KillWait=10
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> list[str]:
    """The programs that this machine lacks."""
    return [name for name in PROGRAMS if which(name, path=_path()) is None]


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class SlurmCluster:
    """`environment` is what sbatch and its like need to find it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "PATH": _path(), "SLURM_CONF": str(folder / "slurm.conf")}
        self._daemons: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> SlurmCluster:
        # munged insists on folders that nobody else can write to.
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        for name in ("state", "spool"):
            (self.folder / name).mkdir(exist_ok=True)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        host = socket.gethostname().partition(".")[0]
        settings = {"host": host, "user": "root", "folder": self.folder, "cpus": os.cpu_count()}
        config = CONFIG.format(controller=_free_port(), daemon=_free_port(), **settings)
        (self.folder / "slurm.conf").write_text(config)
        at = self.folder
        self._start(
            *(
                "munged",
                "--foreground",
                f"--key-file={key}",
                f"--socket={at}/munge.socket",
                f"--pid-file={at}/munge.pid",
            ),
            *(f"--log-file={at}/munged.log", f"--seed-file={at}/munge.seed"),
        )
        self._await(lambda: (at / "munge.socket").exists())
        self._start("slurmctld", "-D", "-f", str(at / "slurm.conf"))
        self._start("slurmd", "-D", "-f", str(at / "slurm.conf"), "-N", host)
        try:
            self._await(lambda: self.run("sinfo", "-h", "-o", "%T").strip() == "idle")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for daemon in reversed(self._daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def run(self, *command: str) -> str:
        """What the command prints; empty when it fails."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout if done.returncode == 0 else ""

    def wait_until_empty(self, seconds: float = 300.0) -> None:
        """Wait until no job waits or runs."""
        deadline = time.monotonic() + seconds
        while self.run("squeue", "-h").strip():
            if time.monotonic() > deadline:
                raise RuntimeError(f"jobs are left: {self.run('squeue')}")
            time.sleep(1)

    def _start(self, *command: str) -> None:
        with (self.folder / f"{command[0]}.out").open("wb") as log:
            self._daemons.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))

    def _await(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            ended = [daemon.args for daemon in self._daemons if daemon.poll() is not None]
            if ended or time.monotonic() > deadline:
                logs = "\n".join(path.read_text("utf-8", "replace")[-1500:] for path in self.folder.glob("*.log"))
                out = "\n".join(path.read_text("utf-8", "replace")[-1500:] for path in self.folder.glob("*.out"))
                raise RuntimeError(f"SLURM does not start ({ended}): {logs}\n{out}")
            time.sleep(0.2)


if __name__ == "__main__":
    with SlurmCluster(Path(sys.argv[1]).resolve()) as cluster:
        sys.exit(subprocess.run(sys.argv[2:], env=cluster.environment).returncode)
