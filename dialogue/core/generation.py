"""The two generations that a cohort mixes."""

from enum import StrEnum


class Generation(StrEnum):
    STUDENT = "student"
    ALUMNI = "alumni"
