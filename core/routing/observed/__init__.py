"""What a hub did and what the next tasks do, against the exact distributions.

Holds tests of counts and forecasts; refuses to read where counts came from.
"""
