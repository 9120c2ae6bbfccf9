"""Where things lie, for tests at any depth."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
CASES = TESTS / "cases"
DATA = ROOT / "data"
SHARED = ROOT.parent / "shared"
