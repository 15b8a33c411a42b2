"""Tie a process's life to its parent's, so that a killed parent leaves nothing behind."""

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(signal_number: signal.Signals) -> None:
    """Ask Linux to send this process the signal when its parent ends, however that happens.

    Elsewhere it does nothing: there a supervisor killed with SIGKILL leaves its processes to be ended by hand.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() == 1 and os.getpid() != 1:  # the parent ended before the request was made
            os.kill(os.getpid(), signal_number)
