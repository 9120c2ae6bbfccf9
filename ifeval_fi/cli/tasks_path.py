"""`ifeval-fi tasks-path`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ifeval_fi import integrations
from ifeval_fi.cli import say
from ifeval_fi.errors import IfevalError
from ifeval_fi.integrations.lm_eval_install import findings, tasks_folder
from ifeval_fi.integrations.lm_eval_install import install as install_tasks
from ifeval_fi.integrations.lm_eval_install import uninstall as uninstall_tasks


def tasks_path(
    framework: Literal["lm-eval", "lighteval"] = "lm-eval", /, *, install: bool = False, uninstall: bool = False
) -> None:
    """Print where the tasks for lm-eval or lighteval are; on standard error, what is in the way of lm-eval's.

    lm_eval --include_path "$(ifeval-fi tasks-path)" --tasks ifeval_fi …

    lighteval endpoint litellm … ifeval_fi --custom-tasks "$(ifeval-fi tasks-path lighteval)"

    Parameters
    ----------
    framework
        Whose tasks: the folder for lm-eval's --include_path, or the file for lighteval's --custom-tasks. Inspect needs
        no path: `inspect eval ifeval_fi/ifeval_fi`.
    install
        Copy the tasks into the installed lm-eval, so that it finds them without --include_path; print where.
    uninstall
        Remove that copy; do so before ifeval-fi itself is uninstalled.
    """
    if install and uninstall:
        raise IfevalError("--install and --uninstall: choose one")
    if framework == "lighteval":
        if install or uninstall:
            raise IfevalError("lighteval's tasks are not copied anywhere; give it --custom-tasks with this path")
        say(str(Path(integrations.__path__[0]) / "lighteval_tasks.py"))
        return
    if install:
        say(str(install_tasks()))
        return
    if uninstall:
        say(str(uninstall_tasks() or "Nothing of ifeval-fi is in lm-eval's folder."))
        return
    say(str(tasks_folder()))
    for finding in findings():
        say(f"ifeval-fi: {finding}", error=True)
