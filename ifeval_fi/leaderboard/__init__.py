"""A leaderboard that believes answers, not claims: every number is computed here from the raw answers.

A submission is `submissions/<org>__<model>/<run>/` with entry.json, run.json and responses.jsonl.gz. It is data:
nothing in it is executed or trusted.
"""
