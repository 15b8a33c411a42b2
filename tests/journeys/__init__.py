"""Each role's way through the demo, in a real browser, on the real site with its broker and its worker."""
