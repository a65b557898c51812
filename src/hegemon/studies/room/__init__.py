"""Room for manoeuvre: what a neighbour could do at a date without being punished."""
