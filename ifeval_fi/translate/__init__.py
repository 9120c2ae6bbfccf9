"""Prompts and training data into another language: engines, protection of what must agree, cleaning, review."""
