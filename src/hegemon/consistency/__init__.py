"""Whether histories made here agree with the reference that comes with hegemon: `hegemon doctor --consistent`."""
