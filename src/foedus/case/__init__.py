"""Case files: reading them, the shape they must have, what they mean, and what is wrong with them."""
