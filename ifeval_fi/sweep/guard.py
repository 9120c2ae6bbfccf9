"""Between a cell and its server: the server and all its processes end when the cell does, however the cell ends.

    python guard.py COMMAND…

It stands alone: the server may be another environment's. The cell holds the other end of standard input, which the
system closes when the cell is killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

PATIENCE_SECONDS = 20.0


def main(command: list[str]) -> int:
    """The command's exit status, once it has ended by itself or was ended."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)

    def end(*_: object) -> None:
        _signal(server.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            server.wait(PATIENCE_SECONDS)
        # What is left of its engine's processes, too.
        _signal(server.pid, signal.SIGKILL)

    def end_with_the_cell() -> None:
        with suppress(OSError):
            while os.read(0, 4096):
                pass
        end()

    threading.Thread(target=end_with_the_cell, daemon=True).start()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: threading.Thread(target=end).start())
    status = server.wait()
    _signal(server.pid, signal.SIGKILL)
    return status if status >= 0 else 128 - status


def _signal(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
