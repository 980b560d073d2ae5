"""What is asked of a model, and answers that say how sure they are."""
