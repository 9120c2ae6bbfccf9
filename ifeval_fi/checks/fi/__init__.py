"""Instructions that only Finnish can have; docs/native.md says what counts. Their ids begin with `fi:`."""
