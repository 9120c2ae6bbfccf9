"""Other people's frameworks."""

METRICS = (
    "prompt_level_strict_acc",
    "inst_level_strict_acc",
    "prompt_level_loose_acc",
    "inst_level_loose_acc",
    "response_language_rate",
    "prompt_level_strict_acc_in_language",
)
"""The rates that every framework is given; the first four bear the names that lm-eval's own `ifeval` gives them."""
