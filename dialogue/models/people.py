"""People and where they come from."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.querysets import PersonQuerySet


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """What allauth and Django's commands call to make an account."""

    def create_user(self, email: str, **fields: Any) -> "Person":
        """Make an account without a password: people sign in by a code that is mailed to them."""
        person = self.model(email=email.lower(), **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who takes part, facilitates or coordinates. The account and the person are one row.

    `email` is a plain text column: Japanese carriers issued addresses such as `a..b@` that
    Django's e-mail validator refuses.
    """

    class Language(models.TextChoices):
        JAPANESE = "ja", "日本語"
        ENGLISH = "en", "English"

    email = models.CharField(_("e-mail address"), max_length=254, unique=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_kana = models.CharField(_("family name in kana"), max_length=80, blank=True)
    given_kana = models.CharField(_("given name in kana"), max_length=80, blank=True)
    preferred_name = models.CharField(_("what to be called"), max_length=80)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    language = models.CharField(_("language of the pages"), max_length=2, choices=Language, default=Language.JAPANESE)
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    phone = EncryptedTextField(_("phone"), blank=True, help_text="seen by coordinators only")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["preferred_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower_case"),
            models.CheckConstraint(condition=~Q(preferred_name=""), name="person_has_preferred_name"),
        ]

    def __str__(self) -> str:
        return self.preferred_name

    @property
    def full_name(self) -> str:
        """Family name first, as Japanese forms write it; for coordinators only."""
        return " ".join(part for part in (self.family_name, self.given_name) if part)


class Organisation(models.Model):
    """The host of programmes (主催団体)."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """Who sends people to a host's programmes (送り出し団体)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="partners")
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="partner_named_once")]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A participant's school or employer (所属). `key` is the name with width, case and spaces evened out."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="affiliations")
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="affiliation_once")]

    def __str__(self) -> str:
        return self.name
