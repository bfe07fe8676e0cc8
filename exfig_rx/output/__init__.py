"""From files in memory to files on disk, all of a config's or none."""
