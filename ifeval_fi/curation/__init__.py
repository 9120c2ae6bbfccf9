"""What proves a prompt set: that its rows are sound and can be satisfied."""
