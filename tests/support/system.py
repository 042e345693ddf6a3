"""`python -m tests.support.system`: installs the servers and the browser that tests need, by apt, where missing.

Without the right to install, tests that need them are skipped by name; with CI=true this fails instead.
"""

import os
import shutil
import subprocess
import sys

from tests.support.services import Missing, program

PROGRAMS = {
    "redis-server": "redis-server",
    "postgres": "postgresql",
    "nginx": "nginx",
    "chromium": "chromium",
    "chromium-headless-shell": "chromium-headless-shell",
    "node": "nodejs",
    "faketime": "faketime",
}


def missing() -> list[str]:
    """Debian's names of the packages that are not there."""
    packages = []
    for name, package in PROGRAMS.items():
        try:
            program(name)
        except Missing:
            packages.append(package)
    return packages


def install(packages: list[str]) -> None:
    apt = shutil.which("apt-get")
    if not apt:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and not shutil.which("sudo"):
        return
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    quiet = {"stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    subprocess.run([*as_root, apt, "-qq", "update"], check=False, **quiet)  # type: ignore[call-overload]
    command = [*as_root, *environment, apt, "-qq", "install", "-y", "--no-install-recommends", *packages]
    subprocess.run(command, check=False, **quiet)  # type: ignore[call-overload]


def main() -> int:
    packages = missing()
    if packages:
        print(f"Installing {', '.join(packages)}", flush=True)
        install(packages)
    still = missing()
    if still:
        print(f"Not installed, so that the tests that need them are skipped: {', '.join(still)}")
    return 1 if still and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
