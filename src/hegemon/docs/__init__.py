"""The model told by its own code: what the documentation and the ODD description are written from."""
