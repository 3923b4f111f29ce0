"""The application for any WSGI server: `gunicorn app:app`, `granian --interface wsgi app:app`."""

from wiki import create_app

app = create_app()
