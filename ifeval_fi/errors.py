"""What can go wrong through the user's call or input; each message says what, where, and what to do."""

from __future__ import annotations


class IfevalError(Exception):
    """The call or its input is wrong; the command line prints the message and exits with 2."""


class PromptError(IfevalError):
    """A prompts file does not hold what it must."""


class ResponseError(IfevalError):
    """A responses file does not hold what it must."""


class MissingEngine(IfevalError):
    """An optional engine is not installed; the message carries the install line."""


class OutputError(IfevalError):
    """A result cannot be written; the message has the path and the reason."""
