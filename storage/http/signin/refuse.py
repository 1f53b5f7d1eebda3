"""How a way to sign in says no."""

from __future__ import annotations

from core.refusal import Refusal
from storage.http.callers import NotSignedInError


def refuse(code: str, subject: str = "sign_in", **params: str | int | bool) -> NotSignedInError:
    """Give the error for a credential that is not accepted.

    Its codes: ``credential_form``, ``credentials_differ``, ``token_wrong``, ``token_expired``,
    ``token_revoked``, ``access_token_wrong``, ``access_token_expired``, ``access_token_person``,
    ``issuer_away`` (which is no fault of the caller's), ``certificate_elsewhere``, ``certificate_form``,
    ``certificate_wrong``, ``certificate_revoked``, ``certificate_person`` and ``certificates_unsure``
    (nor is this).
    """
    return NotSignedInError(Refusal(code, subject, dict(params)))
