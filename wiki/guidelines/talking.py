"""Talk: comments, kept apart from the chain."""

from __future__ import annotations

from wiki.guidelines import again
from wiki.guidelines.acting import one_at_a_time
from wiki.guidelines.settling import Settling, required
from wiki.model.acts import Act, Kind, Person, message_of
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.repository import Swap, proposal_ref, talk_ref
from wiki.repository.process import EMPTY_TREE


class Talking(Settling):
    """What is said about a proposal."""

    @one_at_a_time
    def comment(self, n: int, who: Person, text: str, *, at: str | None = None, to: str | None = None) -> str:
        """Say something about a proposal, apart from its chain. ``at`` is ``path:line`` of an inline comment,
        ``to`` the comment or act that is answered; for an inline comment the act whose text it is about. The id of
        the comment."""
        who, text = self._colleague(who), required(text, N_("Please write a comment."))
        repository = self.repository
        with repository.writing(proposal_ref(n)):
            acts = repository.chain(self.tip(n))
            before = repository.refs.read(talk_ref(n))
            if at is not None:
                to = self._place(acts, at, to)
            elif to is not None and not any(act.id == to for act in (*acts, *self.talk(n))):
                raise NotFound(N_("What you answer to is not there any more."))
            trailers = {key: value for key, value in (("At", at), ("To", to)) if value is not None}
            when = self._now(before) if before else int(self.clock())
            last = self.talk(n)[-1:]
            if last and again.said(repository, last[0], who, Kind.COMMENT, text, trailers, when):
                repository.refs.confirm(talk_ref(n))
                return last[0].id
            batch = repository.batch()
            batch.tree({})
            act = batch.commit(
                tree=EMPTY_TREE,
                parents=(before,) if before else (),
                author=who,
                committer=repository.system,
                when=when,
                message=message_of(Kind.COMMENT, text, trailers),
            )
            repository.store_and_swap(batch, [Swap(talk_ref(n), before, act)])
        self.written(n, None)
        return act

    def _place(self, acts: tuple[Act, ...], at: str, to: str | None) -> str:
        """The act whose text an inline comment is about; `Refused` where that text has no such line."""
        said = next((act for act in acts if act.id == to), acts[-1])
        path, _, line = at.rpartition(":")
        blob = self.repository.file(said.id, path) if line.isascii() and line.isdigit() and len(line) < 8 else None
        if blob is None or not 1 <= int(line) <= self.repository.content(blob).count(b"\n") + 1:
            raise Refused(N_("There is no such passage in the text of this proposal."))
        return said.id
