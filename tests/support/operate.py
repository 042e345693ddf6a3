"""Operations in a process beside the servers, as commands run them."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from typing import Any

from tests.support.server import Parley
from tests.support.stores import ROOT


def operate(parley: Parley, operation: str, **arguments: Any) -> None:
    """By the operator (`actor=None`) where the operation has an actor; arguments are what JSON can say."""
    call = json.dumps({"operation": operation, "arguments": arguments})
    subprocess.run([sys.executable, "-m", "tests.support.operate", call], cwd=ROOT, env=parley.env, check=True)


def main(call: dict[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    module, _, name = call["operation"].rpartition(".")
    getattr(importlib.import_module(f"chat.operations.{module}"), name)(**call["arguments"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
