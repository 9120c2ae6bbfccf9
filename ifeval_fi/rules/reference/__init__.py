"""What the published IFEval code says, faults included: lm-eval 0.4.13 with NLTK 3.10.4 and langdetect.

Written from that code's behaviour. `docs/reference.md` lists its faults and the few places where it
crashes or draws at random and these rules are deterministic instead.
"""

from __future__ import annotations

from ifeval_fi.rules import Rules
from ifeval_fi.rules.reference import content, format, keywords, length, response
from ifeval_fi.rules.reference.engines import prepare
from ifeval_fi.rules.reference.table import reference

__all__ = ["REFERENCE", "content", "format", "keywords", "length", "response"]

REFERENCE = Rules(
    "reference",
    "lm-eval-0.4.13+nltk-3.10.4+langdetect-1.0.9-seed-0",
    reference,
    prepare=prepare,
    detector="langdetect",
)
