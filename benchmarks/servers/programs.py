"""Finds or builds what peers are made of. Whatever is not there raises Missing, which says how to get it."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.support.services import Missing, program

PEERS: Final = Path(__file__).resolve().parents[1] / "peers"
_NGINX: Final = ("nginx", "/usr/sbin/nginx")
_NCHAN: Final = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")


def compiled_limit(folder: Path) -> str:
    """The path of the C server, compiled into `folder`."""
    compiler = program("gcc")
    target = folder / "limit"
    sources = sorted(map(str, (PEERS / "limit").glob("*.c")))
    subprocess.run([compiler, "-std=gnu11", "-O2", "-Wall", "-o", str(target), *sources], check=True)
    return str(target)


def nginx_with_nchan() -> tuple[str, Path]:
    """The paths of nginx and of its module nchan."""
    nginx = next(filter(None, map(shutil.which, _NGINX)), None)
    if nginx is None:
        raise Missing("nginx is not installed")
    if not _NCHAN.exists():
        raise Missing("nginx's module nchan is not installed (libnginx-mod-nchan, which `make bench` fetches)")
    return nginx, _NCHAN


def node(package: str, script: str) -> list[str]:
    """The command that runs one of our scripts, which needs `package`."""
    if not (PEERS / "node_modules" / package).is_dir():
        raise Missing(f"npm's {package} is not installed (`make bench` fetches it, `make test` needs no npm)")
    return [program("node"), str(PEERS / script)]


def need_python(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise Missing(f"{module} is not installed (`make bench` fetches it)")
