"""Value types cannot hold a wrong value: the examples of Inera's rules, and hostile text in each field."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import (
    LONGEST_EMAIL,
    LONGEST_HSA_ID,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_TITLE,
    VALUE_TYPES,
    EmailAddress,
    FamilyName,
    GivenName,
    Hours,
    HsaId,
    Id,
    Note,
    OrganisationNumber,
    Telephone,
    Title,
)
from core.refusal import Refusal, WrongValueError
from core.text import shown
from tests.core.hostile import HOSTILE

SUBJECTS: dict[type[str], str] = {
    OrganisationNumber: "organisation_number",
    HsaId: "hsa_id",
    EmailAddress: "email",
    GivenName: "given_name",
    FamilyName: "family_name",
    Title: "title",
    Note: "note",
    Telephone: "telephone",
    Hours: "hours",
    Id: "id",
}


def refused(make: Callable[[str], str], text: str) -> Refusal:
    with pytest.raises(WrongValueError) as caught:
        make(text)
    return caught.value.refusal


def test_every_value_type_is_tried() -> None:
    assert set(SUBJECTS) == set(VALUE_TYPES)


@pytest.mark.parametrize("kind", VALUE_TYPES)
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_hostile_text_is_refused_with_field_and_reason(kind: type[str], text: str) -> None:
    refusal = refused(kind, text)
    assert refusal.subject == SUBJECTS[kind]
    assert refusal.code
    for value in refusal.params.values():
        assert shown(str(value)) == str(value), "the reason itself must be harmless"


@pytest.mark.parametrize(
    "text", ["a@b.se" + each for each in ("\x1b[2J", "\u202e", "\u200b", "\ud800", "\u3164")]
)
def test_a_hostile_tail_of_an_address_is_named(text: str) -> None:
    assert refused(EmailAddress, text).code == "control"


@pytest.mark.parametrize("kind", [*VALUE_TYPES])
@pytest.mark.parametrize("text", ["", " ", "   "])
def test_an_empty_value_is_refused(kind: type[str], text: str) -> None:
    assert refused(kind, text).subject == SUBJECTS[kind]


@pytest.mark.parametrize(
    ("kind", "longest"),
    [(GivenName, LONGEST_NAME), (FamilyName, LONGEST_NAME), (Title, LONGEST_TITLE), (Note, LONGEST_NOTE)],
)
def test_the_longest_is_let_in_and_one_more_is_not(kind: type[str], longest: int) -> None:
    assert len(kind("å" * longest)) == longest
    assert len(kind("a\u030a" * longest)) == longest
    assert refused(kind, "å" * (longest + 1)) == Refusal("too_long", SUBJECTS[kind], {"longest": longest})


def test_the_reason_names_the_character() -> None:
    assert refused(GivenName, "Anna\x1b") == Refusal("control", "given_name", {"character": "U+001B"})
    assert refused(GivenName, "Anna[") == Refusal("sign", "given_name", {"character": "["})
    assert refused(GivenName, "Anna 2") == Refusal("sign", "given_name", {"character": "2"})
    assert refused(GivenName, "Anna\u00a0Ek") == Refusal("sign", "given_name", {"character": "U+00A0"})
    assert refused(GivenName, "\u0301Anna") == Refusal("lone_mark", "given_name", {"character": "U+0301"})


@pytest.mark.parametrize(
    "text", ["Anna", "Anna-Karin", "O’Brien", "O'Brien", "af Klint", "J.", "Ğüneş", "Nguyễn", "李", "Ævar"]
)
def test_names_of_people_are_let_in(text: str) -> None:
    assert GivenName(text) == text
    assert FamilyName(f"  {text} ") == text


@pytest.mark.parametrize("text", ["-", "...", "- -", "'", "’"])
def test_a_name_needs_a_letter(text: str) -> None:
    assert refused(GivenName, text).code in {"no_letter", "sign"}


@pytest.mark.parametrize("first", list("=+-@'"))
@pytest.mark.parametrize("kind", [GivenName, FamilyName, Title, Note, EmailAddress])
def test_nothing_begins_as_a_formula_of_a_spreadsheet_does(kind: type[str], first: str) -> None:
    refused(kind, f"{first}anna@kommun.se" if kind is EmailAddress and first != "'" else f"{first}1|x")
    refused(kind, f" {first}SUM")


# HSA-id ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "SE5565594230-1337",
        "SE5565594230-YJ54",
        "TSTNMT2321000156-1019",
        "SE165565594230-1337",
        "SE5565594230-yj54",
    ],
)
def test_an_hsa_id_is_shown_as_entered(text: str) -> None:
    assert HsaId(text) == text


def test_se_is_put_in_capitals_and_the_rest_stays() -> None:
    assert HsaId("se5565594230-yj54") == "SE5565594230-yj54"
    assert HsaId(" SE5565594230-1337 ") == "SE5565594230-1337"
    assert HsaId("se5565594230-yj54").key == HsaId("SE5565594230-YJ54").key


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DK000000000037", "hsa_id_form"),
        ("SE000000000037", "hsa_id_form"),
        ("SE000000000000-1337", "hsa_id_form"),
        ("SE0000000000-0123456789012345678", "too_long"),
        ("SE0000000000-1337", "hsa_id_check"),
        ("SE5565594231-1337", "hsa_id_check"),
        ("SE5515594230-1337", "hsa_id_check"),
        ("SE5565594230-", "hsa_id_form"),
        ("SE5565594230", "hsa_id_form"),
        ("SE5565594230-ÅÄÖ", "hsa_id_form"),
        ("SE5565594230-13 37", "hsa_id_form"),
        ("SE5565594230–1337", "hsa_id_form"),
        ("SE5565594230-1337\n", "hsa_id_form"),
        ("SE556559423\u0660-1337", "hsa_id_form"),
        ("\u017fE5565594230-1337", "hsa_id_form"),
        ("5565594230-1337", "hsa_id_form"),
    ],
)
def test_a_wrong_hsa_id_is_refused_with_the_reason(text: str, code: str) -> None:
    refusal = refused(HsaId, text)
    assert (refusal.code, refusal.subject) == (code, "hsa_id")


def test_an_hsa_id_of_31_characters_is_the_longest() -> None:
    longest = "SE5565594230-" + "A" * (LONGEST_HSA_ID - 13)
    assert HsaId(longest) == longest
    assert refused(HsaId, longest + "A").code == "too_long"


def test_the_owner_is_the_ten_digits_also_after_16() -> None:
    assert HsaId("SE5565594230-1337").owner_digits == "5565594230"
    assert HsaId("SE165565594230-1337").owner_digits == "5565594230"
    assert HsaId("TSTNMT2321000156-1019").owner_digits == "2321000156"


def test_only_an_id_of_the_test_environments_is_a_test_id() -> None:
    assert HsaId("tstnmt2321000156-1019").is_test
    assert not HsaId("SE5565594230-1337").is_test


# Organisation number -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["212000-0142", "212000-1355", "212000-1124", "212000-3005", "212000-2411", "556559-4230"]
)
def test_a_right_organisation_number_is_shown_with_its_hyphen(text: str) -> None:
    assert OrganisationNumber(text) == text
    assert OrganisationNumber(text.replace("-", "")) == text
    assert OrganisationNumber(text).digits == text.replace("-", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("212000-1234", "organisation_number_check"),
        ("0000000000", "organisation_number_check"),
        ("2120002412", "organisation_number_check"),
        ("2120-002411", "organisation_number_form"),
        ("-2120002411", "organisation_number_form"),
        ("2120002411-", "organisation_number_form"),
        ("212000--2411", "organisation_number_form"),
        ("212000-2411\n", "organisation_number_form"),
        ("162120002411", "organisation_number_form"),
        ("٢١٢٠٠٠٢٤١١", "organisation_number_form"),
    ],
)
def test_a_wrong_organisation_number_is_refused(text: str, code: str) -> None:
    assert refused(OrganisationNumber, text) == Refusal(code, "organisation_number")


@given(st.from_regex(r"\A[0-9]{10}\Z"), st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_never_passes(digits: str, place: int, digit: int) -> None:
    try:
        right = OrganisationNumber(digits).digits
    except WrongValueError:
        return
    wrong = right[:place] + str(digit) + right[place + 1 :]
    if wrong != right:
        refused(OrganisationNumber, wrong)


# E-mail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "anna.andersson@sundsvall.example",
        "barn+unga@kommun.se",
        "åke@åre.se",
        "o'brien@kommun.se",
        "a@b.test",
    ],
)
def test_an_address_that_could_exist_is_let_in(text: str) -> None:
    assert EmailAddress(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("anna", "anna@", "@kommun.se", "anna@kommun", "anna@localhost", "anna@@kommun.se", "a@b@c.se"),
        *("anna@[127.0.0.1]", "anna@127.0.0.1", "anna@kommun..se", ".anna@kommun.se", "anna.@kommun.se"),
        *('"anna"@kommun.se', "anna @kommun.se", "anna@-kommun.se", "anna@kommun.local"),
        *("a" * 65 + "@kommun.se", "Anna <anna@kommun.se>", "anna@kommun.se,bo@kommun.se"),
    ],
)
def test_an_address_that_could_not_exist_is_refused(text: str) -> None:
    assert refused(EmailAddress, text) == Refusal("email_form", "email")


def test_an_address_is_at_most_254_characters() -> None:
    assert refused(EmailAddress, "a@" + "b." * 130 + "se") == Refusal(
        "too_long", "email", {"longest": LONGEST_EMAIL}
    )


def test_the_domain_is_without_case_and_the_local_part_as_entered() -> None:
    assert EmailAddress("Anna.Ek@KOMMUN.se") == "Anna.Ek@kommun.se"


@given(
    st.one_of(
        st.emails(),
        st.text(max_size=40),
        st.builds("{}@{}.se".format, st.text(max_size=8), st.text(max_size=8)),
    )
)
def test_an_address_is_refused_or_stays_the_same_when_entered_again(text: str) -> None:
    try:
        address = EmailAddress(text)
    except WrongValueError:
        return
    assert EmailAddress(address) == address
    assert shown(address) == address
    assert len(address) <= LONGEST_EMAIL


# Ids ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a", "kommun-2281", "0180", "a" * 64])
def test_an_id_is_let_in(text: str) -> None:
    assert Id(text) == text


@pytest.mark.parametrize("text", ["", "-a", "A", "a b", "å", "a_b", "a/b", "../a", "a" * 65, "a\n", "a'--"])
def test_a_wrong_id_is_refused(text: str) -> None:
    assert refused(Id, text) == Refusal("id_form", "id")
