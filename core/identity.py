"""Who somebody is: HSA-id, organisation number, e-mail address and names that cannot be wrong.

The rules of HSA-id and organisation number are Inera's and are listed in the domain notes
(sections 2 and 4): ``SE`` + ten digits of the directory owner + ``-`` + suffix, at most 31
characters, the digits a valid organisation number. All types are plain strings once made.
"""

from __future__ import annotations

import re
from typing import Self

from core import text
from core.refusal import Refusal, WrongValueError

LONGEST_HSA_ID = 31
LONGEST_NAME = 80
LONGEST_EMAIL = 254
LONGEST_NOTE = 200
LONGEST_TITLE = 160

_ORGANISATION_NUMBER = re.compile(r"([0-9]{6})-?([0-9]{4})", re.ASCII)
_HSA_ID = re.compile(r"(SE|TSTNMT)(16)?([0-9]{10})-([A-Za-z0-9]+)", re.ASCII | re.IGNORECASE)


def _wrong(subject: str, code: str, **params: str | int | bool) -> WrongValueError:
    return WrongValueError(Refusal(code, subject, dict(params)))


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


class OrganisationNumber(str):
    """A Swedish organisation number, ten digits shown as ``212000-2411``.

    The third digit is at least 2 and the last one is a Luhn check digit. ``0000000000`` passes
    Luhn, which is why the third digit is tested as well.
    """

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take ten digits with or without the hyphen; else :class:`WrongValueError`."""
        match = _ORGANISATION_NUMBER.fullmatch(value.strip(" "))
        if match is None:
            raise _wrong("organisation_number", "organisation_number_form")
        digits = "".join(match.groups())
        if int(digits[2]) < 2 or not _luhn(digits):
            raise _wrong("organisation_number", "organisation_number_check")
        return super().__new__(cls, f"{digits[:6]}-{digits[6:]}")

    @property
    def digits(self) -> str:
        """The ten digits without the hyphen."""
        return self.replace("-", "")


class HsaId(str):
    """An HSA-id as entered, with ``SE`` in capitals: ``SE5565594230-1337``.

    Unique within an organisation without regard to case, so compare :attr:`key`, not the text.
    """

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take an HSA-id; else :class:`WrongValueError` that says which part is wrong."""
        value = value.strip(" ")
        subject = "hsa_id"
        if not value:
            raise _wrong(subject, "empty")
        if len(value) > LONGEST_HSA_ID:
            raise _wrong(subject, "too_long", longest=LONGEST_HSA_ID)
        match = _HSA_ID.fullmatch(value)
        if match is None:
            raise _wrong(subject, "hsa_id_form")
        prefix, sixteen, digits, suffix = match.groups()
        if int(digits[2]) < 2 or not _luhn(digits):
            raise _wrong(subject, "hsa_id_check")
        return super().__new__(cls, f"{prefix.upper()}{sixteen or ''}{digits}-{suffix}")

    @property
    def key(self) -> str:
        """What uniqueness is judged by: the id without case."""
        return hsa_key(self)

    @property
    def owner_digits(self) -> str:
        """The ten digits of the directory owner's organisation number."""
        return self.split("-", 1)[0][-10:]

    @property
    def is_test(self) -> bool:
        """Whether the id is of Inera's test environments, taken in demo and test data only."""
        return self.startswith("TSTNMT")


def hsa_key(value: str) -> str:
    """Give an HSA-id's key, also of a text that is no valid HSA-id."""
    return value.upper()


