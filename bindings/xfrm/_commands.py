# SPDX-License-Identifier: GPL-2.0-only
"""Commands of python3 -m xfrm."""

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional, TextIO, Union

import pandas as pd

from ._core import XfrmError
from ._files import write_whole
from ._merge import merge
from ._report import report
from ._store import Store
from ._study_file import read_study_file
from ._sweep import sweep

__all__ = ["Command", "get_commands", "main"]

EXIT_BAD_INPUT = 2
EXIT_BY_SIGNAL = 130

_FILE_HELP = """\
FILE is TOML:

  [study]                          # or [run]: settings, by their names in INI files
  duration = "1s"
  traffic.attack = 0.1

  [grid]                           # every combination of
  flows = [1000, 10000, 100000]
  cores = [1, 2, 4]

  [sweep]
  seeds = 5                        # of each point; or a list of seeds
  store = "flows.db"               # beside this file
  executor = "processes:2"         # or "dask", or a scheduler as "tcp://HOST:8786"
  timeout = "10min"                # of a run

  [until]                          # more seeds, until the 95 % interval
  value = "latency_p99_ns"         # of this result
  within = 0.05                    # is no wider than 5 % of the mean to either side

Beside [grid] or instead of it there may be [[points]], each with settings, and [sample] with
method = "sobol" or "latin-hypercube", n = 64 and ranges.zipf = [0.5, 1.5]; what is there is
crossed.

Exit status: 0 done; 1 some runs failed; 2 bad input; 130 stopped by Ctrl-C: what is done is kept.
"""


class Command(NamedTuple):
    """A command of the command line."""

    name: str  #: its word
    help: str  #: one line
    add_arguments: Callable[[argparse.ArgumentParser], None]  #: tells what it takes
    run: Callable[[argparse.Namespace], int]  #: does it and returns the exit status


def get_commands() -> list[Command]:
    """List the commands.

    Returns
    -------
    list of Command
        In the order of the help.
    """
    return [
        Command("sweep", "do the runs that a file asks for", _add_sweep, _run_sweep),
        Command("merge", "put the stores of a job array together", _add_merge, _run_merge),
        Command("export", "write a store as CSV or netCDF", _add_export, _run_export),
        Command("report", "write a store as an interactive page", _add_report, _run_report),
    ]


def main(arguments: Sequence[str]) -> int:
    """Do a command.

    Parameters
    ----------
    arguments : sequence of str
        The command line, from the command on.

    Returns
    -------
    int
        Exit status.
    """
    parser = argparse.ArgumentParser(prog="python3 -m xfrm", description="Sweeps and their stores.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in get_commands():
        part = commands.add_parser(
            command.name,
            help=command.help,
            description=command.help[0].upper() + command.help[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(part)
        part.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            status: int = options.run(options)
        return status
    except KeyboardInterrupt:
        return EXIT_BY_SIGNAL
    except (ValueError, OSError, XfrmError) as error:
        print(f"xfrm: {_describe(error)}", file=sys.stderr)
        return EXIT_BAD_INPUT


def _describe(error: Exception) -> str:
    """Describe an error, of the system as others: what it is about first."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _show_warning(
    message: Union[Warning, str],
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Optional[TextIO] = None,
    line: Optional[str] = None,
) -> None:
    """Show a warning without the place in the code where it came up."""
    print(f"xfrm: {message}", file=sys.stderr)


def _add_sweep(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _FILE_HELP
    parser.add_argument("file", metavar="FILE", help="what to do")
    parser.add_argument("--store", metavar="STORE", help="where results go, instead of the file's")
    parser.add_argument(
        "--executor", metavar="NAME", help="who does it: processes:N, dask:N or an address"
    )
    parser.add_argument("--array", metavar="K/N", help="do part K of N, into a store of its own")
    parser.add_argument("--timeout", metavar="TIME", help="time that a run may take, such as 10min")
    parser.add_argument("--retry", action="store_true", help="do again what failed before")
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def _run_sweep(options: argparse.Namespace) -> int:
    asked = read_study_file(options.file)
    store = asked.store if options.store is None else options.store
    if store is None:
        raise ValueError(f"{options.file}: [sweep] store: missing, must be a file (or --store)")
    result = sweep(
        asked.base,
        asked.grid,
        seeds=asked.seeds,
        store=store,
        executor=asked.executor if options.executor is None else options.executor,
        array=options.array,
        timeout=asked.timeout if options.timeout is None else options.timeout,
        until=asked.until,
        retry=options.retry,
        progress=False if options.quiet else None,
    )
    print(
        f"{result.n_run} runs done, {result.n_kept} were there, {result.n_failed} failed:"
        f" {result.store.path}"
    )
    if result.is_partial:
        return EXIT_BY_SIGNAL
    return 1 if result.n_failed else 0


def _add_merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", help="where runs go; made if it is missing")
    parser.add_argument("parts", metavar="PART", nargs="+", help="stores of parts; they stay")


def _run_merge(options: argparse.Namespace) -> int:
    print(f"{merge(options.store, options.parts)} rows added: {options.store}")
    return 0


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", help="what to write")
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help=".csv or .nc (netCDF)"
    )
    parser.add_argument("--kind", choices=("study", "run"), help="if the store has both")
    parser.add_argument(
        "--where", metavar="NAME=VALUE", action="append", default=[], help="only such runs"
    )
    parser.add_argument(
        "--table", metavar="NAME", help="of each run series, histogram, per_core or latency (.csv)"
    )
    parser.add_argument(
        "--value", metavar="NAME", action="append", help="results over the parameters (.nc)"
    )


def _run_export(options: argparse.Namespace) -> int:
    output = Path(options.output)
    if output.suffix not in (".csv", ".nc"):
        raise ValueError(f"--output {output}: must end in .csv or .nc")
    if (output.suffix == ".nc") != bool(options.value):
        raise ValueError(f"--output {output}: must be .nc with --value, else .csv")
    with Store(options.store) as store:
        runs = store.runs(options.kind)
        where = dict(_parse_where(runs, text) for text in options.where)
        if options.value:
            data = store.to_xarray(options.value, options.kind, **where)
            write_whole(output, lambda part: data.to_netcdf(part, engine="scipy"))
        elif options.table:
            table = _get_tables(store, store.runs(options.kind, **where), options.table)
            write_whole(output, table.to_csv)
        else:
            store.to_csv(output, options.kind, **where)
    return 0


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", help="what to show")
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="the page, an HTML file"
    )
    parser.add_argument("--title", metavar="TEXT", help="its title, instead of the store's name")


def _run_report(options: argparse.Namespace) -> int:
    path = report(options.store, options.output, title=options.title)
    print(f"{path.stat().st_size / 1e6:.1f} MB: {path}")
    return 0


def _get_tables(store: Store, runs: pd.DataFrame, name: str) -> pd.DataFrame:
    try:
        return store.tables(runs.index, name)
    except KeyError as error:
        raise ValueError(f"--table: no {error.args[0]}") from error


def _parse_where(runs: pd.DataFrame, text: str) -> tuple[str, Any]:
    name, equals, word = text.partition("=")
    if not equals or name not in runs.columns:
        raise ValueError(f"--where {text}: must be NAME=VALUE, of a column of the store")
    column = runs[name]
    value: Optional[Any] = word
    if column.dtype == bool:
        value = {"true": True, "false": False}.get(word.lower())
    elif column.dtype.kind in "if":
        try:
            value = float(word)
        except ValueError:
            value = None
    if value is None:
        raise ValueError(f"--where {text}: must be a value as of {column.iloc[0]!r}")
    return name, value
