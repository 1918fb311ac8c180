"""Registration numbers: every regulator's format, good and bad, and whose number it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.regulators import Registration, normal_number
from shared.errors import Invalid
from tests.unit.membership.builders import REGULATORS

GOOD = [
    ("GMC", "0712345", "doctor"),
    ("GMC", "a1234567", "physician_associate"),
    ("GMC", "A 123 4567", "anaesthesia_associate"),
    ("GDC", "123", "dentist"),
    ("GDC", "012345", "dental_nurse"),
    ("GDC", "12345", "dental_technician"),
    ("GDC", "12345", "dental_therapist"),
    ("GDC", "12345", "dental_hygienist"),
    ("GDC", "12345", "orthodontic_therapist"),
    ("GDC", "12345", "clinical_dental_technician"),
    ("GPhC", "2012345", "pharmacist"),
    ("GPhC", "5012345", "pharmacy_technician"),
    ("PSNI", "04567", "pharmacist"),
    ("NMC", "09i1234e", "nurse"),
    ("NMC", "09I1234E", "midwife"),
    ("NMC", "19A0001B", "nursing_associate"),
    ("HCPC", "AS1", "arts_therapist"),
    ("HCPC", "BS012345", "biomedical_scientist"),
    ("HCPC", "CH12345", "podiatrist"),
    ("HCPC", "CS12345", "clinical_scientist"),
    ("HCPC", "DT12345", "dietitian"),
    ("HCPC", "HAD12345", "hearing_aid_dispenser"),
    ("HCPC", "ODP12345", "operating_department_practitioner"),
    ("HCPC", "OR12345", "orthoptist"),
    ("HCPC", "OT12345", "occupational_therapist"),
    ("HCPC", "pa 012345", "paramedic"),
    ("HCPC", "PH12345", "physiotherapist"),
    ("HCPC", "PO12345", "prosthetist_orthotist"),
    ("HCPC", "PYL12345", "practitioner_psychologist"),
    ("HCPC", "RA12345", "radiographer"),
    ("HCPC", "SL12345", "speech_and_language_therapist"),
    ("GOC", "01-12345", "optometrist"),
    ("GOC", "d-1234", "dispensing_optician"),
    ("GOsC", "01234", "osteopath"),
    ("GCC", "01234", "chiropractor"),
]
BAD = [
    ("GMC", "712345", "doctor"),
    ("GMC", "07123456", "doctor"),
    ("GMC", "A1234567", "doctor"),
    ("GMC", "0712345", "physician_associate"),
    ("GMC", "٠٧١٢٣٤٥", "doctor"),
    ("GMC", "0712345\n", "doctor"),
    ("GDC", "12", "dentist"),
    ("GDC", "1234567", "dentist"),
    ("GDC", "D1234", "dental_nurse"),
    ("GPhC", "5012345", "pharmacist"),
    ("GPhC", "2012345", "pharmacy_technician"),
    ("GPhC", "3012345", "pharmacist"),
    ("GPhC", "201234", "pharmacist"),
    ("PSNI", "1234567", "pharmacist"),
    ("NMC", "9I1234E", "nurse"),
    ("NMC", "09I1234", "midwife"),
    ("NMC", "09\u01311234E", "nurse"),
    ("HCPC", "XX12345", "paramedic"),
    ("HCPC", "PA", "paramedic"),
    ("HCPC", "PA1234567", "paramedic"),
    ("HCPC", "PH12345", "paramedic"),
    ("GOC", "02-12345", "optometrist"),
    ("GOC", "01-123", "optometrist"),
    ("GOC", "D-12345", "optometrist"),
    ("GOC", "01-12345", "dispensing_optician"),
    ("GOsC", "1234567", "osteopath"),
    ("GOsC", "", "osteopath"),
    ("GCC", "12A", "chiropractor"),
]


def fields_of(regulator: str, number: str, profession: str, nation: str) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        REGULATORS.registration(regulator, number, profession, nation)
    return refused.value.fields


@pytest.mark.parametrize(("regulator", "number", "profession"), GOOD)
def test_a_number_of_the_regulator_is_accepted(
    regulator: str, number: str, profession: str
) -> None:
    """Each profession's numbers are taken in any case and spacing, and leading zeros stay."""
    found = REGULATORS.registration(regulator, number, profession, "northern_ireland")
    assert found == Registration(regulator, number.replace(" ", "").upper())


