"""The ``wiki`` command.

Each command imports for itself what it needs, so that help, and what is told of a slip of the pen, come at once.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wiki import __version__, places
from wiki.model.errors import NotFound, Refused
from wiki.model.names import POLICY_PATH
from wiki.model.words import N_, counted
from wiki.operating import backup, doctor, restore, salvage
from wiki.plainly import load_settings, plainly

if TYPE_CHECKING:
    from wiki.accounts import Account
    from wiki.assembly import Wiki
    from wiki.repository import Landed
    from wiki.settings import Settings


class InOrder(click.Group):
    """Lists its commands in the order in which somebody needs them."""

    ORDER = (
        *("init", "serve", "user", "mail", "doctor", "verify", "backup", "restore", "reindex", "tick", "clock", "demo"),
        *("add", "invite", "link", "administrator", "address", "deactivate", "reactivate"),
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """First those that are named here, then whatever else there is."""
        known = super().list_commands(ctx)
        return sorted(known, key=lambda name: (self.ORDER.index(name) if name in self.ORDER else len(self.ORDER), name))


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Concord")
def main() -> None:
    """Concord: guidelines that everyone may change and colleagues bring into force.

    The data directory is WIKI_DATA (default: instance). It holds content.git, the guidelines with their whole
    history, and wiki.db, the accounts and an index that can be made again.
    """


@main.command()
@click.option(
    "--from", "source", type=click.Path(path_type=Path), help="A folder of Markdown, a git repository or a bundle."
)
@click.option("--link/--no-link", default=True, help="Print the link that makes the first account.")
@plainly
def init(source: Path | None, link: bool) -> None:
    """Begin a wiki, with the starter guidelines or your own."""
    from wiki.assembly import signer_of
    from wiki.model.acts import Person
    from wiki.repository import check_git_version
    from wiki.repository.founding import found

    check_git_version()
    settings = load_settings()
    policy = (places.starter_content() / POLICY_PATH).read_text(encoding="utf-8")
    system = Person(settings.system_name, settings.system_email)
    sign = signer_of(settings)
    found(settings.content_git, source or places.starter_content(), policy, system, int(time.time()), sign)
    wiki = _opened(settings)
    count = _index(wiki)
    click.echo(f"{counted(count, 'commit')} read, {counted(wiki.index.contents().count, 'page')} in force.")
    if link:
        _first_link(wiki)
    wiki.engine.dispose()
    wiki.repository.store.close()


def _opened(settings: Settings | None = None) -> Wiki:
    """The wiki of this environment, or of other settings."""
    from wiki.assembly import open_wiki

    return open_wiki(settings or load_settings())


def _index(wiki: Wiki) -> int:
    with _bar("Indexing", "commits") as watched:
        return wiki.index.rebuild(watched)


def _first_link(wiki: Wiki) -> None:
    if wiki.accounts.count() == 0:
        token = wiki.accounts.issue_link("first", None, wiki.now())
        click.echo("There is no account yet. Make the first one here (the link works once, for seven days):")
        click.echo(f"  {wiki.settings.address}/-/welcome/{token}")


@contextmanager
def _bar(label: str, unit: str) -> Iterator[Callable[[Iterable[Landed]], Iterable[Landed]]]:
    """A progress bar around what is read one by one; quiet where nobody looks."""
    from tqdm import tqdm

    def watched(commits: Iterable[Landed]) -> Iterable[Landed]:
        yield from tqdm(commits, desc=label, unit=f" {unit}", disable=not sys.stderr.isatty(), file=sys.stderr)

    yield watched


@main.group(cls=InOrder)
def user() -> None:
    """Make accounts, and look after them."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that colleagues know.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@plainly
def user_add(email: str, name: str, password_stdin: bool) -> None:
    """Make an account for EMAIL.

    Without a password, print a one-time link to choose one.
    """
    wiki = _opened()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if password_stdin and not password:
        raise Refused(N_("There was no password on standard input."))
    account = wiki.administration.add(email, name, password, wiki.now())
    click.echo(f"{account.name} <{account.email}> has an account.")
    if account.administrator:
        click.echo("It is the first, so they are an administrator. The link that was printed at the start is void now.")
    if password is None:
        token = wiki.accounts.issue_link("password", account, wiki.now())
        click.echo("Send them this link to choose a password (it works once, for seven days):")
        click.echo(f"  {wiki.settings.address}/-/welcome/{token}")


