"""What is collected here: the conformance tests only where a calendar checker is installed."""

import os

collect_ignore = [] if "MADOI_CALENDAR_CHECKER" in os.environ else ["test_calendar_conformance.py"]
