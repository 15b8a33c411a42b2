"""Hand one mail to a server on an open line, its commands in one go where the server allows that (RFC 2920)."""

import re
import smtplib
from typing import Final

READY_FOR_THE_MAIL: Final = 354
TAKEN: Final = 250
_ACCEPTED: Final = (250, 251)
_DOT_FIRST: Final = re.compile(rb"^\.", re.MULTILINE)


def hand_over(line: smtplib.SMTP, *, sender: str, to: str, content: bytes) -> None:
    """Send one mail to one recipient. The content has the line ends of a mail.

    Raises:
        SMTPException, OSError: as `smtplib.SMTP.sendmail` does; a refusal leaves the line ready for the next mail.
    """
    line.ehlo_or_helo_if_needed()
    if not line.has_extn("pipelining"):
        line.sendmail(sender, [to], content)
        return
    size = f" SIZE={len(content)}" if line.has_extn("size") else ""
    line.send(f"MAIL FROM:<{sender}>{size}\r\nRCPT TO:<{to}>\r\nDATA\r\n")
    from_, recipient, data = line.getreply(), line.getreply(), line.getreply()
    refused = from_[0] not in _ACCEPTED or recipient[0] not in _ACCEPTED
    if refused or data[0] != READY_FOR_THE_MAIL:
        if data[0] == READY_FOR_THE_MAIL:  # it waits for a mail to nobody: RFC 2920 section 3.1 has it end at once
            line.send(b".\r\n")
            line.getreply()
        line.rset()
    if from_[0] not in _ACCEPTED:
        raise smtplib.SMTPSenderRefused(from_[0], from_[1], sender)
    if recipient[0] not in _ACCEPTED:
        raise smtplib.SMTPRecipientsRefused({to: recipient})
    if data[0] != READY_FOR_THE_MAIL:
        raise smtplib.SMTPDataError(*data)
    line.send(_DOT_FIRST.sub(b"..", content) + b".\r\n")
    answer = line.getreply()
    if answer[0] != TAKEN:
        line.rset()
        raise smtplib.SMTPDataError(*answer)