@user.command("deactivate")
@click.argument("email")
@plainly
def user_deactivate(email: str) -> None:
    """Let the colleague EMAIL go.

    The account can no longer be used, and what they said of open proposals stops counting.
    """
    wiki = _opened()
    account = _account(wiki, email)
    wiki.administration.deactivate(None, account.id, wiki.now())
    voices = wiki.take_back_voices_of_departed()
    lost = f"; {counted(voices, 'voice')} no longer {'counts' if voices == 1 else 'count'}" if voices else ""
    click.echo(f"{account.name} <{account.email}> is deactivated{lost}.")


@user.command("reactivate")
@click.argument("email")
@plainly
def user_reactivate(email: str) -> None:
    """Let the colleague EMAIL back in.

    What they had said of proposals must be said again.
    """
    wiki = _opened()
    account = wiki.administration.reactivate(None, _account(wiki, email).id, wiki.now())
    click.echo(f"{account.name} <{account.email}> can sign in again.")


@user.command("invite")
@click.argument("email")
@click.option("--print", "printed", is_flag=True, help="Print the link instead of sending it.")
@plainly
def user_invite(email: str, printed: bool) -> None:
    """Invite EMAIL, by mail or with a link.

    The link is for you to give to them, where no mail is sent.
    """
    from wiki import create_app
    from wiki.accounts.invitations import new_token
    from wiki.accounts.people import nothing
    from wiki.web.door_letters import invitation_letter, link_with, putting

    wiki, token = _opened(), new_token()
    by_mail = wiki.sends_mail and not printed
    with create_app(wiki=wiki).app_context():
        also = putting(invitation_letter(email, token, None, None)) if by_mail else nothing
        wiki.invitations.invite(None, email, token, wiki.now(), also=also)
        link = link_with("invitation", token)
    if by_mail:
        click.echo(f"An invitation to {email} waits in the outbox; the clock sends it.")
    else:
        if not wiki.sends_mail:
            click.echo("No mail is sent: the setting “mail_server” is empty here.")
        click.echo("Send them this link to come in (it works once, for fourteen days):")
        click.echo(f"  {link}")


@user.command("link")
@click.argument("email")
@plainly
def user_link(email: str) -> None:
    """Print a link with which EMAIL chooses a password.

    It works once.
    """
    from wiki.accounts.invitations import new_token
    from wiki.accounts.people import LINK_LIFETIME

    wiki, token = _opened(), new_token()
    who = wiki.administration.issue_link(None, _account(wiki, email).id, token, wiki.now(), LINK_LIFETIME)
    click.echo(f"Send {who.name} this link to choose a password (it works once, for seven days):")
    click.echo(f"  {wiki.settings.address}/-/welcome/{token}")


@user.command("administrator")
@click.argument("email")
@click.option("--no-longer", is_flag=True, help="Take it away from them.")
@plainly
def user_administrator(email: str, no_longer: bool) -> None:
    """Make EMAIL an administrator, or one no longer.

    There is always one.
    """
    wiki = _opened()
    administration = wiki.administration
    change = administration.unmake_administrator if no_longer else administration.make_administrator
    who = change(None, _account(wiki, email).id, wiki.now())
    click.echo(f"{who.name} <{who.email}> is {'no longer an' if no_longer else 'an'} administrator.")


@user.command("address")
@click.argument("email")
@click.argument("new")
@plainly
def user_address(email: str, new: str) -> None:
    """Give the colleague EMAIL the address NEW.

    They keep EMAIL as a former one, and what they said of open proposals under it must be said again.
    """
    wiki = _opened()
    account = wiki.own.set_address(_account(wiki, email), new, wiki.now())
    wiki.index.catch_up()
    voices = wiki.take_back_voices_of_departed()
    again = f"; {counted(voices, 'voice')} must be said again" if voices else ""
    click.echo(f"{account.name} has the address {account.email} now{again}.")


def _account(wiki: Wiki, email: str) -> Account:
    account = wiki.accounts.by_email(email)
    if account is None:
        raise NotFound(N_("Nobody here has the address “%(email)s”."), email=email)
    return account


