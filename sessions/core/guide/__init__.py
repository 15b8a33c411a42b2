"""The session guide (進行表): the timed steps of one session for the people who are there.

`planned` makes it, `order` says who speaks when, `fitting` keeps the end time when somebody is late, leaves or needs
longer. Pure: seconds in, seconds out; whose clock it is and who looks on is for others to know.
"""
