"""Measures Vigie. Benchmarks print a table and keep it as JSON in var/bench/; docs/benchmarks.md says how to read it.

They are no tests: nothing fails because a machine is slow.
"""

import argparse
import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from benchmarks import alert_latency, edit, full_build, make_site, reporting, serving, template_engines

BENCHMARKS: dict[str, ModuleType] = {
    "full_build": full_build,
    "edit": edit,
    "serving": serving,
    "alert_latency": alert_latency,
    "template_engines": template_engines,
}
"""By name; each has `add_arguments(parser)` and `run(**options)`, which returns what it found."""
TOOLS: dict[str, ModuleType] = {"make_site": make_site}
RESULTS = Path("var/bench")
COMMAND = (sys.executable, "-m", "benchmarks")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=inspect.cleandoc(__doc__ or ""),
        epilog="Without a name all benchmarks run, each with its defaults: some minutes.",
    )
    commands = parser.add_subparsers(dest="name", metavar="NAME")
    for name, module in {**BENCHMARKS, **TOOLS}.items():
        summary = (module.__doc__ or "").splitlines()[0]
        module.add_arguments(commands.add_parser(name, help=summary, description=summary))
    return parser


def measure(name: str, options: dict[str, object]) -> None:
    """Run a benchmark; print and keep what it found."""
    module = BENCHMARKS[name]
    print(f"{name}: {(module.__doc__ or '').splitlines()[0]}", file=sys.stderr)
    report = module.run(**options)
    print(reporting.table(report))
    facts = ", ".join(f"{key} {value}" for key, value in reporting.machine().items())
    print(f"\n{facts}\n{report.parameters}\n{reporting.write(report, RESULTS)}\n")


def main() -> None:
    options = vars(_parser().parse_args())
    name = options.pop("name")
    if name in TOOLS:
        TOOLS[name].run(**options)
    elif name:
        measure(name, options)
    else:
        # Each sets Django up on a site of its own.
        failed = [each for each in BENCHMARKS if subprocess.run([*COMMAND, each], check=False).returncode]
        if failed:
            raise SystemExit(f"Failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