@pytest.mark.parametrize(("regulator", "number", "profession"), BAD)
def test_a_number_of_no_or_another_profession_is_refused(
    regulator: str, number: str, profession: str
) -> None:
    """A malformed number, or one of another profession, is refused as registration_number."""
    assert list(fields_of(regulator, number, profession, "northern_ireland")) == [
        "registration_number"
    ]


def test_every_profession_is_tried_above() -> None:
    """No profession of the data file is without a good number in these tests."""
    assert {profession for _, _, profession in GOOD} == REGULATORS.professions


def test_every_regulator_is_tried_above() -> None:
    """No regulator of the data file is without good and bad numbers in these tests."""
    codes = {regulator.code for regulator in REGULATORS.all}
    assert {code for code, _, _ in GOOD} == {code for code, _, _ in BAD} == codes


def test_the_examples_in_the_data_fit_their_patterns() -> None:
    """What the data file shows as an example is one."""
    formats = [form for regulator in REGULATORS.all for form in regulator.formats]
    assert all(form.matches(form.example) for form in formats)


def test_a_regulator_of_other_professions_is_refused() -> None:
    """A paramedic is not on the medical register."""
    assert list(fields_of("GMC", "0712345", "paramedic", "wales")) == ["regulator"]


def test_a_physician_associate_is_no_paramedic() -> None:
    """HCPC's prefix PA does not admit physician associates."""
    assert list(fields_of("HCPC", "PA12345", "physician_associate", "wales")) == ["regulator"]


@pytest.mark.parametrize("nation", ["england", "scotland", "wales"])
def test_psni_registers_only_in_northern_ireland(nation: str) -> None:
    """The Northern Irish register does not cover Great Britain."""
    assert list(fields_of("PSNI", "4567", "pharmacist", nation)) == ["regulator"]


def test_an_unknown_profession_or_regulator_is_named() -> None:
    """What no data file knows is refused by its own field."""
    assert list(fields_of("GMC", "0712345", "astrologer", "wales")) == ["profession"]
    assert list(fields_of("GXC", "0712345", "doctor", "wales")) == ["regulator"]


def test_a_regulators_code_is_found_in_any_case() -> None:
    """People write gphc; the data says GPhC."""
    assert REGULATORS.registration("gphc", "2012345", "pharmacist", "wales").key == "GPhC:2012345"


@pytest.mark.parametrize(("regulator", "number", "profession"), GOOD)
def test_a_registration_of_whichever_profession_is_accepted(
    regulator: str, number: str, profession: str
) -> None:
    """One more registration may be of another profession than the one applied with."""
    found = REGULATORS.registered(regulator.lower(), number, "northern_ireland")
    assert found == Registration(regulator, normal_number(number))


def test_a_registration_of_no_profession_is_refused() -> None:
    """By its field, as is one of a regulator that does not register in the nation."""
    for regulator, number, nation, field in (
        ("GMC", "12", "wales", "registration_number"),
        ("GXC", "0712345", "wales", "regulator"),
        ("PSNI", "4567", "wales", "regulator"),
    ):
        with pytest.raises(Invalid) as refused:
            REGULATORS.registered(regulator, number, nation)
        assert list(refused.value.fields) == [field]


@settings(deadline=None)
@given(st.from_regex(r"\A[A-Z0-9-]{1,12}\Z"), st.integers(0, 12))
def test_normalising_undoes_case_and_spaces(number: str, at: int) -> None:
    """Lower case and a space anywhere make no difference, and normalising twice changes nothing."""
    written = f"{number[:at]} {number[at:]}".lower()
    assert normal_number(written) == number == normal_number(normal_number(written))


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_accepted_in_normal_form_or_refused(number: str) -> None:
    """Whatever comes, the answer is a plain ASCII number or Invalid, never anything else."""
    for regulator in REGULATORS.all:
        for profession in sorted(regulator.professions):
            try:
                found = REGULATORS.registration(
                    regulator.code, number, profession, "northern_ireland"
                )
            except Invalid as refused:
                assert list(refused.fields) == ["registration_number"]
            else:
                assert found.number.isascii()
                assert found.number == normal_number(found.number)
