"""The servers under test: started, known by their processes, stopped.

with parley(store="postgresql", seed=[("hall", 500)]) as server, Load(server) as load:
    before = server.cpu()
    …
    used = server.cpu() - before
"""

from benchmarks.servers.parley import parley
from benchmarks.servers.peers import PEERS, peer
from benchmarks.servers.processes import Cpu
from benchmarks.servers.running import Running
from tests.support.services import Missing

__all__ = ["PEERS", "Cpu", "Missing", "Running", "parley", "peer"]
