# gunicorn instead of `wiki serve`: gunicorn --config deploy/gunicorn.conf.py 'wiki:create_app()'
# The clock is a process of its own then: `wiki clock`. docs/operating/running.md says when this is worth it.

import os

bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WIKI_WORKERS", "2"))
worker_class = "sync"

# Each process opens its own git and SQL: what a fork inherits would be shared, and answer one with what another asked.
preload_app = False

# A clone may take long; nothing else does.
timeout = 120
graceful_timeout = 30
max_requests = 0

# Beats on a disk can be late; this is memory.
worker_tmp_dir = "/dev/shm"  # noqa: S108
forwarded_allow_ips = ""  # the wiki itself decides whose X-Forwarded-* it believes: trusted_proxies
errorlog = "-"
accesslog = None  # log_access of the wiki
loglevel = "warning"