@main.command()
@click.option("--host", help="Where to listen (default: WIKI_HOST or 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), help="On which port (default: WIKI_PORT or 8000).")
@click.option(
    "--clock/--no-clock", default=True, help="Whether to keep the clock as well, or leave it to `wiki clock`."
)
@plainly
def serve(host: str | None, port: int | None, clock: bool) -> None:
    """Serve the wiki, and keep its clock."""
    gc.disable()  # what is imported stays: to look for rubbish among it takes a fifth of the start
    from wiki import serving

    if host is not None:
        os.environ["WIKI_HOST"] = host
    if port is not None:
        os.environ["WIKI_PORT"] = str(port)
    settings = load_settings()
    serving.check_port(settings.host, settings.port)
    wiki = _opened(settings)
    if not wiki.index.in_step():
        wiki.index.catch_up()
    click.echo(f"Serving {settings.site_name} at {settings.address}", err=False)
    _first_link(wiki)
    wiki.engine.dispose()
    wiki.repository.store.close()
    sys.stdout.flush()
    serving.serve(settings, settings.host, settings.port, clock=clock)


@main.group()
def mail() -> None:
    """Try whether mail arrives."""


@mail.command("try")
@click.argument("email")
@plainly
def mail_try(email: str) -> None:
    """Send a letter to EMAIL, and say what became of it."""
    from wiki import create_app
    from wiki.outbox import MAIL, Letter, Parcel
    from wiki.web.letters import render_letter

    wiki = _opened()
    if not wiki.sends_mail:
        raise Refused(N_("No mail is sent: the setting “mail_server” is empty."))
    with create_app(wiki=wiki).app_context():
        words = render_letter("trial", None)
    letter = Letter(f"trial:{wiki.now()}", email, words.subject, words.text, words.html)
    failed = wiki.outbox.senders[MAIL](Parcel(0, letter.key, MAIL, email, letter.packed(), 0), wiki.now())
    if failed is not None:
        raise Refused(N_("The letter did not go: %(why)s"), why=failed.why)
    click.echo(f"The mail server took a letter to {email}.")


@main.command()
@plainly
def tick() -> None:
    """Do once what only waited for time to pass.

    Bring into force what is due, close what has been quiet for too long, send what waits, and pack what was written.
    """
    from wiki.serving import with_words

    wiki = with_words(_opened())
    click.echo(f"{wiki.tick()} proposals looked at.")
    wiki.keep_quick()


@main.command()
@plainly
def clock() -> None:
    """Do what `wiki tick` does, every minute.

    `wiki serve` starts a clock of its own; a second one does no harm.
    """
    from wiki.serving import keep_clock

    keep_clock(load_settings())


@main.command()
@click.argument("repository", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Say everything in one JSON document.")
@click.option("--proposal", type=click.IntRange(1), help="Check the merge of this proposal only.")
@click.option("--commit", help="Check this merge only, by its full id.")
@click.option(
    "--allowed-signers", type=click.Path(path_type=Path), help="Every merge must be signed by a key in this file."
)
@plainly
def verify(
    repository: Path | None, as_json: bool, proposal: int | None, commit: str | None, allowed_signers: Path | None
) -> None:
    """Check that all that is in force was endorsed.

    REPOSITORY is any clone (default: content.git of the data directory). Needs git and nothing else.
    """
    from tqdm import tqdm

    from wiki.checking import check, write_report
    from wiki.repository import check_git_version

    check_git_version()
    place = repository or load_settings().content_git
    report, walk = check(place, proposal=proposal, commit=commit, allowed_signers=allowed_signers)
    for checked in tqdm(walk, total=report.total, desc="Verifying", disable=not sys.stderr.isatty(), file=sys.stderr):
        if not as_json:
            for violation in checked.violations:
                click.echo(str(violation))
    click.echo(write_report(report) if as_json else report.summary())
    if report.violations:
        raise SystemExit(1)


@main.command()
@plainly
def reindex() -> None:
    """Make the index again from git, while it serves."""
    wiki = _opened()
    began = time.perf_counter()
    count = _index(wiki)
    seconds = time.perf_counter() - began
    click.echo(f"{count} commits in {seconds:.1f} s ({count / max(seconds, 0.001):,.0f} a second).")


@main.command()
@plainly
def demo() -> None:
    """Make a wiki with colleagues and proposals to try out."""
    from wiki.demo import make_demonstration
    from wiki.repository import check_git_version

    check_git_version()
    for line in make_demonstration(load_settings()):
        click.echo(line)


main.add_command(backup)
main.add_command(restore)
main.add_command(doctor)
main.add_command(salvage)


if __name__ == "__main__":
    main()
