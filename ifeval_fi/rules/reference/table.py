"""The table the published code's checks register in; it validates arguments like the careful reader's."""

from __future__ import annotations

from ifeval_fi.checks import CheckTable

reference = CheckTable()
