"""The command line: parsing and printing only. Each command's module loads when it is called.

Exit codes: 0 fine; 1 the answer is no (a regression, a rejected submission, an incomplete run); 2 the call or
its input is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from ifeval_fi.errors import IfevalError
from ifeval_fi.report.tables import one_line
from ifeval_fi.version import __version__

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
    try:
        status = app(tokens, exit_on_error=False, result_action="return_value")
    except CycloptsError:
        sys.exit(2)
    except IfevalError as problem:
        print(f"ifeval-fi: {one_line(str(problem))}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
