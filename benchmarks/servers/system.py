"""`python -m benchmarks.servers.system`: installs the programs that the benchmarks need, by apt, where missing.

Without the right to install, the servers that need them are left out.
"""

from collections.abc import Callable
from typing import Final

from benchmarks.servers import programs
from tests.support.services import Missing, program
from tests.support.system import install

_PACKAGES: Final = {
    "redis-server": "redis-server",
    "postgres": "postgresql",
    "gcc": "gcc libc6-dev",
    "node": "nodejs",
    "npm": "npm",
}


def missing() -> list[str]:
    """Debian's names of the packages that are not there."""
    packages = [package for name, package in _PACKAGES.items() if _lacks(program, name)]
    if _lacks(programs.nginx_with_nchan):
        packages.append("nginx libnginx-mod-nchan")
    return [each for package in packages for each in package.split()]


def _lacks(find: Callable[..., object], *what: str) -> bool:
    try:
        find(*what)
    except Missing:
        return True
    return False


def main() -> None:
    packages = missing()
    if packages:
        print(f"Installing {', '.join(packages)}", flush=True)
        install(packages)
        if still := missing():
            print(f"Not installed, so that the servers that need them are left out: {', '.join(still)}")


if __name__ == "__main__":
    main()
