"""One model of the patron's answers for all orders: learned from every coded crisis, told nothing but the crisis itself."""
