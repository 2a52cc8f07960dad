"""A public server refuses to start while something unsafe is unset, and says what."""

import http.client
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.site import demo
from tests.site.demo import PROJECT

COMPLETE = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "vigie.example",
    "VIGIE_BASE_URL": "https://vigie.example",
    "DATABASE_URL": "postgres://vigie@127.0.0.1/vigie",
}


def run(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Python with production settings and COMPLETE; a variable given as None is unset."""
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{PROJECT / 'site'}:{PROJECT}",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        **COMPLETE,
        **environment,
    }
    kept = {name: value for name, value in given.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=kept,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.once
@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("value", [None, "", "  "], ids=["unset", "empty", "blank"])
def test_production_does_not_start_without(name: str, value: str | None) -> None:
    done = run("manage.py", "check", **{name: value})
    assert done.returncode != 0
    assert f"{name} is not set." in done.stderr


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "short", "too weak"),
        ("SECRET_KEY", "a" * 80, "too weak"),
        ("SECRET_KEY", f"django-insecure-{'abcdefghij' * 8}", "too weak"),
        ("ALLOWED_HOSTS", "*", "accepts any host"),
        ("ALLOWED_HOSTS", "vigie.example,*", "accepts any host"),
        ("VIGIE_BASE_URL", "http://vigie.example", "not HTTPS"),
        ("SECURE_SSL_REDIRECT", "false", "HTTPS only"),
        ("SECURE_HSTS_SECONDS", "0", "3600 or more"),
    ],
)
def test_production_does_not_start_with_what_is_unsafe(name: str, value: str, told: str) -> None:
    done = run("manage.py", "check", **{name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert told in done.stderr


@pytest.mark.once
def test_the_message_does_not_repeat_a_weak_secret() -> None:
    assert "hunter2hunter2" not in run("manage.py", "check", SECRET_KEY="hunter2hunter2").stderr


@pytest.mark.once
def test_production_passes_the_deployment_checks_with_nothing_silenced() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "(0 silenced)" in done.stdout + done.stderr


def test_production_logs_one_json_object_a_line() -> None:
    script = """
import logging, django
django.setup()
logger = logging.getLogger("vigie.sample")
logger.warning("two\\nlines and %s", "« accents »", extra={"page": 12})
logging.getLogger("django.request").error("Internal Server Error")
try:
    {}["missing"]
except KeyError:
    logger.exception("failed")
"""
    lines = [json.loads(line) for line in run("-c", script).stderr.splitlines()]
    assert [line["level"] for line in lines] == ["WARNING", "ERROR", "ERROR"]
    assert lines[0]["message"] == "two\nlines and « accents »"
    assert (lines[0]["logger"], lines[0]["page"]) == ("vigie.sample", 12)
    assert lines[1]["logger"] == "django.request"
    assert "KeyError" in lines[2]["exc_info"]
    assert all(line["time"] for line in lines)


@pytest.fixture(scope="module")
def production(site: demo.Site) -> Iterator[demo.Server]:
    """The demo site with production's settings, as behind a proxy that ends TLS."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.production", "ALLOWED_HOSTS": "127.0.0.1"}
    with demo.serving(site, SECRET_KEY=COMPLETE["SECRET_KEY"], **settings) as server:
        yield server


def get(server: demo.Server, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_production_sends_plain_http_to_https(production: demo.Server) -> None:
    for path in ("/fr/", "/cms/login/"):
        response = get(production, path)
        assert response.status == 301
        assert response.getheader("Location", "").startswith("https://127.0.0.1"), path


def test_production_answers_health_checks_of_the_machine_itself_over_plain_http(
    production: demo.Server,
) -> None:
    assert get(production, "/health/live").status == 200
    assert get(production, "/health/ready").status == 200


def test_production_serves_the_site_and_guards_the_cms(production: demo.Server) -> None:
    page = get(production, "/fr/", X_Forwarded_Proto="https")
    assert page.status == 200
    assert page.getheader("Strict-Transport-Security") == "max-age=31536000; includeSubDomains; preload"
    assert page.getheader("Set-Cookie") is None
    login = get(production, "/cms/login/", X_Forwarded_Proto="https")
    assert login.status == 200
    assert login.getheader("X-Frame-Options") == "DENY"
    cookies = login.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_production_refuses_another_host_name(production: demo.Server) -> None:
    assert get(production, "/cms/login/", Host="evil.example", X_Forwarded_Proto="https").status == 400


def test_what_production_logs_is_one_json_object_a_line(production: demo.Server) -> None:
    get(production, "/cms/login/", Host="evil.example", X_Forwarded_Proto="https")
    told = [line for line in production.log.read_text().splitlines() if "evil.example" in line]
    assert told
    assert all(json.loads(line)["logger"] for line in told)
