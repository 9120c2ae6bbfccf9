"""`ifeval-fi tasks-path`."""

from __future__ import annotations

from ifeval_fi.cli import say
from ifeval_fi.integrations.lm_eval_install import findings, tasks_folder


def tasks_path() -> None:
    """Print the folder of the lm-eval tasks, for --include_path; on standard error, why it may be needed.

    lm_eval --include_path "$(ifeval-fi tasks-path)" --tasks ifeval_fi …
    """
    say(str(tasks_folder()))
    for finding in findings():
        say(f"ifeval-fi: {finding}", error=True)
