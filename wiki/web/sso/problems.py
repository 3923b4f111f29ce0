"""What can go wrong between a provider and the wiki; each becomes a page that says what to do next."""

from __future__ import annotations

from wiki.providers import Provider


class SignInProblem(Exception):
    """The root. The text is for the log of whoever runs the wiki, and holds no secret."""

    def __init__(self, provider: Provider, why: str) -> None:
        super().__init__(f"sign-in by {provider.name}: {why}")
        self.provider = provider


class Down(SignInProblem):
    """The provider does not answer, or not as one would."""


class Cancelled(SignInProblem):
    """Whoever wanted to sign in thought better of it, or the provider did not let them."""


class Stale(SignInProblem):
    """This sign-in was not begun here, was begun too long ago, or has been used already."""


class Misconfigured(SignInProblem):
    """The provider does not know this wiki, or not by this address or secret."""


class Unsound(SignInProblem):
    """What the provider sent does not hold what it must. Somebody may be meddling."""
