"""The order where there is no Python: the engine as WebAssembly, its arguments, and the files of a page that runs it."""
