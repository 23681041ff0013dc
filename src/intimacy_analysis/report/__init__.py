"""From evidence to one self-contained page."""
