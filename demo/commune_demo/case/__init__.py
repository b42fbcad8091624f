"""The Khánh Hòa case as typed data: communes, schools, needs, people, and the twelve workbooks the schools would send.

Everything is made by code and is the same on every machine, to the byte. People, contacts and offices are synthetic.
"""

from commune_demo.case.declarations import DUTIES, Campaign, Duty, Need, NeedItem, Relation, campaign, existing, needs
from commune_demo.case.geography import PROVINCE_CODE, PROVINCE_FULL_NAME, PROVINCE_NAME, Commune, communes
from commune_demo.case.institutions import School, schools
from commune_demo.case.people import Person, people, people_of
from commune_demo.case.workbooks.write import SchoolWorkbook, write_corrected_workbooks, write_workbooks

__all__ = [
    "DUTIES", "PROVINCE_CODE", "PROVINCE_FULL_NAME", "PROVINCE_NAME", "Campaign", "Commune", "Duty", "Need", "NeedItem",
    "Person", "Relation", "School", "SchoolWorkbook", "campaign", "communes", "existing", "needs", "people",
    "people_of", "schools", "write_corrected_workbooks", "write_workbooks",
]  # fmt: skip
