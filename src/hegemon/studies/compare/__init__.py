"""Two orders with the same random numbers: what differs between them, and by more than chance?"""
