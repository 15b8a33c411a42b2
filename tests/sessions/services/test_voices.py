"""What stays of a session's turns: the circle's figure, and no length of anybody."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from dialogue.core.generation import Generation
from sessions.models import VoiceFigure
from sessions.services.voices import keep_figure
from tests.factories import NOW, make_session

pytestmark = pytest.mark.django_db
S, A = Generation.STUDENT, Generation.ALUMNI
FOUR = {1: S, 2: S, 3: A, 4: A}


def test_figure_of_a_session_is_kept_once_and_replaced(cohort):
    session = make_session(cohort)

    keep_figure(session, {1: 600, 2: 10, 3: 10, 4: 10}, FOUR, NOW)
    keep_figure(session, {1: 120, 2: 100, 3: 130, 4: 90}, FOUR, NOW, turns=16, passed=1)

    figure = VoiceFigure.objects.get()
    assert (figure.students, figure.alumni) == (2, 2)
    assert (figure.gini, figure.balance, figure.passes) == (Decimal("0.11"), Decimal("1.00"), Decimal("0.06"))


def test_nothing_is_kept_of_three(cohort):
    session = make_session(cohort)
    keep_figure(session, {1: 120, 2: 100, 3: 130, 4: 90}, FOUR, NOW)

    assert keep_figure(session, {1: 60, 3: 60, 4: 60}, FOUR, NOW) is None

    assert not VoiceFigure.objects.exists()


def test_a_generation_that_hardly_spoke_fits_into_its_column(cohort):
    figure = keep_figure(make_session(cohort), {1: 3000, 2: 3000, 3: 0.001, 4: 0}, FOUR, NOW)

    assert figure is not None
    assert figure.balance == Decimal("99.99")


@pytest.mark.parametrize(
    "wrong",
    [
        {"students": 1, "alumni": 2},
        {"students": 3, "alumni": 1, "balance": 1},
        {"gini": Decimal("1.01")},
        {"passes": Decimal("1.01")},
    ],
)
def test_database_refuses_what_would_tell_of_one_person(cohort, wrong):
    figures = {"students": 2, "alumni": 2, "gini": 0, "kept_at": NOW}

    with pytest.raises(IntegrityError), transaction.atomic():
        VoiceFigure.objects.create(session=make_session(cohort), **figures | wrong)
