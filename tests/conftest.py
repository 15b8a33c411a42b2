"""What every test may use."""

from tests.people import aoi, chika, cohort, fumi, sam, takeshi, term

__all__ = ["aoi", "chika", "cohort", "fumi", "sam", "takeshi", "term"]
