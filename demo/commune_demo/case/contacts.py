"""Telephone numbers and e-mail domains of the sample: in good form, and reaching nobody.

Numbers are +84 95 000 xxxx: libphonenumber counts 095 as a Vietnamese mobile prefix and knows no operator for it (it
was S-Fone's, closed in 2012; 095 and 0990-0991 are the only such gaps). E-mail domains end in .example, which RFC 2606
keeps empty for ever.
"""

PREFIX = "+8495000"
PEOPLE_NUMBERS = 1000
"""People's numbers: 1001 ... 1243."""
OFFICE_NUMBERS = 8000
"""Communes' numbers: 8001 ... 8065."""
SCHOOL_NUMBERS = 9000
"""Schools' numbers: 9001 ... 9012."""


def synthetic_phone(number: int) -> str:
    """E.164 number of the sample range; `number` is 0-9999 and makes it unique."""
    if not 0 <= number <= 9999:
        raise ValueError(f"the sample range has numbers 0-9999, not {number}")
    return f"{PREFIX}{number:04d}"
