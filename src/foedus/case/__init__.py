"""Case files: reading them, the shape they must have, what they mean, what is wrong with them."""
