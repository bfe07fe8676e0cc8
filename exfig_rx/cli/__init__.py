"""From arguments and environment to a run and its exit code."""
