"""gunicorn for Vigie; every value can be set on the command line too. Variables: docs/operators.md."""

import os
from pathlib import Path

_project = Path(__file__).resolve().parents[2]

chdir = str(_project)
pythonpath = str(_project / "site")
wsgi_app = "config.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
# A worker that has grown is replaced; the jitter keeps all of them from going at once. Not sooner: a start takes as
# long as a thousand answers from the release, and when all of the region reads, that is every other second.
max_requests = 100_000
max_requests_jitter = 10_000
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Its default place is the home folder of a user who has none.
control_socket_disable = True
accesslog = None
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
