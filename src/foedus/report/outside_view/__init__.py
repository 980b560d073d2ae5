"""Past cases as text: rates, what they teach, forecasts of requests for help, and their scores.

Change what `history`, `score` and the forecasts among them print here.
"""
