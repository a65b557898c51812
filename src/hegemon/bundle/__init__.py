"""The replication bundle: a result with everything that rebuilds its numbers, in one file."""
