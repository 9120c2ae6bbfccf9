"""The answer in a chat message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ifeval_fi.prompts import Key
from ifeval_fi.scoring.endings import ending_of
from ifeval_fi.scoring.messages import content_of
from ifeval_fi.scoring.responses.response import OUTCOMES, Response

_SURROGATE = re.compile("[\ud800-\udfff]")


def message_response(key: Key, message: Mapping[str, Any], finish_reason: str | None, *, sample: int = 0) -> Response:
    """What the message says as it is, thinking and all, with the outcome that the finish reason stands for.

    UnknownShape or RecursionError for a content that nobody has described.
    """
    content = content_of(message)
    return Response(
        key,
        _clean("".join(content.texts)),
        sample,
        OUTCOMES[ending_of(finish_reason)],
        reasoning=_clean("".join(content.thoughts)) or None,
        finish_reason=finish_reason,
        empty="tool_call_only" if content.called else None,
    )


def _clean(text: str) -> str:
    """Half of a cut-off surrogate pair, which JSON can carry and UTF-8 cannot, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)
