"""The emitter: the engine's jaxpr as readable C, and as one WebAssembly module per shape of order."""
