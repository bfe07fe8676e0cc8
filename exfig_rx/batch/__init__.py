"""From configs to one stream of events: discovery, conflicts, pipelines, and the one way to end early."""
