"""The clock: does every minute what only the passing of time asks for, sends what waits in the outbox, and packs what
was written into git.

Huey gives the beat and nothing else. What is to be done follows from git and from rows (`Wiki.tick`), so a beat that is
lost or killed is made good by the next, and two clocks at once do no harm.
"""

from __future__ import annotations

import logging
import os
import threading
import time

from huey import SqliteHuey, crontab

from wiki.assembly import Wiki
from wiki.model.errors import WikiError
from wiki.verifying import verify_in_background

STALE_SECONDS = 50
LOOK_SECONDS = 2
UPKEEP_SECONDS = 60
log = logging.getLogger(__name__)


def keep_time(wiki: Wiki) -> None:
    """Beat until the process that began this one is gone, or somebody stops it. Begins with a tick at once."""
    beat(wiki)
    huey = beating(wiki)
    consumer = huey.create_consumer(workers=1, periodic=True, check_worker_health=True)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    threading.Thread(target=_send_for_ever, args=(wiki,), daemon=True).start()
    threading.Thread(target=_keep_quick_for_ever, args=(wiki,), daemon=True).start()
    consumer.run()


def beating(wiki: Wiki) -> SqliteHuey:
    """The beat, kept in the data directory. A beat that waited for longer than its minute is dropped."""
    huey = SqliteHuey("concord", filename=str(wiki.settings.data / "clock.db"), results=False, utc=True)
    huey.periodic_task(crontab(), expires=STALE_SECONDS, name="beat")(lambda: beat(wiki))
    huey.periodic_task(crontab(hour="3", minute="17"), name="sweep")(lambda: sweep(wiki))
    return huey


def beat(wiki: Wiki) -> int:
    """One tick. A part that is away just now is waited for; how many proposals were looked at."""
    try:
        looked_at = wiki.tick()
        verify_in_background(wiki)
        return looked_at
    except WikiError as error:
        log.warning("the clock will try again in a minute: %s", error)
        return 0


def sweep(wiki: Wiki) -> None:
    """Once a day."""
    try:
        wiki.sweep()
    except WikiError as error:
        log.warning("sweeping will be tried again tomorrow: %s", error)


def keep_quick(wiki: Wiki) -> bool:
    """Pack what was written into git, where there is much of it; whether that was done."""
    try:
        return wiki.keep_quick()
    except WikiError as error:
        log.warning("git will be packed later: %s", error)
        return False


def send(wiki: Wiki) -> int:
    """Send what is due; how much has gone. What cannot go now waits in its row."""
    try:
        return wiki.outbox.deliver(wiki.now)
    except WikiError as error:
        log.warning("the outbox will be looked at again: %s", error)
        return 0


def _send_for_ever(wiki: Wiki) -> None:
    while True:
        send(wiki)
        time.sleep(LOOK_SECONDS)


def _keep_quick_for_ever(wiki: Wiki) -> None:
    while True:
        keep_quick(wiki)
        time.sleep(UPKEEP_SECONDS)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
