"""A text column that only its author's pages can read: encrypted before it reaches the database."""

from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def encrypted(text: str) -> str:
    """Return the text as a token under the newest key."""
    return _box().encrypt(text.encode()).decode("ascii")


def decrypted(token: str) -> str:
    """Return the text of a token under any of the keys.

    Raises:
        InvalidToken: it was made under another key, or altered.
    """
    return _box().decrypt(token.encode("ascii")).decode()


def seal(text: str) -> str:
    """Return words as a token that a plain column may hold. An empty text stays empty."""
    return _box().encrypt(text.encode()).decode("ascii") if text else ""


def unseal(token: str) -> str:
    """Return the words behind a token of `seal`.

    Raises:
        cryptography.fernet.InvalidToken: it was not made under a key that is still read.
    """
    return _box().decrypt(token.encode("ascii")).decode() if token else ""


class EncryptedTextField(models.TextField):
    """Text stored as a Fernet token under `settings.ENCRYPTION_KEYS` (newest first, older ones still read).

    The database, its backups and its logs hold the token only. It cannot be searched, on purpose.
    An empty text stays empty, so that "nothing written" needs no key.
    """

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypted(text) if text else text

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return decrypted(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every search but for empty or missing: two equal texts have different tokens.

        Raises:
            LookupError: the lookup would compare ciphertext.
        """
        if lookup_name not in {"isnull"}:
            raise LookupError(f"An encrypted text cannot be searched with {lookup_name!r}.")
        return super().get_lookup(lookup_name)
