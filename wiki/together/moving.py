"""Pages get other names, or go; the links and addresses that led to them still lead somewhere."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from wiki.assembly import Wiki
from wiki.drafts import DraftFile
from wiki.markdown import mend_links, split_front_matter
from wiki.model.errors import NotFound, Refused
from wiki.model.names import PAGE_SUFFIX, POLICY_PATH, PageName
from wiki.model.words import N_
from wiki.together.drafts import file_begun
from wiki.together.texts import text_of

MOST_MENDED = 150


def moving(
    wiki: Wiki,
    name: str,
    new_name: str,
    text: str | None = None,
    *,
    mend: bool = True,
    others: Mapping[str, DraftFile] | None = None,
) -> dict[str, DraftFile]:
    """The files that change when a page gets another name: itself, and where ``mend`` the pages that lead to it.
    ``others`` are files that change along with it."""
    main = wiki.repository.main()
    old_path, new_path = PageName(name).path, PageName(new_name).path
    blob = wiki.repository.file(main, old_path)
    if blob is None:
        raise NotFound(N_("There is no page “%(name)s”."), name=name)
    words = text if text is not None else text_of(wiki, blob) or ""
    moved = {name: new_name}
    if mend:
        words = mend_links(words, _folder(name), moved, _folder(new_name))
    files = {old_path: DraftFile(None, blob.id), new_path: file_begun(wiki, main, new_path, words)}
    return {**files, **(_mended(wiki, main, moved, others or {}) if mend else {})}


def _mended(wiki: Wiki, main: str, moved: Mapping[str, str], others: Mapping[str, DraftFile]) -> dict[str, DraftFile]:
    files: dict[str, DraftFile] = {}
    for row in wiki.index.linking_to(*moved)[:MOST_MENDED]:
        path = row.name + PAGE_SUFFIX
        blob = wiki.repository.file(main, path)
        file = others.get(path) or DraftFile(text_of(wiki, blob), blob.id if blob is not None else None)
        if row.name in moved or file.text is None:
            continue
        after = mend_links(file.text, _folder(row.name), moved)
        if after != file.text:
            files[path] = DraftFile(after, file.seen)
    return files


def removing(
    wiki: Wiki, name: str, lead_to: str = "", others: Mapping[str, DraftFile] | None = None
) -> dict[str, DraftFile]:
    """The files that change when a page goes: itself, and the page that its readers are led to, which says so in its
    front matter. ``others`` are files that change along with it."""
    main = wiki.repository.main()
    path = name if name == POLICY_PATH else PageName(name).path
    blob = wiki.repository.file(main, path)
    if blob is None:
        raise NotFound(N_("There is no page “%(name)s”."), name=name)
    files = {path: DraftFile(None, blob.id)}
    if lead_to:
        target = PageName(lead_to).path
        there = wiki.repository.file(main, target)
        if there is None or target == path:
            raise Refused(N_("There is no page “%(name)s” that readers could be led to."), name=lead_to)
        file = (others or {}).get(target) or DraftFile(text_of(wiki, there), there.id)
        files[target] = DraftFile(with_redirect_from(file.text or "", name), file.seen)
    return files


def with_redirect_from(text: str, name: str) -> str:
    """A page that is also found where ``name`` was. Its front matter keeps the form it has where that can hold a line
    more, and is written anew where it cannot."""
    facts, body = split_front_matter(text)
    there = facts.get("redirect_from")
    aliases = [f"/{name}", *(there if isinstance(there, list) else [there] if there else [])]
    if not facts:
        return f"---\nredirect_from:\n- /{name}\n---\n\n{text}"
    head = text[: len(text) - len(body)]
    if "redirect_from" not in facts:
        opening, _, rest = head.partition("\n")
        written = f"{opening}\nredirect_from:\n- /{name}\n{rest}{body}"
        if split_front_matter(written) == ({"redirect_from": aliases, **facts}, body):
            return written
    kept = yaml.safe_dump({**facts, "redirect_from": aliases}, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{kept}---\n{body}"


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
