"""The command line: parsing and printing only. Each command's module loads when it is called.

Exit codes: 0 fine; 1 the answer is no (a regression, a rejected submission, an incomplete run); 2 the call or
its input is wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

from cyclopts import App, CycloptsError, Parameter
from cyclopts.exceptions import UnusedCliTokensError

from ifeval_fi.errors import IfevalError
from ifeval_fi.languages.names import english_name
from ifeval_fi.report.tables import one_line, showable
from ifeval_fi.version import __version__

if TYPE_CHECKING:
    from ifeval_fi.prompts import PromptSet

COMMANDS = {
    "run": ("run:run", "Ask a model the prompts and score its answers."),
    "sweep": ("sweep:sweep", "Ask many models many prompt sets: on this machine, on Ray or on SLURM."),
    "score": ("score:score", "Score responses that are already there."),
    "report": ("report:report", "Show one result with every answer, or several side by side."),
    "compare": ("compare:compare", "Compare two results; a gate after training."),
    "list": ("overview:overview", "List prompt sets, rules and instructions."),
    "prompts": ("prompts:app", "Show, check, export and draw prompts; compare a training set with them."),
    "generate": ("generate:generate", "Make verifiable prompts to train on."),
    "translate": ("translate:app", "Translate prompts or training data, and merge a review."),
    "leaderboard": ("leaderboard:app", "Submit runs, verify submissions, build the site, choose a model."),
    "tasks-path": (
        "tasks_path:tasks_path",
        "Print where the tasks for lm-eval and lighteval are.",
    ),
}


def _app(called: str) -> App:
    """The commands; only the one that is called is imported, so that only its help is its docstring."""
    app = App(
        name="ifeval-fi",
        help="Does this model do what it is told? IFEval in Finnish, Swedish, Estonian, Danish, Norwegian and English.",
        version=__version__,
        help_format="plaintext",
        default_parameter=Parameter(negative=(), show_default=_default),
    )
    for name, (place, sentence) in COMMANDS.items():
        app.command(f"{__name__}.{place}", name=name, help=None if name == called else sentence)
    return app


def _default(value: object) -> str | None:
    """A default as the help shows it; None for one that says nothing: False, {}, or an empty list."""
    if value is None or value is False or value in ((), "{}"):
        return None
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def main(tokens: Sequence[str] | None = None) -> None:
    """Run the command line; a wrong call or input prints one line to standard error and exits with 2."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal in ASCII, Latin-1 or cp1252 shows "?" for what it lacks.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        given = sys.argv[1:] if tokens is None else list(tokens)
        app = _app(given[0] if given else "")
        status = app(given, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except UnusedCliTokensError as problem:
        left = " ".join(map(str, problem.unused_tokens or ()))
        chain = " ".join(["ifeval-fi", *(problem.command_chain or ())])
        _stop(f"{left}: too many arguments; `{chain} --help` shows what goes where")
    except (CycloptsError, IfevalError) as problem:
        _stop(str(problem))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as problem:
        _stop(f"{problem.filename or 'standard output'}: {problem.strerror or problem}")
    except KeyboardInterrupt:
        say("ifeval-fi: interrupted", error=True)
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


def say(text: str = "", *, error: bool = False) -> None:
    """Print a text on standard output or standard error; the terminal shows what stands in it and obeys nothing."""
    print(showable(text), file=sys.stderr if error else sys.stdout)


def say_language(prompts: PromptSet) -> PromptSet:
    """The prompts; that their language was guessed is said on standard error."""
    if note := language_note(prompts):
        say(note, error=True)
    return prompts


def language_note(prompts: PromptSet) -> str | None:
    """That the prompts' language was guessed, if it was."""
    if not prompts.detected:
        return None
    language = english_name(prompts.language)
    return f"{prompts.name}: its prompts are {language}, so {language} rules judge; --language says otherwise"


def _stop(sentence: str) -> NoReturn:
    say(f"ifeval-fi: {one_line(sentence)}", error=True)
    try:
        sys.stdout.flush()
    except OSError:
        # The interpreter would try again at its end, and complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(2)
