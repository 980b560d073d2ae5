"""What Foedus publishes about itself, made anew: shipped numbers, scores, figures, pages."""
