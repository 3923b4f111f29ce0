"""The clock: does every minute what only the passing of time asks for, sends what waits in the outbox, and packs what
was written into git.

Huey gives the beat and nothing else. What is to be done follows from git and from rows (`Wiki.tick`), so a beat that is
lost or killed is made good by the next, and two clocks at once do no harm.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial

from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.exceptions import ConfigurationError

from wiki.assembly import Wiki
from wiki.model.errors import Refused, WikiError
from wiki.model.words import N_
from wiki.settings import Settings
from wiki.spells import Spell, Tried
from wiki.verifying import verify_in_background

STALE_SECONDS = 50
SPARED_SECONDS = 30
LATE_SECONDS = 90
LOOK_SECONDS = 2
UPKEEP_SECONDS = 60
log = logging.getLogger(__name__)


def keep_time(wiki: Wiki) -> None:
    """Beat until the process that began this one is gone, or somebody stops it. Begins with a tick at once."""
    _try(partial(beat, wiki))
    huey = beating(wiki)
    tell_of_queue(huey, wiki.settings)
    consumer = huey.create_consumer(workers=1, periodic=True, check_worker_health=True)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    threading.Thread(target=_send_for_ever, args=(wiki,), daemon=True).start()
    if wiki.settings.redis_url:
        threading.Thread(target=_beat_anyway, args=(wiki,), daemon=True).start()
    threading.Thread(target=_keep_quick_for_ever, args=(wiki,), daemon=True).start()
    consumer.run()
    logging.shutdown()
    os._exit(0)  # the other threads may be in the middle of what the next clock makes good; nobody waits for them


def beating(wiki: Wiki) -> Huey:
    """The beat. One that waited for longer than its minute is dropped. With Redis it is spread over the clocks of all
    machines, and the first to take it spares the others theirs."""
    huey = _huey(wiki.settings)
    spare = SPARED_SECONDS if wiki.settings.redis_url else 0
    huey.periodic_task(crontab(), expires=STALE_SECONDS, name="beat")(lambda: beat_after(wiki, spare))
    huey.periodic_task(crontab(hour="3", minute="17"), name="sweep")(lambda: sweep(wiki))
    return huey


def _huey(settings: Settings) -> Huey:
    """Kept in the data directory of one machine. Several that share a directory have no file together: it may lie on a
    network, where SQLite cannot lock."""
    if settings.redis_url:
        try:
            return RedisHuey("concord", url=settings.redis_url, results=False, utc=True)
        except ConfigurationError as error:
            raise Refused(
                N_("The setting “redis_url” needs an address of Redis and its driver (pip install "
                   "“.[redis]”): %(why)s"), why=error,
            ) from error  # fmt: skip
    if not settings.database_url.startswith("sqlite:"):
        return MemoryHuey("concord", results=False, utc=True)
    return SqliteHuey("concord", filename=str(settings.data / "clock.db"), results=False, utc=True)


def tell_of_queue(huey: Huey, settings: Settings) -> None:
    """Where the beat is kept may be away, or its disk full. Huey tries again at once, and logs each try at length."""
    errors: tuple[type[Exception], ...] = (OSError, sqlite3.Error)
    where = "the queue of the clock"
    if settings.redis_url:
        from redis.exceptions import RedisError

        errors, where = (*errors, RedisError), "Redis"
    spell = Spell(log, f"{where} is back")
    for part in ("Worker", "Scheduler"):
        tried = Tried(spell, f"{where} is away, and is tried again and again: %s", errors)
        logging.getLogger(f"huey.consumer.{part}").addFilter(tried)
    enqueue = huey.enqueue

    def enqueue_and_tell(task: object) -> object:
        put_in = enqueue(task)
        spell.here()
        return put_in

    huey.enqueue = enqueue_and_tell


def beat_after(wiki: Wiki, seconds: int, spell: Spell | None = None) -> int:
    """One tick, where no clock has ticked for so long."""
    try:
        last = wiki.health.last_tick() if seconds else None
    except WikiError:
        last = None
    return 0 if last is not None and 0 <= wiki.now() - last < seconds else beat(wiki, spell)


def beat(wiki: Wiki, spell: Spell | None = None) -> int:
    """One tick. A part that is away just now is waited for; how many proposals were looked at."""
    spell = spell or Spell(log, "the clock goes on")
    try:
        looked_at = wiki.tick()
        verify_in_background(wiki)
    except WikiError as error:
        spell.away("the clock will try again in a minute: %s", error)
        return 0
    spell.here()
    return looked_at


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


def send(wiki: Wiki, spell: Spell | None = None) -> int:
    """Send what is due; how much has gone. What cannot go now waits in its row."""
    spell = spell or _of_outbox()
    try:
        gone = wiki.outbox.deliver(wiki.now)
    except WikiError as error:
        spell.away("the outbox will be looked at again: %s", error)
        return 0
    spell.here()
    return gone


def _of_outbox() -> Spell:
    return Spell(log, "the outbox is looked at again")


def _beat_anyway(wiki: Wiki) -> None:
    """Where Redis is away nobody is called; then each clock looks by itself whether one has ticked of late."""
    spell = Spell(log, "the clock goes on")
    while True:
        time.sleep(LATE_SECONDS / 9)
        _try(partial(beat_after, wiki, LATE_SECONDS, spell))


def _send_for_ever(wiki: Wiki) -> None:
    spell = _of_outbox()
    while True:
        _try(partial(send, wiki, spell))
        time.sleep(LOOK_SECONDS)


def _keep_quick_for_ever(wiki: Wiki) -> None:
    while True:
        _try(partial(keep_quick, wiki))
        time.sleep(UPKEEP_SECONDS)


def _try(do: Callable[[], object]) -> None:
    """Do it, and go on whatever comes of it: what nobody thought of would end it for good, and nobody would see."""
    try:
        do()
    except Exception:
        log.exception("the clock goes on, and tries again what has failed")


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
