"""What the lint of prompts says to whoever writes one: the rule and how to mend it, in the reader's language."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from dialogue.core.prompts.lint import LintFinding

_RULES: Final = {
    0: _("This is very like another prompt: “%(words)s”"),
    1: _("Please ask one open question, one that cannot be answered with yes or no."),
    2: _("Please begin with a scene: when or where it was, before what it meant."),
    3: _("“%(words)s” asks for advice or speaks for people in general. Please ask about one's own life."),
    4: _("“%(words)s” takes a course of life for granted. Please say it so that everybody can answer."),
    6: _("From depth 3 “%(words)s” sounds like an accusation. “What moved you” asks the same."),
    7: _("This is too long by: “%(words)s”"),
    8: _("At depth 1 nobody need rank: please say it without “%(words)s”."),
    9: _("“%(words)s” puts an answer into the follow-up."),
}
_MOMENT: Final = _("Japanese and English ask about different moments. Please bring them together.")
_THREE: Final = _("Please give three follow-ups, one on each line.")
_FIELDS: Final = {
    "student.ja": "student_ja",
    "student.en": "student_en",
    "alumni.ja": "alumni_ja",
    "alumni.en": "alumni_en",
}


def field_of(finding: LintFinding) -> str:
    """Return the form's field that a finding belongs to."""
    return _FIELDS.get(finding.field, finding.field.split(".")[0])


def words_of(finding: LintFinding) -> str:
    """Return a finding as a sentence."""
    if finding.rule == 10:
        return str(_THREE if finding.field.startswith("follow_ups") else _MOMENT)
    return str(_RULES[finding.rule]) % {"words": finding.passage.strip("、。 ")}
