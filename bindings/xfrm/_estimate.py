# SPDX-License-Identifier: GPL-2.0-only
"""How long runs are going to take, for the longest to come first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from ._records import Config
from ._settings import to_values

__all__ = ["Estimator", "count_steps"]

_STEPS_A_SECOND = 3e6  # of studies, until something is known


class Estimator:
    """Estimates from what runs took, or else from how much they have to do.

    Parameters
    ----------
    done : iterable of (dict, float)
        Parameters of earlier runs, as of `to_values`, and the time that they took [s].
    """

    def __init__(self, done: Iterable[tuple[Mapping[str, Any], float]]) -> None:
        self._walls: dict[Any, list[float]] = defaultdict(list)
        self._steps = 0.0
        self._wall_s = 0.0
        for values, wall_s in done:
            self._add(values, wall_s)

    def add(self, config: Config, wall_s: float) -> None:
        """Learn of a run.

        Parameters
        ----------
        config : StudyConfig or RunConfig
            Its settings.
        wall_s : float
            Time that it took [s].
        """
        self._add(to_values(config), wall_s)

    def estimate(self, config: Config) -> float:
        """Estimate what a run is going to take.

        Parameters
        ----------
        config : StudyConfig or RunConfig
            Its settings.

        Returns
        -------
        float
            Time [s]: what it took with other seeds, or as much a step as others.
        """
        values = to_values(config)
        walls = self._walls.get(_to_key(values))
        if walls:
            return sum(walls) / len(walls)
        speed = self._steps / self._wall_s if self._wall_s else _STEPS_A_SECOND
        return count_steps(values) / speed

    def _add(self, values: Mapping[str, Any], wall_s: float) -> None:
        self._walls[_to_key(values)].append(wall_s)
        self._steps += count_steps(values)
        self._wall_s += wall_s


def count_steps(values: Mapping[str, Any]) -> float:
    """Count what a run has to do.

    Parameters
    ----------
    values : mapping
        Its parameters, as of `to_values`.

    Returns
    -------
    float
        Packets of a study; of a run packets times nodes that they pass.
    """
    if "rate" in values:
        steps = values["rate"] * values["duration"] + values["flows"]
        return float(steps)
    n_pairs = values["line_hosts"]
    udp = values["udp_flows"] * values["udp_rate"]
    # TCP fills the narrowest link, with a segment and half an acknowledgement each time.
    narrowest = min(values["edge_rate"], values["core_rate"])
    tcp = 1.5 * narrowest / (8 * values["tcp_segment"]) if values["tcp_flows"] else 0.0
    packets = (n_pairs * udp + tcp) * values["duration"]
    return float(packets * (values["line_gateways"] + 2))


def _to_key(values: Mapping[str, Any]) -> Optional[Any]:
    return tuple((name, value) for name, value in values.items() if name != "seed")
