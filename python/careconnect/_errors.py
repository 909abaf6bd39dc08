"""The exception of the package."""

from __future__ import annotations


class CareconnectError(ValueError):
    """What was handed over cannot be taken, or something failed. A bad resource is never one: that gives a report.

    ``code`` says of which kind it is and never changes its meaning: ``invalid-argument``, ``invalid-pack``,
    ``internal-error``.
    """

    code: str

    def __init__(self, message: str, code: str = "invalid-argument") -> None:
        super().__init__(message, code)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[0])
