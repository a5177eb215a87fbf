"""What is told of what went wrong."""


class PieceError(Exception):
    """A piece could not be done; the text says why."""


def reason(error):
    """For a user, who has no use for a traceback."""
    return f"{type(error).__name__}: {error}"
