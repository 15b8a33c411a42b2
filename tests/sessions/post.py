"""A mail server in this process, with a fate that a test decides. What it took is what arrived."""

from smtplib import SMTPDataError, SMTPServerDisconnected

from django.core.mail.backends.base import BaseEmailBackend

FATES = ("takes", "refuses", "drops after taking", "kills before", "kills after")


class Killed(BaseException):
    """The process that sent is gone: nothing after it ran."""


class Post(BaseEmailBackend):
    """A mail server whose fate the machine decides. `took` holds what arrived, in order."""

    took: list = []
    fate = "takes"

    def send_messages(self, messages):
        for one in messages:
            if Post.fate == "refuses":
                raise SMTPDataError(451, b"later")
            if Post.fate == "kills before":
                raise Killed
            Post.took.append(one)
            if Post.fate == "drops after taking":
                raise SMTPServerDisconnected
            if Post.fate == "kills after":
                raise Killed
        return len(messages)
