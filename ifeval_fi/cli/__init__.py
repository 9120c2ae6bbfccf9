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

from cyclopts import App, CycloptsError

from ifeval_fi.errors import IfevalError
from ifeval_fi.languages.names import english_name
from ifeval_fi.report.tables import one_line, showable
from ifeval_fi.version import __version__

if TYPE_CHECKING:
    from ifeval_fi.prompts import PromptSet

app = App(
    name="ifeval-fi",
    help="Does this model do what it is told, in Finnish? IFEval with checkers that understand the language.",
    version=__version__,
    help_format="plaintext",
)

COMMANDS = {
    "run": ("run:run", "Ask a model the prompts and score its answers."),
    "score": ("score:score", "Score responses that are already there."),
    "report": ("report:report", "Show one result with every answer, or several side by side."),
    "compare": ("compare:compare", "Compare two results; a gate after training."),
    "prompts": ("prompts:app", "Show, check and export prompts."),
    "translate": ("translate:app", "Translate prompts or training data, and merge a review."),
    "leaderboard": ("leaderboard:app", "Submit runs, verify submissions, build the site, choose a model."),
    "tasks-path": ("tasks_path:tasks_path", "Print the folder of the lm-eval tasks."),
}
for name, (place, help_text) in COMMANDS.items():
    app.command(f"{__name__}.{place}", name=name, help=help_text)


def main(tokens: Sequence[str] | None = None) -> None:
    """Run the command line; a wrong call or input prints one line to standard error and exits with 2."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal in ASCII, Latin-1 or cp1252 shows "?" for what it lacks.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        status = app(tokens, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
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
    if prompts.detected:
        language = english_name(prompts.language)
        say(
            f"{prompts.name}: its prompts are {language}, so {language} rules judge; --language says otherwise",
            error=True,
        )
    return prompts


def _stop(sentence: str) -> NoReturn:
    say(f"ifeval-fi: {one_line(sentence)}", error=True)
    try:
        sys.stdout.flush()
    except OSError:
        # The interpreter would try again at its end, and complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(2)
