"""What people set for themselves."""

from dialogue.models import Person


def choose_language(*, person: Person, language: str) -> None:
    """Have pages, mails and calendar speak this language to a person from now on.

    Raises:
        ValueError: there is no such language here.
    """
    person.language = Person.Language(language).value
    person.save(update_fields=["language"])
