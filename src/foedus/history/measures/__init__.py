"""Questions to history, by where their data come from; `registry` holds all of them."""
