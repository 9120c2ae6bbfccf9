"""Instructions that only Finnish can have; docs/native.md says what counts. Their ids begin with `fi:`."""

WORD_BY_WORD = 20_000
"""Characters of the longest text whose words are each looked up, which takes most of a second; answers have 1,000."""
