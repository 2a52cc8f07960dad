"""What a benchmark found: a table for people, JSON for the next comparison, and the machine it was found on."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("django", "jinja2", "wagtail")


@dataclass(frozen=True)
class Report:
    """`rows` has a cell for each of `columns`; `parameters` is what was chosen; `details` only goes into the JSON."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    parameters: dict[str, Any]
    details: dict[str, Any] = field(default_factory=dict)


def machine() -> dict[str, Any]:
    """What a figure depends on beside the code."""
    processor = platform.processor() or platform.machine()
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "load_average": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def commit() -> str:
    """The commit that was measured, with "+" where files differ from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=False
    )
    return described.stdout.strip() or "unknown"


def table(report: Report) -> str:
    """The rows, aligned: the first column to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in (report.columns, *report.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(report.columns))]
    lines = [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def write(report: Report, folder: Path) -> Path:
    """The report as JSON in `folder`; the file's path."""
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.name}-{now:%Y%m%dT%H%M%SZ}.json"
    data = {
        "measured_at": now.isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        **asdict(report),
    }
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
