"""The facts that a new database starts with are whole, and can stand in the program as they are."""

import unicodedata
from itertools import groupby

from core.identity import Id, OrganisationNumber, Title
from storage.seed.facts import e_services, municipalities, permissions, regions


def test_there_are_290_municipalities_with_codes_of_four_digits_in_order() -> None:
    codes = [each.code for each in municipalities()]
    assert len(codes) == 290
    assert all(len(code) == 4 and code.isdecimal() for code in codes)
    assert codes == sorted(set(codes))
    assert "0180" in codes


def test_there_are_21_regions_with_codes_of_two_digits_in_order() -> None:
    codes = [each.code for each in regions()]
    assert len(codes) == 21
    assert all(len(code) == 2 and code.isdecimal() for code in codes)
    assert codes == sorted(set(codes))
    assert "01" in codes


def test_every_municipality_lies_in_the_county_that_its_code_begins_with() -> None:
    counties = {each.code for each in regions()}
    for municipality in municipalities():
        assert municipality.county_code == municipality.code[:2]
        assert municipality.county_code in counties


def test_names_of_organisations_are_unique_and_can_be_entered_as_they_are() -> None:
    names = [each.name for each in municipalities()] + [each.name for each in regions()]
    assert len(names) == len(set(names))
    for name in names:
        assert Title(name) == name


def test_the_organisation_numbers_that_are_known_are_right() -> None:
    known = {each.code: each.organisation_number for each in municipalities() if each.organisation_number}
    assert known == {
        "0180": "212000-0142",
        "0380": "212000-3005",
        "1280": "212000-1124",
        "1480": "212000-1355",
        "2281": "212000-2411",
    }
    for number in known.values():
        assert OrganisationNumber(number) == number


def test_there_are_23_permissions_grouped_by_an_e_service_that_exists() -> None:
    known = [each.id for each in e_services()]
    found = permissions()
    assert len(found) == 23
    assert [e_service for e_service, _group in groupby(each.e_service_id for each in found)] == known


def test_ids_are_unique_and_opaque() -> None:
    ids = [each.id for each in e_services()] + [each.id for each in permissions()]
    assert len(ids) == len(set(ids))
    for each in ids:
        assert Id(each) == each


def test_names_of_permissions_are_unique_and_can_be_entered_as_they_are() -> None:
    names = [name for each in permissions() for name in (each.name, each.former_name) if name]
    assert len(names) == len(set(names))
    for name in names:
        assert Title(name) == name


def test_short_names_are_unique_letters_of_at_most_four_cells() -> None:
    short_names = [each.short_name for each in permissions()]
    assert len(short_names) == len({short_name.casefold() for short_name in short_names})
    for short_name in short_names:
        assert short_name.isalpha()
        assert 1 <= len(short_name) <= 4
        assert unicodedata.is_normalized("NFC", short_name)
        assert all(unicodedata.east_asian_width(letter) in {"Na", "N", "A"} for letter in short_name)


def test_days_come_in_order_and_a_former_name_has_the_day_it_ended() -> None:
    for permission in permissions():
        assert bool(permission.former_name) == (permission.renamed_on is not None)
        for later in (permission.retired_on, permission.renamed_on):
            assert later is None or permission.launched_on < later


def test_one_permission_is_retired_and_two_were_renamed() -> None:
    found = permissions()
    assert {each.id for each in found if each.retired_on} == {"medicinska-skal-ekonomiskt-bistand"}
    assert {each.id: str(each.renamed_on) for each in found if each.renamed_on} == {
        "barn-utan-vardnadshavare": "2021-01-15",
        "asyl-extraordinara-skolkostnader": "2021-01-25",
    }
