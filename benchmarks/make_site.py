"""Make a site of N pages in two languages; print the variables with which `manage.py` sees it."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from typing import Any

from benchmarks import sites


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f'{(__doc__ or "").strip()} Use them with: eval "$(python -m benchmarks make_site --pages 1000)"'
    )
    parser.add_argument("--pages", type=int, default=1000, metavar="N", help="live pages, home page included")
    parser.add_argument("--fresh", action="store_true", help="make it again even if it is there")
    parser.add_argument(
        "--index", action="store_true", help="bring Wagtail's search and reference indexes up to date too"
    )


def run(pages: int = 1000, fresh: bool = False, index: bool = False, **_options: Any) -> None:
    """Tells where the site is on standard error, and prints the exports that a shell can evaluate."""
    folder = sites.prepare(pages, fresh=fresh)
    if index:
        from django.core.management import call_command

        call_command("rebuild_references_index", verbosity=0)
        call_command("update_index", verbosity=0)
    mark = json.loads((folder / sites.MARK).read_text(encoding="utf-8"))
    print(f"{folder}: {mark['pages']} pages, made in {mark['seconds']} s", file=sys.stderr)
    for name in sites.environment(folder, os.environ["DATABASE_URL"]):
        print(f"export {name}={shlex.quote(os.environ[name])}")
