"""`python -m ifeval_fi` is `ifeval-fi`."""

from ifeval_fi.cli import main

main()
