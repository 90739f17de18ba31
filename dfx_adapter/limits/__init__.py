"""One budget for many: the limit of an API key, kept in a process, a machine, or between machines.

`registry.budget` gives the budget of a key; its `pauses` say how long to wait, and who asks does
the waiting, so that sync and async share the rest. Between processes the limiter is
pyrate-limiter's GCRA (a token bucket that is one number per key), in SQLite or in Redis.
"""
