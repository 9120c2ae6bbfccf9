"""`ifeval-fi tasks-path`."""

from __future__ import annotations

from ifeval_fi.cli import say
from ifeval_fi.errors import IfevalError
from ifeval_fi.integrations.lm_eval_install import findings, tasks_folder
from ifeval_fi.integrations.lm_eval_install import install as install_tasks
from ifeval_fi.integrations.lm_eval_install import uninstall as uninstall_tasks


def tasks_path(*, install: bool = False, uninstall: bool = False) -> None:
    """Print the folder of the lm-eval tasks, for --include_path; on standard error, why it may be needed.

    lm_eval --include_path "$(ifeval-fi tasks-path)" --tasks ifeval_fi …

    Parameters
    ----------
    install
        Copy the tasks into the installed lm-eval, so that it finds them without --include_path; print where.
    uninstall
        Remove that copy; do so before ifeval-fi itself is uninstalled.
    """
    if install and uninstall:
        raise IfevalError("--install and --uninstall: choose one")
    if install:
        say(str(install_tasks()))
        return
    if uninstall:
        say(str(uninstall_tasks() or "Nothing of ifeval-fi is in lm-eval's folder."))
        return
    say(str(tasks_folder()))
    for finding in findings():
        say(f"ifeval-fi: {finding}", error=True)
