"""How fast a term is booked and its mail goes out."""
