"""`python -m deploy.cluster`: three nodes, PostgreSQL, Redis and nginx on this machine, until Ctrl-C.

The processes stand in `supervisord.conf`. What they keep is below the folder that is named at the start: the same
cluster is there the next time, on other ports.
"""

from __future__ import annotations

import getpass
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy.cluster import nginx
from deploy.cluster.programs import find

ROOT = Path(__file__).resolve().parent.parent.parent
PROCESSES = Path(__file__).with_name("supervisord.conf")
NODES = 3
START_SECONDS = 90


def main() -> int:
    folder = data_folder()
    environment = describe(folder)
    initialise(folder, environment)
    (folder / "set-up").unlink(missing_ok=True)
    supervisord = Path(sys.executable).with_name("supervisord")
    running = subprocess.Popen([supervisord, "-c", PROCESSES], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    # Ctrl-C reaches all of them: they end one after the other, and this waits for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: running.terminate())
    set_up(folder, environment)
    if ready(running, environment["CLUSTER_URL"]):
        print(f"Parley is ready at {environment['CLUSTER_URL']}, with all it keeps in {folder}", flush=True)
        print(f"One process: .venv/bin/supervisorctl -s unix://{folder}/supervisor.sock restart node1", flush=True)
    elif running.poll() is None:
        running.terminate()
        print(f"It did not start; {folder}/log says why", file=sys.stderr)
    return running.wait() and 1


def data_folder() -> Path:
    """CLUSTER_DATA, or a folder of the user's: PostgreSQL does not run as root, and must reach it as somebody else."""
    mine = Path("/var/tmp/parley-cluster") if os.geteuid() == 0 else ROOT / "var" / "cluster"
    folder = Path(os.environ.get("CLUSTER_DATA") or mine).absolute()
    for part in folder / "log", folder / "data":
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o711)
    return folder


def describe(folder: Path) -> dict[str, str]:
    """The environment of all processes: programs, ports, and the settings of a node."""
    *nodes, http, database, redis = free_ports(NODES + 3)
    account = "postgres" if os.geteuid() == 0 else getpass.getuser()
    url = f"http://127.0.0.1:{http}"
    nginx.write(folder / "nginx", port=http, nodes=nodes)
    return os.environ | {
        "CLUSTER": str(folder),
        "CLUSTER_URL": url,
        "CLUSTER_USER": getpass.getuser(),
        "PYTHON": sys.executable,
        "NGINX": program("nginx"),
        "REDIS": program("redis-server"),
        "POSTGRESQL": program("postgres"),
        "POSTGRESQL_USER": account,
        "POSTGRESQL_PORT": str(database),
        "REDIS_PORT": str(redis),
        **{f"NODE{number}_PORT": str(port) for number, port in enumerate(nodes, 1)},
        "PARLEY_DATA": str(folder / "data"),
        "DATABASE_URL": f"postgresql://parley@127.0.0.1:{database}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "HOST": "127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1",
        "TRUSTED_ORIGINS": f"{url} http://localhost:{http}",
        "LOG_FORMAT": "text",
    }


def initialise(folder: Path, environment: dict[str, str]) -> None:
    """Makes the database cluster, the first time."""
    data = folder / "postgresql"
    if (data / "PG_VERSION").exists():
        return
    data.mkdir(exist_ok=True)
    owner = pwd.getpwnam(environment["POSTGRESQL_USER"])
    if os.geteuid() == 0:
        os.chown(data, owner.pw_uid, owner.pw_gid)
    command = [program("initdb"), "-D", data, "-U", "parley", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid} if os.geteuid() == 0 else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_owner)  # type: ignore[call-overload]


def set_up(folder: Path, environment: dict[str, str]) -> None:
    """Makes static files and tables; the nodes wait for the file that says so."""
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "collectstatic", "--no-input", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        migrated = subprocess.run(
            [*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        if migrated.returncode == 0:
            (folder / "set-up").touch()
            return
        time.sleep(0.3)


def ready(running: subprocess.Popen[bytes], url: str) -> bool:
    """Waits until a node serves through nginx."""
    deadline = time.monotonic() + START_SECONDS
    while running.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    return False


def program(name: str) -> str:
    found = find(name)
    if found is None:
        raise SystemExit(f"{name} is not installed: a cluster needs PostgreSQL, Redis and nginx")
    return found


def free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


if __name__ == "__main__":
    sys.exit(main())
