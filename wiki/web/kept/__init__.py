"""Pages kept in memory as finished answers, and given out without asking anything again.

A page is the same for everybody who looks at it alike (language, theme, signed in or not) but for a few places, which
a template marks by ``mine``. So it is made once for all, what stands in those places once for all who have the same
there, and an answer is put together of both as bytes. Who asks whether anything has changed is told in microseconds.

- `wiki.web.sharing` sees to it that nothing of one reader gets into what is shared, and takes a page apart at marks;
- `fixed` is what looks the same on every page, made once, and `lasting` what of a page outlasts its other changes;
- `marking` is ``mine`` itself, `own` is what stands in the marked places for one reader;
- `readers` knows who is reading, by their cookies;
- `truth` says why what was made before is still true;
- `shelf` keeps things within a budget of bytes, `showing` knows which of them show a page;
- `finished` is an answer as it is sent;
- `pages` puts them together, `front` stands before Flask and gives out what is kept, `ahead` has it made again in time.
"""

from wiki.web.kept import fixed, lasting, marking
from wiki.web.kept.ahead import ahead_of
from wiki.web.kept.front import Front
from wiki.web.kept.pages import install, kept_answer, kept_pages

__all__ = ["Front", "ahead_of", "fixed", "install", "kept_answer", "kept_pages", "lasting", "marking"]
