"""Scores and verdicts for people: in the terminal, and as files to look at."""
