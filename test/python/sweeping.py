# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of sweeps have in common."""


import xfrm

__all__ = ["BASE", "GRID", "read_all"]

BASE = xfrm.StudyConfig(duration="20ms", interval="5ms")
GRID = {"flows": [1000, 10000], "cores": [1, 2]}

ELSEWHERE = {"run", "host", "started", "wall_s"}


def read_all(store):
    """Return all that a store has of its runs but where and when they were done, by identity."""
    connection = store._connection
    whole = {}
    for view in ("studies", "packet_runs"):
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({view})")]
        for row in connection.execute(f"SELECT * FROM {view}") if names else ():
            values = dict(zip(names, row))
            tables = connection.execute(
                "SELECT name, data FROM tables WHERE run = ? ORDER BY name", (values["run"],)
            ).fetchall()
            kept = {name: value for name, value in values.items() if name not in ELSEWHERE}
            whole[values["identity"], values["attempt"]] = kept, tables
    return whole
