"""A thousand races for one facilitator, and the control: `python3 bin/madoi test --long booking_races`."""

import time

import pytest

from tests.sessions.races import trials, without_the_guard

RACES = 1000


@pytest.mark.postgres
@pytest.mark.timeout(1800)
def test_of_a_thousand_races_none_is_won_by_both(transactional_db: None, capfd: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    both = trials(RACES)
    with without_the_guard():
        control = trials(RACES // 10)
    with capfd.disabled():
        print(  # noqa: T201
            f"\n{RACES} races: {both} won by both, {time.monotonic() - began:.0f} s; "
            f"without the unique key {control} of {RACES // 10}"
        )

    assert both == 0
    assert control > 0
