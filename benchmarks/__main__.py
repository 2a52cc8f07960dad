"""`python -m benchmarks` runs all benchmarks, `python -m benchmarks NAME` one, `--list` lists them.

They print a table and write JSON into var/benchmarks/. They are no tests: nothing fails because a machine is slow.
"""

import argparse
import inspect
import sys
from pathlib import Path
from types import ModuleType

from benchmarks import reporting, template_engines

BENCHMARKS: dict[str, ModuleType] = {"template_engines": template_engines}
RESULTS = Path("var/benchmarks")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=inspect.cleandoc(__doc__ or ""))
    parser.add_argument("names", nargs="*", metavar="NAME", help="which to run (all when none is named)")
    parser.add_argument("--list", action="store_true", help="list the benchmarks")
    parser.add_argument("--rounds", type=int, metavar="N", help="how many rounds (each has its own default)")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the demo site in DIR, and find it there the next time"
    )
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - BENCHMARKS.keys()):
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    for name, module in BENCHMARKS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        if options.list:
            print(f"{name:<20} {summary}")
        elif not options.names or name in options.names:
            print(f"{name}: {summary}", file=sys.stderr)
            chosen = {"rounds": options.rounds} if options.rounds else {}
            report = module.run(kept=options.keep, **chosen)
            print(reporting.table(report))
            facts = ", ".join(f"{key} {value}" for key, value in reporting.machine().items())
            print(f"\n{facts}\n{report.parameters}\n{reporting.write(report, RESULTS)}")


if __name__ == "__main__":
    main()
