"""Asking a model: servers, replicas, the journal, progress."""
