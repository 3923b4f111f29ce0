"""Commands for whoever runs the server: backup, restore, doctor."""

from __future__ import annotations

import os
from pathlib import Path

import click

from wiki import __version__
from wiki.model.errors import Refused
from wiki.model.words import N_, counted
from wiki.plainly import load_settings, plainly


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE where there is one.")
@plainly
def backup(file: Path, force: bool) -> None:
    """Make an archive of the whole wiki, while it serves.

    FILE holds the guidelines with their history, proposals and talk; accounts, drafts and everything else in SQL, on
    PostgreSQL too; the settings in wiki.toml and the secret key. Whoever reads it can act as anybody: only its owner
    may.
    """
    from wiki.archive import back_up
    from wiki.repository import check_git_version

    check_git_version()
    settings = load_settings()
    manifest = back_up(settings, file, __version__, force=force)
    size = file.stat().st_size / 1e6
    parts = ", ".join(part.name for part in manifest.parts)
    click.echo(f"{file}: {counted(manifest.refs, 'ref')} of git, {parts}; {size:.1f} MB.")
    click.echo("It holds passwords as hashes, settings and the secret key, so only its owner may read it (mode 600).")
    if settings.signing_key:
        click.echo(f"The signing key {settings.signing_key} is not in it. Keep a copy of it elsewhere.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@plainly
def restore(file: Path) -> None:
    """Make a wiki of an archive, every part checked.

    It goes into a new data directory, WIKI_DATA; SQL into a file there, or into the empty database on a server to which
    WIKI_DATABASE_URL leads, whichever of the two the archive was made of.
    """
    from wiki.archive import restore as restored_from
    from wiki.repository import check_git_version

    check_git_version()
    if not file.is_file():
        raise Refused(N_("There is no archive at %(path)s."), path=file)
    data = Path(os.environ.get("WIKI_DATA") or "instance")
    found = restored_from(file, os.environ, data)
    accounts = "SQL was not in it" if found.accounts is None else counted(found.accounts, "account")
    click.echo(f"{data}: {counted(found.changes, 'change')} in force, nothing without endorsement; {accounts}.")
    if found.accounts is None:
        click.echo("Restore the database with pg_restore or psql before you serve; the index is brought in step then.")
    elif not (found.elsewhere or found.unlike or _leads_into(data)):
        click.echo("WIKI_DATABASE_URL leads elsewhere: unset it to use the accounts that were restored.")
    elif found.unlike:
        click.echo("By wiki.toml SQL is elsewhere: change “database_url” there, or have WIKI_DATABASE_URL lead to it.")


def _leads_into(data: Path) -> bool:
    """Whether what starts here finds SQL in the data directory."""
    return load_settings().database_url == f"sqlite:///{data.absolute() / 'wiki.db'}"


@click.command()
@plainly
def salvage() -> None:
    """Save what can be read of a damaged wiki.db into a new one, and make the index again. Stop the wiki before."""
    from wiki.salvaging import salvage as salvaged_from

    found = salvaged_from(load_settings())
    for each in found.tables:
        if not each.whole:
            click.echo(f"{each.table}: {counted(each.rows, 'row')} could be read, the rest is lost.")
    rows = sum(each.rows for each in found.tables)
    click.echo(f"{counted(rows, 'row is', 'rows are')} saved. What there was lies in {found.damaged.name}.")


@click.command()
@click.option("--whole", "everything", is_flag=True, help="Verify the whole history, not only its last 200 changes.")
@click.option("--json", "as_json", is_flag=True, help="Say everything in one JSON document.")
@plainly
def doctor(everything: bool, as_json: bool) -> None:
    """Look for what is wrong, and say what to do.

    A line for each thing looked at. Exits with 1 where something is wrong.
    """
    from wiki.doctor import examine, write_findings

    findings = []
    for finding in examine(os.environ, everything=everything):
        findings.append(finding)
        if not as_json:
            click.echo(str(finding))
    if as_json:
        click.echo(write_findings(findings))
    if not all(finding.fine for finding in findings):
        raise SystemExit(1)
