"""The site: its settings, processes, addresses and errors."""

import os

# numpy's tables are small here: threads of its own would wait for one another, at several times the cost. It reads this
# when it is loaded first, so it stands where every process of the site begins.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
