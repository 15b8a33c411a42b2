"""How people are reached: their choice, LINE if they linked it, addresses that fail, the pace of a domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models.people import Person


class ContactChoice(models.Model):
    """What one person chose. Without a row: mail, and every reminder."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        LINE = "line", _("LINE")

    class Reminders(models.TextChoices):
        ALL = "all", _("Three days, one day and one hour ahead")
        DAY = "day", _("One day ahead only")
        NONE = "none", _("No reminders, only invitations and changes")

    person = models.OneToOneField(Person, models.CASCADE, related_name="contact_choice")
    channel = models.CharField(_("Where reminders go"), max_length=4, choices=Channel, default=Channel.MAIL)
    reminders = models.CharField(_("Reminders"), max_length=4, choices=Reminders, default=Reminders.ALL)
    next_terms_since = models.DateTimeField(
        null=True, blank=True, help_text="when they asked to hear of later terms; empty: they did not"
    )


class LineLink(models.Model):
    """A person's account at LINE, linked by themselves. Deleted when they unlink it or block ours."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="line_link")
    account = EncryptedTextField(help_text="the user id at LINE")
    account_hash = models.CharField(max_length=64, unique=True)
    linked_at = models.DateTimeField()


class LineCode(models.Model):
    """The number that a person sends to us at LINE to link the two accounts. Good once, and for a few minutes."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="line_code")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class FailingAddress(models.Model):
    """Somebody's address that mail came back from for good. Only sign-in numbers still go there."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="failing_address")
    code = models.CharField(max_length=12, help_text="status code of RFC 3463, as 5.1.1")
    noticed_at = models.DateTimeField()


class DomainPace(models.Model):
    """How many mails a domain was given in one minute, so that carriers do not turn the rest away."""

    domain = models.CharField(max_length=253, unique=True)
    minute = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)
