"""From the bytes of a config file to typed models, or to everything that is wrong with it."""
