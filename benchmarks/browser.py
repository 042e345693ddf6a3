"""As much of a browser as a server notices: a kept-alive connection, cookies, and the ETag of what it has."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from typing import Final

from benchmarks.measuring import Wrong
from benchmarks.servers import Running

WARM_UP: Final = 20


@dataclass
class Browser:
    """One address, asked for again and again; with `revalidates` it is had already, and the answer is 304."""

    server: Running
    path: str
    headers: dict[str, str]
    revalidates: bool = False
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.server.host, self.server.port)
        self.headers = dict(self.headers)
        cookies = [cookie.partition(";")[0] for cookie in self.ask(200).headers.get_all("Set-Cookie", [])]
        if cookies:
            self.headers["Cookie"] = "; ".join([self.headers["Cookie"], *cookies])
        if self.revalidates:
            self.headers["If-None-Match"] = self.ask(200).headers["ETag"]

    def ask(self, status: int) -> http.client.HTTPResponse:
        self.connection.request("GET", self.path, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != status:
            raise Wrong(f"{self.path} answered {answer.status} instead of {status}")
        return answer

    def cpu_ms(self, requests: int) -> float:
        """Of the server, per request."""
        status = 304 if self.revalidates else 200
        for _ in range(WARM_UP):
            self.ask(status)
        before = self.server.cpu()
        for _ in range(requests):
            self.ask(status)
        used = self.server.cpu() - before
        self.connection.close()
        return used.total / requests * 1000
