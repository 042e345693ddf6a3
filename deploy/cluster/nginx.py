"""The nginx of a cluster on one machine: what is in deploy/nginx, with other addresses and without TLS."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

SITE = Path(__file__).resolve().parent.parent / "nginx" / "parley"

CONFIGURATION = """\
daemon off;
pid nginx.pid;
worker_processes 2;
worker_rlimit_nofile 65536;
worker_shutdown_timeout 60s;
{user}
events {{
    worker_connections 16384;
}}
http {{
    types {{
        text/html html;
    }}
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include parley/http.conf;
    upstream parley {{
        zone parley 256k;
        hash $parley_client consistent;
{servers}
        keepalive 64;
    }}
    server {{
        listen 127.0.0.1:{port};
        access_log access.log parley;
        include parley/server.conf;
    }}
}}
"""


FILES = "/var/lib/parley/files/"


def write(folder: Path, *, port: int, nodes: Sequence[int], files: str = FILES) -> Path:
    """Makes `folder` one that `nginx -p folder -c nginx.conf` serves from: `nodes` are ports on this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(SITE, folder / "parley", dirs_exist_ok=True)
    site = folder / "parley" / "server.conf"
    site.write_text(site.read_text().replace(FILES, files))
    servers = "\n".join(f"        server 127.0.0.1:{node} max_fails=1 fail_timeout=1s;" for node in nodes)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(CONFIGURATION.format(port=port, servers=servers, user=user))
    return folder