class EmailAddress(str):
    """An e-mail address; international ones are taken, and it may be shared (DOMAIN 2)."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take an address that could exist, without asking the network; else an error."""
        # Deferred: it costs more to import than the rest of core, and only forms and writes need it.
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

        value = text.trimmed(value)
        subject = "email"
        if not value:
            raise _wrong(subject, "empty")
        if len(value) > LONGEST_EMAIL:
            raise _wrong(subject, "too_long", longest=LONGEST_EMAIL)
        local, at, domain = value.rpartition("@")
        found = text.fault(local + domain, longest=LONGEST_EMAIL, signs=frozenset(".!#%&'*+/-_"), digits=True)
        if found is not None and found[0] != "sign":
            raise _wrong(subject, found[0], character=found[1])
        # A leading = + - or @ would turn into a formula in somebody's spreadsheet.
        if not at or found is not None or value[0] in "=+-@":
            raise _wrong(subject, "email_form")
        try:
            answer = validate_email(value, check_deliverability=False, test_environment=True, strict=True)
        except EmailNotValidError:
            raise _wrong(subject, "email_form") from None
        return super().__new__(cls, answer.normalized)


def _checked(
    value: str, subject: str, longest: int, signs: frozenset[str], *, digits: bool, letter: bool = True
) -> str:
    value = text.trimmed(value)
    if not value:
        raise _wrong(subject, "empty")
    found = text.fault(value, longest=longest, signs=signs, digits=digits)
    if found is not None:
        code, character = found
        params: dict[str, str | int | bool] = (
            {"longest": longest} if code == "too_long" else {"character": character}
        )
        raise WrongValueError(Refusal(code, subject, params))
    if value[0] in "+-@=" or value[0] == "'":
        raise _wrong(subject, "sign", character=value[0])
    if letter and not any(character.isalpha() for character in value):
        raise _wrong(subject, "no_letter")
    return value


class GivenName(str):
    """A first name: letters, space, hyphen, apostrophe and full stop, at most 80 characters."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take a name; else :class:`WrongValueError`."""
        return super().__new__(
            cls, _checked(value, "given_name", LONGEST_NAME, text.NAME_SIGNS, digits=False)
        )


class FamilyName(str):
    """A last name, by the same rules as :class:`GivenName`."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take a name; else :class:`WrongValueError`."""
        return super().__new__(
            cls, _checked(value, "family_name", LONGEST_NAME, text.NAME_SIGNS, digits=False)
        )


class Title(str):
    """The name of an organisation, an e-service or a permission, at most 160 characters."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take a name; else :class:`WrongValueError`."""
        return super().__new__(cls, _checked(value, "title", LONGEST_TITLE, text.NOTE_SIGNS, digits=True))


class Note(str):
    """A remark on a write, such as a case number, at most 200 characters on one line."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take a remark; else :class:`WrongValueError`."""
        return super().__new__(
            cls, _checked(value, "note", LONGEST_NOTE, text.NOTE_SIGNS, digits=True, letter=False)
        )


_TELEPHONE = re.compile(r"0[0-9](?:[ -]?[0-9]){3,13}", re.ASCII)


class Telephone(str):
    """A telephone number as it is dialled in Sweden: digits in groups, the first one 0."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take a number; else :class:`WrongValueError`."""
        value = text.trimmed(value)
        if not value:
            raise _wrong("telephone", "empty")
        if not _TELEPHONE.fullmatch(value):
            raise _wrong("telephone", "telephone_form")
        return super().__new__(cls, value)


class Hours(str):
    """When a telephone is answered, such as ``måndag–fredag 9–15``; at most 80 characters."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take hours; else :class:`WrongValueError`."""
        return super().__new__(
            cls, _checked(value, "hours", LONGEST_NAME, text.NOTE_SIGNS, digits=True, letter=False)
        )


_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)


class Id(str):
    """An opaque and permanent id: small letters, digits and hyphens, at most 64."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take an id; else :class:`WrongValueError`."""
        if not _ID.fullmatch(value):
            raise _wrong("id", "id_form")
        return super().__new__(cls, value)


VALUE_TYPES = (
    OrganisationNumber,
    HsaId,
    EmailAddress,
    GivenName,
    FamilyName,
    Title,
    Note,
    Telephone,
    Hours,
    Id,
)
