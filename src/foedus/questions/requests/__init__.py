"""Forecasts of requests for military help: granted, in part, or refused; how soon; and then?"""
