"""The credentials of a client that brings a token."""


class Bearer:
    """A token, brought with each request."""

    def __init__(self, secret: str) -> None:
        """Bring the token whose text is ``secret``."""
        self._secret = secret

    async def header(self) -> str | None:
        """Give the token."""
        return f"Bearer {self._secret}"

    async def refused(self) -> bool:
        """Say that there is nothing better."""
        return False
