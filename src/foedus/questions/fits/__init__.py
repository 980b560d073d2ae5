"""Parameters of a mechanism learned from past cases, by one hierarchical model each."""
