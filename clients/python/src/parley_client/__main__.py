"""`python -m parley_client`: the command line."""

from parley_client.cli import main

main()
