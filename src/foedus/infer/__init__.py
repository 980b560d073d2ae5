"""What the dated record says about parameters and explanations: particles through the evidence."""
