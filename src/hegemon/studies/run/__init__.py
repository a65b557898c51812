"""An order, simulated many times: what its neighbours are left, what breaks out, and how the patron answers."""
