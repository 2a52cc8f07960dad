import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.targets import POLICIES, REDIRECTS
from generator.verification import CARRIED_MAPS
from generator.worker import ALIVE_SECONDS

from .nginx import on_a_mirror

pytestmark = pytest.mark.once

UNITS = sorted(Path("site/deploy/systemd").iterdir())
EXAMPLE = Path("site/deploy/vigie.env.example")


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd-analyze is missing")
    copies = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        # The programs are those of a server; here it is enough that something executable stands there.
        text = re.sub(r"^(Exec\w+=)(?!/bin/)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
        copy.write_text(text.replace("file:/srv/vigie/docs/operators.md", "man:true(1)"))
        copies.append(str(copy))
    environment = os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    verified = subprocess.run(
        [verifier, "verify", "--man=no", *copies],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    problems = [line for line in verified.stderr.splitlines() if any(unit.name in line for unit in UNITS)]
    assert not problems


def values(unit: str, name: str) -> list[str]:
    """What the unit sets `name` to, in order."""
    text = Path("site/deploy/systemd", unit).read_text()
    return re.findall(rf"^{name}=(.*)$", text, flags=re.MULTILINE)


def calls(name: str) -> set[str]:
    """The system calls of a set of systemd's, and of the sets in it; a call's own name for a call."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    )
    lines = [line.strip() for line in listed.stdout.splitlines()[1:]]
    return set().union(*(calls(line) for line in lines if line and not line.startswith("#")))


def allowed(unit: str) -> set[str]:
    """The first line says what is allowed, each further one what is more or less (systemd.exec, SystemCallFilter=)."""
    found: set[str] = set()
    for line in values(unit, "SystemCallFilter"):
        named = set().union(*(calls(name) for name in line.removeprefix("~").split()))
        found = found - named if line.startswith("~") else found | named
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing")
def test_the_worker_may_lower_the_priority_of_what_can_wait_and_no_service_may_mount() -> None:
    assert "setpriority" in allowed("vigie-worker.service")
    for unit in ("vigie-worker.service", "vigie-web.service"):
        assert {"openat", "fsync", "flock", "linkat", "rename", "clone3"} <= allowed(unit)
        assert not {"mount", "reboot", "setuid", "bpf"} & allowed(unit)


@pytest.mark.parametrize("unit", [unit.name for unit in UNITS if unit.suffix == ".service"])
def test_systemd_never_gives_a_service_up(unit: str) -> None:
    assert values(unit, "StartLimitIntervalSec") == ["0"]


def test_maps_of_a_release_that_becomes_live_while_nginx_reloads_are_not_taken_for_read(
    tmp_path: Path,
) -> None:
    """With shell in the places of systemd and nginx: a reload reads the maps, after which another release is live."""
    releases, run, read = tmp_path / "releases", tmp_path / "run", tmp_path / "read"
    run.mkdir()
    read.touch()
    for name in ("first", "second"):
        (releases / name).mkdir(parents=True)
        for kind in ("redirects", "policies"):
            (releases / name / f"{kind}.map").write_text(f"{kind} of {name}\n")
    (releases / "current").symlink_to("first")
    reload = f"cat current/redirects.map current/policies.map > {read}; ln -sfn second current"

    def served() -> bool:
        """Start the unit; whether it had anything to do."""
        for name in ("ExecCondition", "ExecStart"):
            for written in values("vigie-maps.service", name):
                command = written.replace("/run/vigie-maps", str(run))
                command = re.sub(r"^/usr/sbin/nginx .*", "true", command)
                command = re.sub(r"^/bin/systemctl reload .*", reload, command)
                done = subprocess.run(["sh", "-c", command], cwd=releases, check=False)
                if name == "ExecCondition" and done.returncode:
                    return False
                assert done.returncode == 0, command
        return True

    assert served()
    assert "first" in read.read_text()
    assert served(), "the second release is still to be read"
    assert "second" in read.read_text()
    assert not served()


def test_on_a_mirror_nginx_reads_the_maps_that_the_mirror_carries() -> None:
    folder = "/srv/www/vigie/.well-known/vigie"
    assert {f"{folder}/{name}" for name in (REDIRECTS, POLICIES)} == {
        f"/srv/www/vigie/{path}" for path in CARRIED_MAPS.values()
    }
    path, service = (
        on_a_mirror(Path("site/deploy/systemd", name), Path("/srv/www/vigie"))
        for name in ("vigie-maps.path", "vigie-maps.service")
    )
    assert f"\nPathChanged={folder}\n" in path
    assert f"\nWorkingDirectory={folder}\n" in service
    assert "cat redirects.map policies.map" in service
    assert not re.search("current/|/releases", path + service)


def test_systemd_ends_a_worker_that_hangs_and_not_one_that_works() -> None:
    """What the worker says while it works is tested with it."""
    assert values("vigie-worker.service", "Type") == ["notify"]
    [seconds] = values("vigie-worker.service", "WatchdogSec")
    assert int(seconds) >= 10 * ALIVE_SECONDS
    # Where it hung is told by the signal that ends it.
    [command] = values("vigie-worker.service", "ExecStart")
    assert "-X faulthandler" in command


def test_whatever_is_written_lies_where_the_services_may_write() -> None:
    settings = Path("site/config/settings/base.py").read_text()
    folders = set(re.findall(r'"([A-Z_]+_ROOT)", default=str\(VAR_DIR', settings))
    assert folders >= {"MEDIA_ROOT", "VIGIE_RELEASES_ROOT", "VIGIE_QUARANTINE_ROOT"}
    example = dict(line.split("=", 1) for line in EXAMPLE.read_text().splitlines() if "=" in line)
    for unit in ("vigie-worker.service", "vigie-web.service"):
        [writable] = values(unit, "ReadWritePaths")
        for name in folders:
            assert example[name].startswith(f"{writable}/"), name


def test_the_example_environment_holds_no_secret() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    values = dict(line.split("=", 1) for line in lines)
    assert values["SECRET_KEY"] == ""
    assert "@" not in values["DATABASE_URL"]
